"""A query gives the same answer compiled to one statement and resolved field by field in Strawberry."""

import asyncio
from typing import Any

import asyncpg
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.graphql.engine import Asked, Engine
from gateway.graphql.pool import read_pool
from gateway.graphql.reader import Reader
from gateway.graphql.schema import GRAPH
from gateway.graphql.scope import EVERYTHING

pytestmark = pytest.mark.servers

ENTITY_FIELDS = (
    "id version uscc name kind state divisionCode assigned bureau registeredOn legalForm capital { amount currency } "
    "businessScope address effectiveOn recordedAt"
)
LEDGER_FIELDS = (
    "id version registrationVersion uscc name kind state divisionCode assigned bureau "
    "registeredOn effectiveOn recordedAt"
)
CHOICE = "query ($x: Boolean!) { entities { totalCount @include(if: $x) __typename @skip(if: $x) } }"
SPREADS = (
    "{ entities(first: 1) { ...P } } fragment P on EntityConnection { nodes { ...E } } fragment E on Entity { id }"
)
WIDE = " ".join(f"a{number}: name b{number}: recordedAt" for number in range(120))
LONG = "a" * 200
ID = "b40c4a9e-d7d7-5e0a-bbe0-f0146ab96bd6"

# (query, variables, operation, statements that Strawberry needs)
QUERIES: list[tuple[str, dict[str, Any], str | None, int]] = [
    ("{ __typename }", {}, None, 0),
    ("{ a: __typename b: __typename }", {}, None, 0),
    (f"{{ entities {{ nodes {{ {ENTITY_FIELDS} }} }} }}", {}, None, 1),
    (f"{{ entities(first: 240) {{ nodes {{ {ENTITY_FIELDS} ledger {{ {LEDGER_FIELDS} }} }} }} }}", {}, None, 1),
    ("{ entities { totalCount } }", {}, None, 1),
    ("{ entities { pageInfo { hasNextPage } } }", {}, None, 1),
    ("{ entities { pageInfo { hasPreviousPage } } }", {}, None, 1),
    ("{ entities { pageInfo { startCursor endCursor __typename } } }", {}, None, 1),
    ("{ entities { __typename } }", {}, None, 1),
    ("{ entities { nodes { __typename } } }", {}, None, 1),
    ("{ entities { edges { __typename } } }", {}, None, 1),
    ("{ entities(first: 0) { nodes { id } edges { cursor } totalCount } }", {}, None, 1),
    ("{ entities(last: 3) { edges { cursor node { id name } } } }", {}, None, 1),
    ("{ entities(first: 3) { nodes { uscc } first: nodes { name } edges { node { id } } } }", {}, None, 1),
    ("{ entities(sort: NAME_DESC, first: 3) { nodes { name } } }", {}, None, 1),
    ("{ entities(filter: {kind: OTHER}) { nodes { kind } } }", {}, None, 1),
    ("{ entities(filter: {kind: [OTHER, UNKNOWN], state: ACTIVE}) { totalCount } }", {}, None, 1),
    ("{ entities(filter: {recorded: false}) { totalCount nodes { ledger { id } } } }", {}, None, 1),
    ("{ entities(filter: {nameContains: \"'\"}) { nodes { name } } }", {}, None, 1),
    ('{ entities(filter: {registeredOn: {from: "2000-01-01", to: "2003-01-01"}}) { totalCount } }', {}, None, 1),
    ('{ entities(filter: {division: {under: "500111"}}) { totalCount nodes { divisionCode } } }', {}, None, 1),
    (f'{{ entity(id: "{ID}") {{ {ENTITY_FIELDS} }} }}', {}, None, 1),
    (f'{{ entity(id: "{ID}") {{ ledger {{ entity {{ ledger {{ entity {{ name }} }} }} }} }} }}', {}, None, 1),
    ('{ entity(uscc: "91500111ma00000001") { id ledger { id } } }', {}, None, 1),
    ('{ entity(uscc: "none") { id } }', {}, None, 1),
    ('{ entity(uscc: "91500111MA00000000") { capital { amount } ledger { id } } }', {}, None, 1),
    ('{ a: entity(uscc: "91500111MA00000000") { id } b: entity(uscc: "91500111MA00000001") { id } }', {}, None, 2),
    ("{ entityCounts(by: [KIND]) { kind count } }", {}, None, 1),
    ("{ entityCounts(by: []) { kind state divisionCode bureau count } }", {}, None, 1),
    ("{ entityCounts(by: KIND) { __typename } }", {}, None, 1),
    ("{ entityCounts(by: [DIVISION, KIND, STATE, BUREAU]) { kind state divisionCode bureau count } }", {}, None, 1),
    ("{ entityCounts(by: [DIVISION], divisionLevel: TOWNSHIP) { divisionCode count } }", {}, None, 1),
    ("{ entityCounts(by: [DIVISION, DIVISION], divisionLevel: DISTRICT) { divisionCode count } }", {}, None, 1),
    ('{ entityCounts(by: [STATE], filter: {nameContains: "none"}) { count } }', {}, None, 1),
    ("{ entities { totalCount } entityCounts(by: [STATE]) { count } __typename }", {}, None, 2),
    (f"{{ entities(first: 2) {{ nodes {{ {WIDE} }} }} }}", {}, None, 1),
    (f"{{ {LONG}: entities(first: 2) {{ {LONG}: nodes {{ {LONG}: id {LONG}b: name }} }} }}", {}, None, 1),
    ("query ($n: Int = 3) { entities(first: $n) { nodes { id } } }", {}, None, 1),
    ("query ($n: Int = 3) { entities(first: $n) { nodes { id } } }", {"n": 5}, None, 1),
    ("query ($n: Int = 3) { entities(first: $n) { nodes { id } } }", {"n": None}, None, 1),
    (CHOICE, {"x": True}, None, 1),
    (CHOICE, {"x": False}, None, 1),
    ("query ($x: Boolean!) { entities @include(if: $x) { totalCount } }", {"x": False}, None, 0),
    ("{ entities(first: 1) { nodes { id @skip(if: true) } } }", {}, None, 1),
    (SPREADS, {}, None, 1),
    ("{ entities(first: 1) { nodes { id ... on Entity { id name } ... { uscc } } } }", {}, None, 1),
    ("{ entities(first: 1) { nodes { ledger { id } } nodes { ledger { name } name } } }", {}, None, 1),
    ("query A { entities(first: 1) { nodes { id } } } query B { entities(last: 1) { nodes { id } } }", {}, "B", 1),
    ("query ($f: EntityFilter) { entities(filter: $f) { totalCount } }",
     {"f": {"kind": ["OTHER"], "registeredOn": {"from": "2001-01-01"}}}, None, 1),
    ("query ($f: EntityFilter) { entities(filter: $f) { totalCount } }", {"f": None}, None, 1),
    ("query ($k: EntityKind!, $s: [EntityState!]) { entities(filter: {kind: [$k], state: $s}) { totalCount } }",
     {"k": "OTHER", "s": "ACTIVE"}, None, 1),
    ("query ($u: String, $i: ID) { entity(uscc: $u, id: $i) { name } }", {"u": "91500111MA00000007"}, None, 1),
    ("query ($s: EntitySort! = USCC_ASC) { entities(first: 2, sort: $s) { nodes { uscc } } }", {}, None, 1),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(QUERIES)))
