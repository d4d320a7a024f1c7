"""GraphQL over HTTP, as https://graphql.github.io/graphql-over-http/draft/ says."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urljoin

import asyncpg
import httpx
import pytest
import strawberry
from starlette.requests import Request

from gateway.graphql.divisions import DivisionRange
from gateway.graphql.http import graphql_app
from gateway.graphql.schema import Graph, Query
from gateway.graphql.scope import EVERYTHING, Scope

pytestmark = pytest.mark.servers

JSON = "application/json; charset=utf-8"
GRAPHQL = "application/graphql-response+json; charset=utf-8"
TYPENAME = {"data": {"__typename": "Query"}}


@pytest.fixture
async def client(pool: asyncpg.Pool) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(graphql_app(pool))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway", headers={"accept": "*/*"}) as client:
        yield client


async def test_a_query_is_posted(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": "{ entities { totalCount } }"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == JSON
    assert answer.json() == {"data": {"entities": {"totalCount": 240}}}


async def test_variables_operation_and_extensions_are_taken(client: httpx.AsyncClient) -> None:
    query = "query A { __typename } query B($n: Int!) { entities(first: $n, sort: USCC_ASC) { nodes { uscc } } }"
    content = {"query": query, "operationName": "B", "variables": {"n": 1}, "extensions": {"x": 1}}
    answer = await client.post("/graphql", json=content)
    assert answer.json() == {"data": {"entities": {"nodes": [{"uscc": "91500111MA00000000"}]}}}
    params = {"query": query, "operationName": "B", "variables": '{"n": 1}', "extensions": ""}
    by_get = await client.get("/graphql", params=params)
    assert by_get.status_code == 200
    assert by_get.json() == answer.json()


@pytest.mark.parametrize(
    ("accept", "status", "content_type"),
    [
        ("application/json", 200, JSON),
        ("application/graphql-response+json", 200, GRAPHQL),
        ("*/*", 200, JSON),
        ("", 200, JSON),
        ("application/*", 200, JSON),
        ("application/graphql-response+json, application/json;q=0.9", 200, GRAPHQL),
        ("application/json;q=0.2, application/graphql-response+json;q=0.1", 200, JSON),
        ("application/json;q=0, */*", 200, GRAPHQL),
        ("text/plain", 406, JSON),
        ("application/json;q=0", 406, JSON),
    ],
)
async def test_the_answer_has_the_media_type_that_is_accepted(
    client: httpx.AsyncClient, accept: str, status: int, content_type: str
) -> None:
    for method in ("POST", "GET"):
        query = "{ __typename }"
        sent: dict[str, Any] = {"json": {"query": query}} if method == "POST" else {"params": {"query": query}}
        answer = await client.request(method, "/graphql", headers={"accept": accept}, **sent)
        assert answer.status_code == status
        assert answer.headers["content-type"] == content_type
        assert (answer.json() == TYPENAME) is (status == 200)


# A request of which nothing is executed: 400 in the newer media type, 200 in the older one.
REFUSED = {
    "GRAPHQL_PARSE_FAILED": {"query": "{ entities"},
    "GRAPHQL_VALIDATION_FAILED": {"query": "{ nothing }"},
    "OPERATION_RESOLUTION_FAILED": {"query": "query A { __typename } query B { __typename }"},
    "BAD_USER_INPUT": {"query": "query ($n: Int!) { entities(first: $n) { totalCount } }", "variables": {"n": "x"}},
    "QUERY_TOO_LARGE": {"query": "{ " + "__typename " * 501 + "}"},
}


@pytest.mark.parametrize("code", REFUSED)
async def test_what_cannot_be_executed_is_refused_with_code_and_chinese(client: httpx.AsyncClient, code: str) -> None:
    for accept, status in (("application/graphql-response+json", 400), ("application/json", 200)):
        answer = await client.post("/graphql", json=REFUSED[code], headers={"accept": accept})
        assert answer.status_code == status
        assert set(answer.json()) == {"errors"}
        error = answer.json()["errors"][0]
        assert error["extensions"]["code"] == code
        assert any("\u4e00" <= character <= "\u9fff" for character in error["extensions"]["messageZh"])
        assert error["message"].isascii()


async def test_an_error_of_a_field_leaves_the_rest(client: httpx.AsyncClient) -> None:
    query = '{ entity(id: "x") { id } entities { totalCount } }'
    answer = await client.post(
        "/graphql", json={"query": query}, headers={"accept": "application/graphql-response+json"}
    )
    assert answer.status_code == 200
    assert answer.json() == {
        "data": {"entity": None, "entities": {"totalCount": 240}},
        "errors": [
            {
                "message": "'x' is no id: ids are UUIDs.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["entity"],
                "extensions": {"code": "BAD_USER_INPUT", "messageZh": "“x”不是有效的编号（应为 UUID）。"},
            }
        ],
    }


@pytest.mark.parametrize("arguments", ["", '(id: "b40c4a9e-d7d7-5e0a-bbe0-f0146ab96bd6", uscc: "x")', "(id: null)"])
async def test_one_entity_is_asked_for_by_exactly_one_key(client: httpx.AsyncClient, arguments: str) -> None:
    answer = await client.post("/graphql", json={"query": f"{{ entity{arguments} {{ id }} }}"})
    error = answer.json()["errors"][0]
    assert error["message"] == f"Give exactly one of id, uscc, not {2 if 'uscc' in arguments else 0}."
    assert error["extensions"]["messageZh"] == "id, uscc 须且只须给出其中一个。"


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"{", 400, "The body is no JSON"),
        (b"\xff", 400, "The body is no JSON"),
        (b"", 400, "The body is no JSON"),
        (b"[]", 400, "Batches are not supported"),
        (b'[{"query": "{ __typename }"}]', 400, "Batches are not supported"),
        (b'"{ __typename }"', 400, "The body is no JSON object."),
        (b"{}", 400, "There is no query"),
        (b'{"query": 7}', 400, "There is no query"),
        (b'{"query": " "}', 400, "There is no query"),
        (b'{"query": "{ __typename }", "operationName": 7}', 400, "operationName is no string."),
        (b'{"query": "{ __typename }", "variables": [1]}', 400, "variables is no JSON object."),
        (b'{"query": "{ __typename }", "extensions": "x"}', 400, "extensions is no JSON object."),
        (b'{"query": "' + b" " * 300_000 + b'"}', 413, "The body has more than 262144 bytes."),
    ],
)
async def test_a_body_that_is_no_request_is_refused(
    client: httpx.AsyncClient, body: bytes, status: int, message: str
) -> None:
    for accept in ("application/graphql-response+json", "application/json"):
        headers = {"content-type": "application/json", "accept": accept}
        answer = await client.post("/graphql", content=body, headers=headers)
        assert answer.status_code == status
        assert answer.json()["errors"][0]["message"].startswith(message)
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/graphql", "application/x-www-form-urlencoded", None]
)
async def test_a_body_of_another_type_is_not_read(client: httpx.AsyncClient, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = await client.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)
    assert answer.status_code == 415


async def test_a_get_whose_variables_are_no_json_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graphql", params={"query": "{ __typename }", "variables": "{"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].startswith("variables is no JSON")


async def test_other_methods_are_not_allowed(client: httpx.AsyncClient) -> None:
    answer = await client.put("/graphql", json={"query": "{ __typename }"})
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


async def test_a_browser_finds_graphiql_and_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*"):
        answer = await client.get("/graphql", headers={"accept": accept})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "script-src 'self'" in answer.headers["content-security-policy"].split("; ")
        sources = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
        assert sources
        for source in sources:
            place = urljoin("http://gateway/graphql", source)
            assert place.startswith("http://gateway/graphql/"), "nothing from elsewhere"
            assert (await client.get(place)).status_code == 200, source


async def test_the_example_of_the_page_works(client: httpx.AsyncClient) -> None:
    page = (await client.get("/graphql/usage", headers={"accept": "text/html"})).text
    body = page.partition("-d '")[2].partition("'</code>")[0]
    answer = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert len(answer.json()["data"]["entities"]["nodes"]) == 3


async def test_a_client_that_wants_json_gets_no_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graphql", headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].startswith("There is no query")


async def test_the_standard_introspection_query_is_answered(client: httpx.AsyncClient) -> None:
    from graphql import build_client_schema, get_introspection_query, print_type  # noqa: PLC0415 - used here alone

    answer = await client.post("/graphql", json={"query": get_introspection_query(input_value_deprecation=True)})
    schema = build_client_schema(answer.json()["data"])
    entity = schema.type_map["Entity"]
    assert "统一社会信用代码" in print_type(entity)


async def test_the_scope_is_that_of_the_caller(pool: asyncpg.Pool) -> None:
    township = Scope(divisions=(DivisionRange.under("500111001"),))

    async def scope_of(request: Request) -> Scope:
        return township if "x-township" in request.headers else EVERYTHING

    app = graphql_app(pool, scope_of=scope_of)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        for headers, count in (({}, 240), ({"x-township": "1"}, 70)):
            answer = await client.post("/graphql", json={"query": "{ entities { totalCount } }"}, headers=headers)
            assert answer.json() == {"data": {"entities": {"totalCount": count}}}


async def test_a_text_with_half_a_character_is_refused(client: httpx.AsyncClient) -> None:
    query = '"query ($t: String) { entities(filter: {nameContains: $t}) { totalCount } }"'
    body = f'{{"query": {query}, "variables": {{"t": "\\ud800"}}}}'
    answer = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].startswith("The body is no JSON")


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def greet(self, name: str) -> str:
        """Stand for a command, which is resolved in Strawberry."""
        return f"{name}，你好"

    @strawberry.mutation
    async def fail(self) -> str | None:
        """Fail as a bug does."""
        raise RuntimeError("the secret")


async def test_mutations_are_resolved_in_strawberry_and_go_by_post_only(pool: asyncpg.Pool) -> None:
    app = graphql_app(pool, graph=Graph(Query, Mutation))
    content = {"query": 'mutation { greet(name: "棠香") }'}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        posted = await client.post("/graphql", json=content)
        assert posted.json() == {"data": {"greet": "棠香，你好"}}
        for accept in ("application/json", "application/graphql-response+json"):
            refused = await client.get("/graphql", params=content, headers={"accept": accept})
            assert refused.status_code == 405
            assert refused.headers["allow"] == "POST"
            assert refused.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"
        failed = await client.post("/graphql", json={"query": 'mutation { greet(name: "棠香") fail }'})
        assert failed.status_code == 200
        assert failed.json()["data"] == {"greet": "棠香，你好", "fail": None}
        assert failed.json()["errors"][0]["path"] == ["fail"]
        assert "secret" not in failed.text
