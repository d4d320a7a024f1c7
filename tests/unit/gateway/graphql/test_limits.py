"""What of a request is too large."""

import pytest
from graphql import parse

from gateway.graphql.errors import QueryError, RequestError
from gateway.graphql.limits import Budget, check_document, check_text


def _nested(depth: int) -> str:
    return "{ a " * depth + "} " * depth


def _refusal(query: str) -> str:
    with pytest.raises(QueryError) as refused:
        check_document(parse(query))
    assert refused.value.extensions is not None
    assert refused.value.extensions["code"] == "QUERY_TOO_LARGE"
    assert str(refused.value.extensions["messageZh"]).startswith("查询过大：")
    return refused.value.message


def test_a_text_has_64_kib_at_most_counted_in_bytes() -> None:
    check_text("a" * 65_536)
    with pytest.raises(QueryError, match="its text has 65538 bytes of at most 65536"):
        check_text("中" * 21_846)


def test_fields_stand_12_deep_at_most() -> None:
    check_document(parse(_nested(12)))
    assert _refusal(_nested(13)) == "The query is too large: it is 13 fields deep of at most 12."


def test_fragments_count_where_they_are_spread() -> None:
    deep = "{ a { ...F } } fragment F on X { b { ...G } } fragment G on X " + _nested(11)
    assert _refusal(deep) == "The query is too large: it is 13 fields deep of at most 12."
    inline = "{ ... { ... on X { " + "a " * 501 + "} } }"
    assert _refusal(inline) == "The query is too large: it has 501 fields of at most 500."


def test_an_operation_has_500_fields_at_most_repetitions_included() -> None:
    check_document(parse("{ " + "a " * 500 + "}"))
    assert _refusal("{ " + "a " * 501 + "}") == "The query is too large: it has 501 fields of at most 500."


def test_fragments_that_double_each_other_are_counted_and_not_expanded() -> None:
    doubling = "".join(f"fragment F{n} on X {{ ...F{n + 1} ...F{n + 1} }} " for n in range(40))
    query = "{ ...F0 } fragment F40 on X { a } " + doubling
    assert _refusal(query) == f"The query is too large: it has {2**40} fields of at most 500."


@pytest.mark.parametrize(
    "query",
    [
        "{ ... " * 100 + "{ a " + "} " * 101,
        "{ ...F0 } " + "".join(f"fragment F{n} on X {{ ...F{n + 1} }} " for n in range(3000)),
    ],
)
def test_selections_nest_64_times_at_most_whatever_they_hold(query: str) -> None:
    assert _refusal(query) == "The query is too large: it nests more than 64 selections."


def test_fragments_that_spread_themselves_are_left_to_validation() -> None:
    check_document(parse("{ ...F } fragment F on X { a ...G } fragment G on X { ...F }"))


def test_introspection_may_be_deeper() -> None:
    check_document(parse("{ __schema " + _nested(20) + "}"))


def test_statements_of_one_request_share_its_budget() -> None:
    budget = Budget()
    budget.spend(4_000)
    budget.spend(1_000)
    with pytest.raises(RequestError, match="it may read 5001 rows of at most 5000"):
        budget.spend(1)
