"""Lists in lists, on a graph of the test's own: one statement still, and what it may cost."""

from typing import Annotated, Any

import asyncpg
import orjson
import pytest
import strawberry

from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.engine import Asked, Engine
from gateway.graphql.entities.filters import ORDERS, EntityFilter, EntitySort
from gateway.graphql.pages import Connection
from gateway.graphql.reader import Reader
from gateway.graphql.schema import Graph
from gateway.graphql.scope import EVERYTHING
from gateway.graphql.sources import column

pytestmark = pytest.mark.servers


@strawberry.type
class Shop:
    name: str = column("name", "名称")
    division_code: str = column("division_code", "区划")
    neighbours: Connection[Annotated["Shop", strawberry.lazy(__name__)]] = connection(
        tables.Entity,
        row_id="entity_id",
        orders=ORDERS,
        default=EntitySort.USCC_ASC,
        filter_type=EntityFilter,
        description="Shops of the same division",
        on=lambda shop, other: other["division_code"] == shop["division_code"],
    )


@strawberry.type
class Query:
    shops: Connection[Shop] = connection(
        tables.Entity,
        row_id="entity_id",
        orders=ORDERS,
        default=EntitySort.USCC_ASC,
        filter_type=EntityFilter,
        description="Shops",
    )


@pytest.fixture
def nested(pool: asyncpg.Pool) -> Engine:
    graph = Graph(Query)
    return Engine(graph, Reader(pool, graph.schema))


QUERY = """
query ($n: Int!, $m: Int!, $c: String) {
  shops(first: $n) {
    nodes {
      name
      neighbours(first: $m, after: $c, filter: {state: ACTIVE}) {
        totalCount
        nodes { name divisionCode }
        pageInfo { hasNextPage hasPreviousPage endCursor }
      }
    }
  }
}
"""


async def test_lists_in_a_list_are_one_statement(nested: Engine, statements: list[str], rows: list[Any]) -> None:
    asked = Asked(QUERY, None, {"n": 9, "m": 3})
    answer = await nested.answer(asked, EVERYTHING)
    assert len(statements) == 1
    shops = orjson.loads(answer.body)["data"]["shops"]["nodes"]
    by_code = sorted(rows, key=lambda row: row.uscc)
    for shop, row in zip(shops, by_code[:9], strict=True):
        around = [one for one in by_code if one.division_code == row.division_code and one.state == "ACTIVE"]
        assert shop["name"] == row.name
        assert shop["neighbours"]["totalCount"] == len(around)
        assert [one["name"] for one in shop["neighbours"]["nodes"]] == [one.name for one in around[:3]]
        assert shop["neighbours"]["pageInfo"]["hasNextPage"] is (len(around) > 3)
    resolved = await nested.resolved(nested.request(asked), EVERYTHING)
    assert orjson.loads(answer.body) == orjson.loads(resolved.body)


async def test_a_cursor_of_an_inner_list_continues_it(nested: Engine, rows: list[Any]) -> None:
    first = orjson.loads((await nested.answer(Asked(QUERY, None, {"n": 1, "m": 3}), EVERYTHING)).body)
    cursor = first["data"]["shops"]["nodes"][0]["neighbours"]["pageInfo"]["endCursor"]
    second = orjson.loads((await nested.answer(Asked(QUERY, None, {"n": 1, "m": 3, "c": cursor}), EVERYTHING)).body)
    here = min(rows, key=lambda row: row.uscc).division_code
    around = sorted((row.uscc, row.name) for row in rows if row.division_code == here and row.state == "ACTIVE")
    neighbours = second["data"]["shops"]["nodes"][0]["neighbours"]
    assert [one["name"] for one in neighbours["nodes"]] == [name for _, name in around[3:6]]
    assert neighbours["pageInfo"]["hasPreviousPage"] is True


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ shops(first: 70) { nodes { neighbours(first: 71) { nodes { name } } } } }", 70 + 70 * 71),
        ("{ shops(first: 10) { nodes { neighbours { totalCount } } } }", 10 + 10 * 500),
        ("{ shops { nodes { neighbours { nodes { neighbours { nodes { name } } } } } } }", 50 + 50**2 + 50**3),
        (" ".join(["{", *(f"a{n}: shops(first: 500) {{ nodes {{ name }} }}" for n in range(11)), "}"]), 5500),
        ("{ shops(first: 500) { totalCount nodes { name } } __typename " + "".join(
            f"a{n}: shops(first: 500) {{ nodes {{ name }} }} " for n in range(9)) + "}", 5500),
    ],
)  # fmt: skip
async def test_what_may_read_more_rows_than_allowed_is_refused_altogether(
    nested: Engine, statements: list[str], query: str, cost: int
) -> None:
    answer = await nested.answer(Asked(query), EVERYTHING)
    assert statements == []
    assert not answer.has_data
    assert answer.status == 400
    assert [error.message for error in answer.errors] == [
        f"The query is too large: it may read {cost} rows of at most 5000."
    ]


async def test_introspection_beside_it_does_not_let_a_query_cost_more(nested: Engine) -> None:
    roots = "".join(f"a{n}: shops(first: 500) {{ nodes {{ name }} }} " for n in range(11))
    answer = await nested.answer(Asked(f"{{ __schema {{ __typename }} {roots} }}"), EVERYTHING)
    assert not answer.has_data
    assert answer.errors[0].extensions is not None
    assert answer.errors[0].extensions["code"] == "QUERY_TOO_LARGE"


async def test_as_much_as_allowed_is_answered(nested: Engine, statements: list[str]) -> None:
    query = "{ " + " ".join(f"a{n}: shops(first: 500) {{ nodes {{ name }} }}" for n in range(10)) + " }"
    answer = await nested.answer(Asked(query), EVERYTHING)
    assert answer.status == 200
    assert len(orjson.loads(answer.body)["data"]["a9"]["nodes"]) == 240
    assert len(statements) == 1
