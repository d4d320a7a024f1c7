"""What of a report is held against the ledgers, and in which days it is to be filed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.processes.reporting import REPORTING_RULES, reporting_term
from contracts.vocabulary import DiscrepancyField, OrganisationCoverage, ReportingState
from services.registration.domain.discrepancy import NOTHING, LedgerFacts, compared

_COUNTS = st.integers(0, 9)
_FACTS = st.builds(LedgerFacts, _COUNTS, _COUNTS, st.sampled_from(OrganisationCoverage))


@given(full=_COUNTS | st.none(), probationary=_COUNTS | st.none(), has=st.booleans() | st.none(), facts=_FACTS)
def test_each_field_that_is_stated_is_compared_and_differs_where_it_is_not_known_so(
    full: int | None, probationary: int | None, facts: LedgerFacts, *, has: bool | None
) -> None:
    found = compared(full_members=full, probationary_members=probationary, has_organisation=has, facts=facts)
    covered = facts.coverage in {OrganisationCoverage.OWN, OrganisationCoverage.COVERED}
    stated = {
        DiscrepancyField.FULL_MEMBERS: (full, facts.full_members),
        DiscrepancyField.PROBATIONARY_MEMBERS: (probationary, facts.probationary_members),
        DiscrepancyField.ORGANISATION: (has, covered),
    }
    assert {field: (pair.stated, pair.known) for field, pair in found.items()} == {
        field: pair for field, pair in stated.items() if pair[0] is not None
    }
    assert all(pair.differs == (pair.stated != pair.known) for pair in found.values())


def test_of_whom_the_ledgers_told_nothing_nothing_is_known() -> None:
    found = compared(full_members=0, probationary_members=1, has_organisation=True, facts=NOTHING)
    assert [field.value for field, pair in found.items() if pair.differs] == ["PROBATIONARY_MEMBERS", "ORGANISATION"]


@given(year=st.integers(2013, 9998), days=st.integers(-500, 500))
def test_a_report_is_taken_in_from_january_and_late_after_june(year: int, days: int) -> None:
    term = reporting_term(year)
    assert term is not None
    assert (term.first, term.last, term.year_end) == (
        date(year + 1, 1, 1),
        date(year + 1, 6, 30),
        date(year, 12, 31),
    )
    if year < 9997:
        day = term.last + timedelta(days=days)
        expected = (day >= term.first) + (day > term.last)
        assert term.state(day) is tuple(ReportingState)[expected]
        assert term.is_late(day) == (day > term.last)


@pytest.mark.parametrize("year", [-1, 0, 2012, 9999, 10_000, 2**31 - 1])
def test_no_rule_asks_for_a_report_on_other_years(year: int) -> None:
    assert reporting_term(year) is None


def test_every_rule_says_where_it_is_written() -> None:
    assert all(rule.source for rule in REPORTING_RULES)
    assert [rule.first_year for rule in REPORTING_RULES] == sorted({rule.first_year for rule in REPORTING_RULES})
