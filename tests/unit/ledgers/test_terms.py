"""For how long what is noted about personal data is kept."""

from datetime import date

import pytest

from contracts.processes.machine import Term
from services.ledgers.domain.terms import LOOKS_KEPT, days_kept

RULES = (Term(10, "first", date(2020, 1, 1)), Term(20, "second", date(2024, 3, 1)))


@pytest.mark.parametrize(("day", "days"), [(date(2020, 1, 1), 10), (date(2024, 2, 29), 10), (date(2024, 3, 1), 20)])
def test_the_rule_of_the_day_holds(day: date, days: int) -> None:
    assert days_kept(RULES, day) == days


def test_before_the_first_rule_there_is_none() -> None:
    with pytest.raises(LookupError):
        days_kept(RULES, date(2019, 12, 31))


@pytest.mark.parametrize("year", range(2024, 2032))
def test_audit_records_are_kept_for_three_whole_years_from_any_day(year: int) -> None:
    assert days_kept(LOOKS_KEPT, date(year, 2, 28)) >= (date(year + 3, 3, 1) - date(year, 3, 1)).days
