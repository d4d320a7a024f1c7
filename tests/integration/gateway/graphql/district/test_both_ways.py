"""A query over the new types gives the same answer compiled to one statement and resolved in Strawberry."""

import asyncio
from functools import cache

import asyncpg
import orjson
import pytest
from graphql import GraphQLObjectType, get_named_type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.graphql.divisions import DivisionRange
from gateway.graphql.engine import Asked, Engine
from gateway.graphql.pool import read_pool
from gateway.graphql.reader import Reader
from gateway.graphql.schema import GRAPH
from gateway.graphql.scope import EVERYTHING, Scope

pytestmark = pytest.mark.servers

SCOPES = (EVERYTHING, Scope(), Scope(divisions=(DivisionRange.under("500111001"),)))
LISTS = {
    "Division": "divisions",
    "BureauUnit": "bureaus",
    "Association": "associations",
    "Cadre": "cadres",
    "Entity": "entities",
    "Organisation": "organisations",
    "Member": "members",
    "Transfer": "transfers",
    "Gathering": "gatherings",
    "TrainingPlan": "trainingPlans",
    "Contact": "contacts",
    "Reorganisation": "reorganisations",
    "Floating": "floatings",
    "Development": "developments",
    "Quota": "quotas",
    "Post": "posts",
    "Honour": "honours",
    "PartyBuildingForm": "partyBuildingForms",
    "CreditCommitment": "creditCommitments",
    "HouseholdApplication": "householdApplications",
    "Market": "markets",
    "Stall": "stalls",
    "AnnualReport": "annualReports",
    "Discrepancy": "discrepancies",
    "Coverage": "coverages",
    "Scheme": "schemes",
    "Rating": "ratings",
    "Assignment": "assignments",
    "Suggestion": "suggestions",
    "Alliance": "alliances",
    "Visit": "visits",
    "Naming": "namings",
    "Questionnaire": "questionnaires",
}
ALSO = [("Organisation", "lifeOverdue")]


@cache
def _fields(name: str) -> tuple[list[str], list[tuple[str, str, bool]]]:
    """The leaves of a type, and its objects: their name, their type, and whether they are pages."""
    type_ = GRAPH.schema.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    leaves, objects = [], []
    for field, definition in type_.fields.items():
        below = get_named_type(definition.type)
        if isinstance(below, GraphQLObjectType):
            paged = below.name.endswith("Connection")
            objects.append((field, below.name.removesuffix("Connection"), paged))
        else:
            leaves.append(field)
    return leaves, objects


@st.composite
def _selection(draw: st.DrawFn, name: str, depth: int) -> str:
    leaves, objects = _fields(name)
    parts = draw(st.lists(st.sampled_from([*leaves, "__typename"]), min_size=1, max_size=4, unique=True))
    if depth and objects:
        for field, below, paged in draw(st.lists(st.sampled_from(objects), max_size=2, unique=True)):
            inner = draw(_selection(below, depth - 1))
            page = f"(first: {draw(st.integers(1, 3))}) {{ nodes {{ {inner} }} pageInfo {{ hasNextPage }} }}"
            parts.append(f"{field}{page}" if paged else f"{field} {{ {inner} }}")
    return " ".join(parts)


@st.composite
def _query(draw: st.DrawFn) -> str:
    name, field = draw(st.sampled_from([*LISTS.items(), *ALSO]))
    return f"{{ {field}(first: 3) {{ edges {{ cursor }} nodes {{ {draw(_selection(name, 3))} }} }} }}"


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(query=_query(), scope=st.sampled_from(SCOPES))
def test_any_selection_of_any_type_answers_the_same_both_ways(database_url: str, query: str, scope: Scope) -> None:
    async def both() -> tuple[bytes, bytes]:
        pool: asyncpg.Pool = await read_pool(database_url, size=1)
        try:
            engine = Engine(GRAPH, Reader(pool, GRAPH.schema))
            compiled = await engine.answer(Asked(query), scope)
            resolved = await engine.resolved(engine.request(Asked(query)), scope)
        finally:
            await pool.close()
        assert not compiled.errors
        assert not resolved.errors
        return compiled.body, resolved.body

    compiled, resolved = asyncio.run(both())
    assert orjson.loads(compiled) == orjson.loads(resolved)


QUERIES = (
    "{ coverageFigures(by: [KIND, BUREAU], divisionLevel: TOWNSHIP) { kind all { work } withMember { work } } }",
    "{ coverageFigures(by: [DIVISION]) { divisionCode withThreeFullMembers { entities } } }",
    '{ scheme(on: "2024-05-01") { parts { points } } now: scheme { __typename } }',
    '{ organisation(id: "5dccc090-9d86-5f17-8d7f-dc374c1e1698") { name membership { gap } } }',
    '{ coverage(entityId: "57e5f140-bae5-57e2-b98a-0e6df1627a21") { fullMembers } division(code: "500111") { name } }',
    "{ annualReportsMissing(year: 2023) { year dueOn source entities(first: 3) { totalCount nodes { name } } } }",
    '{ member(id: "00000000-0000-4000-8000-000000000000") { id } }',
)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("scope", SCOPES)
async def test_a_root_field_answers_the_same_both_ways(
    engine: Engine, statements: list[str], query: str, scope: Scope
) -> None:
    asked = Asked(query)
    compiled = await engine.answer(asked, scope)
    assert len(statements) == 1
    resolved = await engine.resolved(engine.request(asked), scope)
    assert not compiled.errors
    assert not resolved.errors
    assert orjson.loads(compiled.body) == orjson.loads(resolved.body)


def test_every_type_that_is_listed_is_drawn() -> None:
    fields: list[tuple[str, str]] = []
    query = GRAPH.schema.query_type
    assert query is not None
    for field, definition in query.fields.items():
        found = get_named_type(definition.type)
        if found.name.endswith("Connection"):
            fields.append((found.name.removesuffix("Connection"), field))
    assert sorted(fields) == sorted([*LISTS.items(), *ALSO])
