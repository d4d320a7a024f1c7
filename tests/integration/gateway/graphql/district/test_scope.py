"""A narrowed scope cuts every relation to every kind of row, wherever it stands in a query."""

from typing import Any

import pytest

from contracts.vocabulary import Bureau
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.scope import Scope
from tests.integration.gateway.graphql.district.makers import DISTRICT, LONGSHUI, WANGU, id_of

pytestmark = pytest.mark.servers

IN_WANGU = Scope(divisions=(DivisionRange.under("500111002"),), members=True)
IN_LONGSHUI = Scope(divisions=(DivisionRange.under("500111001"),), members=True)
CIVIL = Scope(bureaus=frozenset({Bureau.CIVIL_AFFAIRS}), members=True)

ROOTS = [
    *("divisions", "bureaus", "associations", "cadres", "entities", "organisations", "members"),
    *("coverages", "ratings", "assignments", "suggestions", "alliances", "schemes"),
    *("visits", "namings", "questionnaires"),
]
ALL_TOTALS = "{ " + " ".join(f"{name} {{ totalCount }}" for name in ROOTS[:6]) + " }"
MORE_TOTALS = "{ " + " ".join(f"{name} {{ totalCount }}" for name in ROOTS[6:]) + " }"


async def _totals(ask: Any, scope: Scope) -> dict[str, int]:
    found = await ask(ALL_TOTALS, scope=scope) | await ask(MORE_TOTALS, scope=scope)
    return {name: page["totalCount"] for name, page in found.items()}


async def test_lists_have_what_the_scope_holds(ask: Any) -> None:
    assert await _totals(ask, IN_WANGU) == {
        "divisions": 1,
        "bureaus": 0,
        "associations": 0,
        "cadres": 1,
        "entities": 3,
        "organisations": 2,
        "members": 1,
        "coverages": 1,
        "ratings": 1,
        "assignments": 1,
        "suggestions": 1,
        "alliances": 1,
        "schemes": 3,
        "visits": 1,
        "namings": 1,
        "questionnaires": 0,
    }


async def test_divisions_and_schemes_belong_to_no_line(ask: Any) -> None:
    expected = dict.fromkeys(ROOTS, 0) | {"divisions": 4, "schemes": 3, "bureaus": 1, "cadres": 1, "entities": 1}
    expected["questionnaires"] = 2
    assert await _totals(ask, CIVIL) == expected


@pytest.mark.parametrize("scope", [Scope(divisions=(), members=True), Scope(divisions=(), bureaus=frozenset())])
async def test_a_scope_of_nothing_sees_published_schemes_alone(ask: Any, scope: Scope) -> None:
    assert await _totals(ask, scope) == dict.fromkeys(ROOTS, 0) | {"schemes": 3}


async def test_one_row_outside_the_scope_is_not_there(ask: Any) -> None:
    query = """query ($o: ID!, $m: ID!, $e: ID!, $d: String!) {
      organisation(id: $o) { id } member(id: $m) { id } coverage(entityId: $e) { id } division(code: $d) { code }
    }"""
    ids = {"o": str(id_of("O1")), "m": str(id_of("M1")), "e": str(id_of("E1")), "d": LONGSHUI}
    assert set((await ask(query, scope=IN_WANGU, **ids)).values()) == {None}
    assert None not in (await ask(query, scope=IN_LONGSHUI, **ids)).values()


async def test_relations_end_at_the_edge_of_the_scope(ask: Any) -> None:
    query = """query ($o: ID!, $e: ID!, $m: ID!) {
      organisation(id: $o) { superior { name } division { parent { name } }
        assignments(first: 5) { nodes { cadre { id } } } }
      entity(id: $e) { organisations { nodes { name } } suggestion { partner { name } }
                       division { entities { totalCount } } }
      member(id: $m) { relation { name } management { name } workplace { name } }
    }"""
    ids = {"o": str(id_of("O1")), "e": str(id_of("E3")), "m": str(id_of("M2"))}
    assert await ask(query, scope=IN_LONGSHUI, **ids) == {
        "organisation": {"superior": None, "division": {"parent": None}, "assignments": {"nodes": []}},
        "entity": {
            "organisations": {"nodes": []},
            "suggestion": {"partner": {"name": "组织O1"}},
            "division": {"entities": {"totalCount": 7}},
        },
        "member": {"relation": None, "management": {"name": "组织O1"}, "workplace": {"name": "主体E1"}},
    }


async def test_parties_and_assignments_outside_the_scope_name_nobody(ask: Any) -> None:
    alliances = await ask(
        """{ alliances(first: 5) { nodes { name parties {
             side entity { name } organisation { name } association { name } division { name } } } } }""",
        scope=IN_WANGU,
    )
    nobody = dict.fromkeys(("entity", "organisation", "association", "division"))
    assert alliances["alliances"]["nodes"] == [
        {
            "name": "联合体L2",
            "parties": [
                nobody | {"side": "MASSES"},
                nobody | {"side": "ENTERPRISE", "entity": {"name": "主体E8"}},
                nobody | {"side": "SUBDISTRICT", "division": {"name": "万古镇"}},
            ],
        }
    ]
    assignments = await ask("{ assignments { nodes { cadre { id } entity { name } } } }", scope=IN_WANGU)
    assert assignments["assignments"]["nodes"] == [{"cadre": None, "entity": {"name": "主体E8"}}]


async def test_the_entities_of_a_division_are_those_of_the_scope(ask: Any) -> None:
    query = "query ($c: String!) { division(code: $c) { entities { totalCount } divisions { nodes { code } } } }"
    both = Scope(divisions=(DivisionRange(DISTRICT, DISTRICT), DivisionRange.under("500111002")))
    found = await ask(query, c="500111", scope=both)
    assert found["division"] == {"entities": {"totalCount": 3}, "divisions": {"nodes": [{"code": WANGU}]}}
    civil = await ask(query, c="500111", scope=CIVIL)
    assert civil["division"]["entities"] == {"totalCount": 1}
