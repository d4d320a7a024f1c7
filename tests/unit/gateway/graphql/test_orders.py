"""Sort keys read back from a cursor."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.graphql.orders import by_amount, by_day, by_known_day


@given(st.dates())
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert by_day("x", descending=True).read(day.isoformat()) == day


def test_unknown_days_are_the_first_or_the_last_there_are() -> None:
    assert by_known_day("x", descending=False).read("infinity") == date.max
    assert by_known_day("x", descending=True).read("-infinity") == date.min


@given(st.decimals(0, 1000, places=2))
def test_an_amount_is_read_exactly(amount: Decimal) -> None:
    assert by_amount("x", descending=True).read(str(amount)) == amount


@pytest.mark.parametrize("text", ["many", "1,5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        by_amount("x", descending=True).read(text)
