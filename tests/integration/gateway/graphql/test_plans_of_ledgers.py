"""How PostgreSQL finds organisations, members, coverage and what belongs to them: by the index that is meant."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import pytest

from cli.migrate import FOLDERS
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.engine import Asked, Engine
from gateway.graphql.pool import read_pool
from gateway.graphql.reader import Reader
from gateway.graphql.schema import GRAPH
from gateway.graphql.scope import EVERYTHING, Scope
from gateway.graphql.statements import compiled, root_groups
from kit import migrations
from tests.conftest import RunningServers

pytestmark = pytest.mark.servers

# 5,000 organisations of 2 entities each, 10,000 entities, members, coverages, assignments; 2,000 suggestions
FILL = """
    INSERT INTO model_1.division
    SELECT '500111' || lpad(i::text, 3, '0') || '000', 1, '镇' || i, 'TOWNSHIP', '500111000000', 'ACTIVE',
           '2024-02-28', now()
    FROM generate_series(0, 400) AS i;
    INSERT INTO model_1.entity
    SELECT md5(i::text)::uuid, 1, 'U' || lpad(i::text, 17, '0'), '第' || md5(i::text) || '店',
           'INDIVIDUAL_HOUSEHOLD', 'ACTIVE', '500111' || lpad((i % 400)::text, 3, '0') || '000', 'MARKET_REGULATION',
           date '1980-01-01' + i, null, i, 'CNY', '零售', '龙水镇', '2024-02-28', now()
    FROM generate_series(1, 10000) AS i;
    INSERT INTO model_1.organisation (
        organisation_id, version, name, form, external, mode, superior_id, association_id, division_code, bureau, state,
        founded_on, effective_on, recorded_at)
    SELECT md5('o' || i)::uuid, 1, '支部' || md5(i::text), 'BRANCH', false, 'SINGLE', md5('o' || i / 10)::uuid,
           md5('a' || i % 500)::uuid, '500111' || lpad((i % 400)::text, 3, '0') || '000', 'MARKET_REGULATION', 'ACTIVE',
           '2020-01-01', '2024-02-28', now()
    FROM generate_series(1, 5000) AS i;
    INSERT INTO model_1.organisation_entity
    SELECT md5('o' || (i + 1) / 2)::uuid, md5(i::text)::uuid FROM generate_series(1, 10000) AS i;
    INSERT INTO model_1.membership
    SELECT organisation_id, 1, 5, 5, 5, 5, 5, division_code, bureau, effective_on, recorded_at
    FROM model_1.organisation;
    INSERT INTO model_1.member (
        member_id, version, masked_name, standing, state, workplace_entity_id, workplace_since,
        relation_organisation_id, relation_since, management_organisation_id, management_since, division_code, bureau,
        effective_on, recorded_at)
    SELECT md5('m' || i)::uuid, 1, '王*', 'FULL', 'ACTIVE', md5(i::text)::uuid, '2020-01-01', md5('o' || i / 2)::uuid,
           '2020-01-01', md5('o' || i / 3)::uuid, '2020-01-01', '500111' || lpad((i % 400)::text, 3, '0') || '000',
           'MARKET_REGULATION', '2024-02-28', now()
    FROM generate_series(1, 10000) AS i;
    INSERT INTO model_1.coverage (
        entity_id, version, uscc, kind, state, full_members, probationary_members, organisation_coverage,
        organisation_ids, work_coverage, periods, duty, must_found_since, division_code, bureau, effective_on,
        recorded_at)
    SELECT entity_id, 1, uscc, kind, state, 3, 0, 'NONE', '[]', false, '[]',
           CASE WHEN registered_on < '1981-01-01' THEN 'MUST_FOUND' ELSE 'MET' END,
           CASE WHEN registered_on < '1981-01-01' THEN registered_on END, division_code, bureau, effective_on,
           recorded_at
    FROM model_1.entity;
    INSERT INTO model_1.rating
    SELECT md5('r' || i)::uuid, 1, md5('o' || i)::uuid, md5('s')::uuid, 1, i % 100, 'A', '[]', 'CURRENT',
           '500111' || lpad((i % 400)::text, 3, '0') || '000', 'MARKET_REGULATION', '2024-02-28', now()
    FROM generate_series(1, 5000) AS i;
    INSERT INTO model_1.assignment
    SELECT md5('t' || i)::uuid, 1, md5('c' || i % 165)::uuid, 'CONTACT_CADRE', 'ENTITY', md5(i::text)::uuid, null,
           'ACTIVE', date '2023-01-01' + i % 400, null, '500111' || lpad((i % 400)::text, 3, '0') || '000',
           'MARKET_REGULATION', '2024-02-28', now()
    FROM generate_series(1, 10000) AS i;
    INSERT INTO model_1.suggestion
    SELECT md5('g' || i)::uuid, 1, md5(i::text)::uuid, 'U', md5('o' || i)::uuid, '[]', 'OPEN',
           '500111' || lpad((i % 400)::text, 3, '0') || '000', 'MARKET_REGULATION', date '2023-01-01' + i % 400, now()
    FROM generate_series(1, 2000) AS i;
    ANALYZE;
