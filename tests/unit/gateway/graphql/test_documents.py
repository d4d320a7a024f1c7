"""Documents: parsed and validated once, whichever operation is asked."""

from typing import Any

import pytest

from gateway.graphql.documents import Documents
from gateway.graphql.errors import RequestError
from gateway.graphql.schema import GRAPH

TWO = "query A { __typename } query B($n: Int!) { entities(first: $n) { totalCount } }"


@pytest.fixture
def documents() -> Documents:
    return Documents(GRAPH.schema)


def _code(refused: pytest.ExceptionInfo[RequestError]) -> object:
    return (refused.value.errors[0].extensions or {})["code"]


def test_a_valid_text_is_read_once(documents: Documents) -> None:
    assert documents.document(TWO) is documents.document(TWO)


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("{ entities {", "GRAPHQL_PARSE_FAILED", "Syntax Error: Expected Name, found <EOF>."),
        ("{ entitis { id } }", "GRAPHQL_VALIDATION_FAILED", "Cannot query field 'entitis' on type 'Query'."),
        ("{ " * 5000, "GRAPHQL_PARSE_FAILED", "Syntax Error"),
        ("{ a" + "(a: 1)" * 3000 + " }", "GRAPHQL_PARSE_FAILED", "Syntax Error"),
        (
            "subscription { a }",
            "GRAPHQL_VALIDATION_FAILED",
            "Cannot query field 'a' on type 'Subscription'.",
        ),
        ("#" + "x" * 70_000, "QUERY_TOO_LARGE", "The query is too large: its text has 70001 bytes"),
    ],
)
def test_what_is_no_valid_document_is_refused(documents: Documents, query: str, code: str, message: str) -> None:
    with pytest.raises(RequestError) as refused:
        documents.document(query)
    assert _code(refused) == code
    assert refused.value.errors[0].message.startswith(message)


@pytest.mark.parametrize(
    ("query", "name", "message"),
    [
        (TWO, None, "The document has several operations: say which one by operationName."),
        (TWO, "", "The document has several operations: say which one by operationName."),
        (TWO, "C", "The document has no operation 'C'."),
    ],
)
def test_it_must_be_clear_which_operation_is_meant(
    documents: Documents, query: str, name: str | None, message: str
) -> None:
    with pytest.raises(RequestError, match=message) as refused:
        documents.request(documents.document(query), name, {})
    assert _code(refused) == "OPERATION_RESOLUTION_FAILED"


@pytest.mark.parametrize("variables", [{}, {"n": None}, {"n": "3"}, {"n": 2**40}])
def test_variables_fit_their_types(documents: Documents, variables: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as refused:
        documents.request(documents.document(TWO), "B", variables)
    assert _code(refused) == "BAD_USER_INPUT"


def test_variables_are_coerced(documents: Documents) -> None:
    request = documents.request(documents.document(TWO), "B", {"n": 3, "unknown": 1})
    assert request.variables.coerced == {"n": 3}
    assert request.operation_name == "B"
