"""A division and everything under it, as a range of codes."""

import pytest

from gateway.graphql.divisions import DivisionRange
from gateway.graphql.errors import QueryError


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("50", "500000000000", "509999999999"),
        ("5001", "500100000000", "500199999999"),
        ("500111", "500111000000", "500111999999"),
        ("500111001", "500111001000", "500111001999"),
        ("500111001002", "500111001002", "500111001002"),
        ("500111001000", "500111001000", "500111001999"),
        ("500111000000", "500111000000", "500111999999"),
        ("500100000000", "500100000000", "500199999999"),
        ("500000000000", "500000000000", "509999999999"),
        ("500000", "500000000000", "509999999999"),
        ("500100", "500100000000", "500199999999"),
        ("500110", "500110000000", "500110999999"),
        ("500111010", "500111010000", "500111010999"),
    ],
)
def test_a_subtree_is_a_range(code: str, first: str, last: str) -> None:
    assert DivisionRange.under(code) == DivisionRange(first, last)


@pytest.mark.parametrize("code", ["", "5", "500", "50011", "5001110", "5001110010022", "50011a", "５０", "50 ", "50\n"])
def test_other_texts_are_no_division(code: str) -> None:
    with pytest.raises(QueryError, match="is no division code: give 2, 4, 6, 9 or 12 digits") as refused:
        DivisionRange.under(code)
    assert refused.value.extensions is not None
    assert "不是行政区划代码" in str(refused.value.extensions["messageZh"])


@pytest.mark.parametrize("code", ["00", "000000", "000000000000"])
def test_nothing_is_under_the_unassigned(code: str) -> None:
    with pytest.raises(QueryError, match="ask for unassigned rows by unassigned: true"):
        DivisionRange.under(code)