async def test_a_query_is_one_statement_and_answers_as_strawberry_does(
    engine: Engine, statements: list[str], number: int
) -> None:
    query, variables, operation, by_strawberry = QUERIES[number]
    asked = Asked(query, operation, variables)
    compiled = await engine.answer(asked, EVERYTHING)
    assert len(statements) == 1
    statements.clear()
    resolved = await engine.resolved(engine.request(asked), EVERYTHING)
    assert len(statements) == by_strawberry
    assert not resolved.errors
    assert orjson.loads(compiled.body) == orjson.loads(resolved.body)
    assert _keys(orjson.loads(compiled.body)) == _keys(orjson.loads(resolved.body))


def _keys(value: object) -> object:
    """The keys of every object in their order, which equality of dicts does not look at."""
    if isinstance(value, dict):
        return [(key, _keys(one)) for key, one in value.items()]
    return [_keys(one) for one in value] if isinstance(value, list) else None


async def test_introspection_and_data_in_one_query_are_resolved_in_strawberry(ask: Any, statements: list[str]) -> None:
    data = await ask('{ entities(first: 1) { nodes { __typename } } __type(name: "Entity") { name } }')
    assert data == {"entities": {"nodes": [{"__typename": "Entity"}]}, "__type": {"name": "Entity"}}
    assert len(statements) == 1


