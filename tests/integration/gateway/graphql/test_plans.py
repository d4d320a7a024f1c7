"""How PostgreSQL finds a page among 20,000 entities: by an index, reading no more rows than the page has."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import pytest

from cli.migrate import FOLDERS
from gateway.graphql.engine import Asked, Engine
from gateway.graphql.pool import read_pool
from gateway.graphql.reader import Reader
from gateway.graphql.schema import GRAPH
from gateway.graphql.scope import EVERYTHING, Scope
from gateway.graphql.statements import compiled, root_groups
from kit import migrations

pytestmark = pytest.mark.servers

FILL = """
    INSERT INTO model_1.entity
    SELECT md5(i::text)::uuid, 1, 'U' || lpad(i::text, 17, '0'), '第' || md5(i::text) || '店',
           CASE WHEN i % 2000 = 0 THEN 'SPECIALISED_MARKET' WHEN i % 100 = 0 THEN 'MICRO_SMALL_ENTERPRISE'
                ELSE 'INDIVIDUAL_HOUSEHOLD' END,
           'ACTIVE', '500111' || lpad((i % 27)::text, 3, '0') || lpad((i % 40)::text, 3, '0'), 'MARKET_REGULATION',
           CASE WHEN i % 50 <> 0 THEN date '1980-01-01' + i % 12000 END,
           null, i, 'CNY', repeat('零售', 20), '龙水镇', '2024-02-28', now()
    FROM generate_series(1, 20000) AS i;
    INSERT INTO model_1.entity_ledger
    SELECT entity_id, 1, 1, uscc, name, kind, state, division_code, bureau, registered_on, effective_on, recorded_at
    FROM model_1.entity;
    ANALYZE model_1.entity;
    ANALYZE model_1.entity_ledger;
"""

PAGE = """
query ($first: Int = 50, $last: Int, $after: String, $filter: EntityFilter, $sort: EntitySort!) {
  entities(first: $first, last: $last, after: $after, filter: $filter, sort: $sort) {
    edges { cursor node { id name uscc kind divisionCode ledger { version state } } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}
"""


@pytest.fixture(scope="module")
def large_database(servers: Any) -> Iterator[str]:
    name = f"test_plans_{uuid4().hex[:12]}"
    url = servers.postgres.rpartition("/")[0] + f"/{name}"

    async def fill() -> None:
        await _run(servers.postgres, f"CREATE DATABASE {name}")
        await migrations.upgrade(url, FOLDERS["gateway"])
        await _run(url, FILL)

    asyncio.run(fill())
    yield url
    asyncio.run(_run(servers.postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


class Plan:
    """What a statement did: which scans, on which index, how many rows of the list it read."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.scans: dict[str, set[str]] = {}
        self.rows_read = 0
        self._walk(root)

    def _walk(self, node: dict[str, Any]) -> None:
        relation = node.get("Relation Name")
        index = node.get("Index Name")
        if relation is not None:
            self.scans.setdefault(relation, set()).add(f"{node['Node Type']} {index or ''}".strip())
            if relation == "entity":
                removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
                self.rows_read = max(self.rows_read, node["Actual Rows"] + removed)
        elif index is not None:
            self.scans.setdefault("entity", set()).add(f"{node['Node Type']} {index}")
        for child in node.get("Plans", ()):
            self._walk(child)


async def _plan(url: str, query: str, variables: dict[str, Any], scope: Scope = EVERYTHING) -> Plan:
    pool = await read_pool(url, size=1)
    try:
        request = Engine(GRAPH, Reader(pool, GRAPH.schema)).request(Asked(query, None, variables))
        groups = root_groups(GRAPH.schema, request)
        statement = compiled(GRAPH.schema, request, groups, scope, "model_1")
        values = statement.bind(request, scope).values
        text = await pool.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.sql}", *values)
    finally:
        await pool.close()
    return Plan(orjson.loads(text)[0]["Plan"])


async def _cursor_in_the_middle(url: str, sort: str) -> str:
    pool = await read_pool(url, size=1)
    try:
        engine = Engine(GRAPH, Reader(pool, GRAPH.schema))
        cursor = None
        for _ in range(10):
            variables = {"first": 500, "sort": sort, "after": cursor}
            answer = await engine.answer(Asked(PAGE, None, variables), EVERYTHING)
            cursor = orjson.loads(answer.body)["data"]["entities"]["pageInfo"]["endCursor"]
    finally:
        await pool.close()
    assert cursor is not None
    return str(cursor)


INDEXES = {
    "REGISTERED_ON_DESC": "entity_latest",
    "REGISTERED_ON_ASC": "entity_earliest",
    "NAME_ASC": "entity_name",
    "NAME_DESC": "entity_name",
    "USCC_ASC": "entity_uscc",
    "USCC_DESC": "entity_uscc",
    "DIVISION_ASC": "entity_division_code",
    "DIVISION_DESC": "entity_division_code",
}


@pytest.mark.parametrize("sort", INDEXES)
@pytest.mark.parametrize("deep", [False, True])
async def test_a_page_is_read_from_the_index_of_its_order(
    large_database: str,
    sort: str,
    deep: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    cursor = await _cursor_in_the_middle(large_database, sort) if deep else None
    plan = await _plan(large_database, PAGE, {"sort": sort, "after": cursor})
    assert {scan.split()[-1] for scan in plan.scans["entity"]} == {INDEXES[sort]}
    assert all(scan.startswith("Index") for scan in plan.scans["entity"]), plan.scans
    assert plan.scans["entity_ledger"] == {"Index Scan entity_ledger_pkey"}
    assert plan.rows_read == 51


async def test_the_last_page_is_read_from_the_end_of_the_index(large_database: str) -> None:
    plan = await _plan(large_database, PAGE, {"sort": "NAME_ASC", "first": None, "last": 50})
    assert plan.scans["entity"] == {"Index Scan entity_name"}
    assert plan.rows_read == 51


async def test_one_entity_is_found_by_its_key(large_database: str) -> None:
    query = "query ($id: ID, $uscc: String) { entity(id: $id, uscc: $uscc) { name ledger { version } } }"
    by_id = await _plan(large_database, query, {"id": "c4ca4238-a0b9-2382-0dcc-509a6f75849b"})
    assert by_id.scans == {"entity": {"Index Scan entity_pkey"}, "entity_ledger": {"Index Scan entity_ledger_pkey"}}
    by_code = await _plan(large_database, query, {"uscc": "U00000000000000007"})
    assert by_code.scans["entity"] == {"Index Scan entity_uscc"}
    assert by_code.rows_read == 1


@pytest.mark.parametrize(
    ("given", "index", "rows"),
    [
        ({"kind": ["SPECIALISED_MARKET"]}, "entity_kind", 10),
        ({"division": {"under": "500111003003"}}, "entity_division_code", 19),
        ({"usccIn": ["U00000000000000007", "U00000000000000009"]}, "entity_uscc", 2),
    ],
)
async def test_a_filter_that_leaves_few_rows_reads_only_those(
    large_database: str, given: dict[str, Any], index: str, rows: int
) -> None:
    plan = await _plan(large_database, PAGE, {"sort": "NAME_ASC", "filter": given})
    assert {scan.split()[-1] for scan in plan.scans["entity"]} <= {index, "Scan"}, plan.scans
    assert "Seq Scan" not in plan.scans["entity"]
    assert plan.rows_read == rows