"""

ENTITY_PAGE = """{ entities(first: 20, sort: NAME_ASC) { nodes {
  coverage { duty } organisations(first: 2) { nodes { name } } members(first: 3) { nodes { standing } }
  assignments(first: 3) { nodes { role } } suggestion { state }
} } }"""
ORGANISATION_PAGE = """{ organisations(first: 10) { nodes {
  superior { name } membership { related } rating { band } entities(first: 2) { nodes { name } }
  members(first: 3) { nodes { standing } } assignments(first: 3) { nodes { role } }
  suggestions(first: 3) { nodes { state } }
} } }"""


@pytest.fixture(scope="module")
def large_district(servers: RunningServers) -> Iterator[str]:
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


async def _plan(url: str, query: str, scope: Scope = EVERYTHING, **variables: Any) -> tuple[set[str], int]:
    """Return how the rows were found, and the most rows that one scan read at once."""
    pool = await read_pool(url, size=1)
    try:
        request = Engine(GRAPH, Reader(pool, GRAPH.schema)).request(Asked(query, None, variables))
        statement = compiled(GRAPH.schema, request, root_groups(GRAPH.schema, request), scope, "model_1")
        values = statement.bind(request, scope).values
        text = await pool.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.sql}", *values)
    finally:
        await pool.close()
    scans: set[str] = set()
    rows = 0
    nodes = [orjson.loads(text)[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", ())
        if "Index Name" in node:
            scans.add(node["Index Name"])
        elif node["Node Type"] == "Seq Scan":
            scans.add(f"all of {node['Relation Name']}")
        if "Relation Name" in node:
            removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
            rows = max(rows, int(node["Actual Rows"] + removed))
    return scans, rows


async def test_what_belongs_to_the_entities_of_a_page_is_found_by_index(large_district: str) -> None:
    assert await _plan(large_district, ENTITY_PAGE) == (
        {
            "entity_name",
            "coverage_pkey",
            "organisation_pkey",
            "organisation_entity_entity_id",
            "member_workplace_entity_id",
            "assignment_target_id",
            "suggestion_entity_id",
        },
        21,
    )


async def test_what_belongs_to_the_organisations_of_a_page_is_found_by_index(large_district: str) -> None:
    assert await _plan(large_district, ORGANISATION_PAGE) == (
        {
            "organisation_name",
            "organisation_pkey",
            "membership_pkey",
            "rating_organisation_id",
            "organisation_entity_pkey",
            "entity_pkey",
            "member_relation_organisation_id",
            "member_management_organisation_id",
            "assignment_target_id",
            "suggestion_partner_organisation_id",
        },
        11,
    )


@pytest.mark.parametrize(
    ("query", "index", "rows"),
    [
        ("{ coverages(first: 20, filter: {duty: MUST_FOUND}) { nodes { id } } }", "coverage_longest_due", 21),
        ("{ coverages(first: 20, sort: DIVISION_DESC) { nodes { id } } }", "coverage_division_code", 21),
        ('{ coverages(filter: {division: {under: "500111007"}}) { nodes { id } } }', "coverage_division_code", 25),
        ("{ organisations(first: 20, sort: NAME_DESC) { nodes { id } } }", "organisation_name", 21),
        (
            '{ organisations(filter: {division: {under: "500111007"}}) { nodes { id } } }',
            "organisation_division_code",
            13,
        ),
        ("{ members(first: 20) { nodes { id } } }", "member_division_code", 21),
        ("{ ratings(first: 20) { nodes { id } } }", "rating_points", 21),
        ('{ ratings(filter: {division: {under: "500111007"}}) { nodes { id } } }', "rating_division_code", 13),
        ("{ assignments(first: 20) { nodes { id } } }", "assignment_starts_on", 21),
        ('{ assignments(filter: {division: {under: "500111007"}}) { nodes { id } } }', "assignment_division_code", 25),
        ("{ suggestions(first: 20) { nodes { id } } }", "suggestion_effective_on", 21),
        ('{ division(code: "500111007") { entities(first: 5) { nodes { id } } } }', "entity_division_code", 25),
        ('{ coverage(entityId: "c4ca4238-a0b9-2382-0dcc-509a6f75849b") { duty } }', "coverage_pkey", 1),
    ],
)
async def test_a_list_reads_little_more_than_its_page(large_district: str, query: str, index: str, rows: int) -> None:
    scans, read = await _plan(large_district, query)
    assert scans - {"division_pkey"} == {index}
    assert read == rows


async def test_a_scoped_caller_reads_their_own_rows(large_district: str) -> None:
    scope = Scope(divisions=(DivisionRange.under("500111007"),))
    for query, index, rows in (
        ("{ coverages { nodes { id } } }", "coverage_division_code", 25),
        ("{ organisations { nodes { id } } }", "organisation_division_code", 13),
        ("{ suggestions { nodes { id } } }", "suggestion_division_code", 5),
    ):
        assert await _plan(large_district, query, scope) == ({index}, rows)


async def test_what_a_caller_may_not_see_is_not_even_read(large_district: str) -> None:
    assert await _plan(large_district, "{ members { totalCount nodes { id } } }", Scope()) == (set(), 0)