LEAVES = st.sampled_from(["id", "name", "kind", "registeredOn", "recordedAt", "assigned", "__typename", "state"])
ALIAS = st.sampled_from(["", "", "x: ", "y_1: ", f"{LONG}: "])
DIRECTIVE = st.sampled_from(["", "", "", " @include(if: $yes)", " @skip(if: $yes)", " @include(if: $no)"])


@st.composite
def _selection(draw: st.DrawFn, depth: int, *, ledger: bool) -> str:
    """Draw a selection of an entity or a ledger; equal keys always mean equal fields, as validation asks."""
    chosen: dict[str, str] = {}
    for _ in range(draw(st.integers(1, 5))):
        alias, leaf = draw(ALIAS), draw(LEAVES)
        chosen.setdefault(alias or leaf, f"{alias}{leaf}{draw(DIRECTIVE)}")
    parts = list(chosen.values())
    if depth and draw(st.booleans()):
        relation = "entity" if ledger else "ledger"
        parts.append(f"{relation}{draw(DIRECTIVE)} {{ {draw(_selection(depth - 1, ledger=not ledger))} }}")
    if not ledger and draw(st.booleans()):
        parts.append("capital { currency amount }")
    if draw(st.booleans()):
        on = "EntityLedger" if ledger else "Entity"
        parts = [f"... on {on}{draw(DIRECTIVE)} {{ {' '.join(parts)} }}", "version"]
    return " ".join(parts)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(selection=_selection(3, ledger=False), size=st.integers(1, 20), tail=st.booleans())
def test_any_selection_answers_the_same_both_ways(
    database_url: str,
    selection: str,
    size: int,
    tail: bool,  # noqa: FBT001 - given by name, by Hypothesis
) -> None:
    query = (
        "query ($yes: Boolean!, $no: Boolean!, $n: Int!) "
        f"{{ entities({'last' if tail else 'first'}: $n, sort: USCC_ASC) {{ nodes {{ {selection} }} }} }}"
    )
    if "$yes" not in selection:
        query = query.replace("$yes: Boolean!, ", "")
    if "$no" not in selection:
        query = query.replace("$no: Boolean!, ", "")
    asked = Asked(query, None, {"yes": True, "no": False, "n": size})

    async def both() -> tuple[bytes, bytes]:
        pool: asyncpg.Pool = await read_pool(database_url, size=1)
        try:
            engine = Engine(GRAPH, Reader(pool, GRAPH.schema))
            compiled = await engine.answer(asked, EVERYTHING)
            resolved = await engine.resolved(engine.request(asked), EVERYTHING)
        finally:
            await pool.close()
        assert not compiled.errors
        assert not resolved.errors
        return compiled.body, resolved.body

    compiled, resolved = asyncio.run(both())
    assert _keys(orjson.loads(compiled)) == _keys(orjson.loads(resolved))
    assert orjson.loads(compiled) == orjson.loads(resolved)
