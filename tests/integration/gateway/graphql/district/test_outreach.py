"""Visits, namings and questionnaires in the graph, from both ends."""

from typing import Any

import pytest

from tests.integration.gateway.graphql.district.makers import id_of

pytestmark = pytest.mark.servers


async def test_a_visit_leads_to_who_visited_whom(ask: Any) -> None:
    data = await ask("""{ visits { totalCount nodes {
      purpose target visitedOn state cadre { id } entity { name } organisation { name }
    } } }""")
    to_entity = {"purpose": "SURVEY", "target": "ENTITY", "organisation": None}
    e1 = to_entity | {"state": "RECORDED", "cadre": {"id": str(id_of("C1"))}, "entity": {"name": "主体E1"}}
    assert data["visits"] == {
        "totalCount": 4,
        "nodes": [
            e1 | {"visitedOn": "2024-02-26"},
            e1 | {"visitedOn": "2024-02-21", "state": "WITHDRAWN", "entity": {"name": "主体E8"}},
            {
                "purpose": "PARTY_BUILDING",
                "target": "ORGANISATION",
                "visitedOn": "2024-02-20",
                "state": "RECORDED",
                "cadre": {"id": str(id_of("C2"))},
                "entity": None,
                "organisation": {"name": "组织O1"},
            },
            e1 | {"visitedOn": "2024-02-19"},
        ],
    }


async def test_visits_are_found_from_entity_organisation_and_cadre(ask: Any) -> None:
    query = """query ($e: ID!, $o: ID!) {
      entity(id: $e) {
        visits(first: 3) { totalCount nodes { visitedOn } } namings(first: 3) { nodes { kind namedOn document } }
      }
      organisation(id: $o) { visits(first: 3) { nodes { purpose } } }
      cadres(first: 5) { nodes { id visits(filter: {state: [RECORDED]}) { totalCount } } }
    }"""
    data = await ask(query, e=str(id_of("E1")), o=str(id_of("O1")))
    assert data["entity"] == {
        "visits": {"totalCount": 2, "nodes": [{"visitedOn": "2024-02-26"}, {"visitedOn": "2024-02-19"}]},
        "namings": {"nodes": [{"kind": "THREE_DISPLAYS", "namedOn": "2024-01-05", "document": None}]},
    }
    assert data["organisation"] == {"visits": {"nodes": [{"purpose": "PARTY_BUILDING"}]}}
    counts = {one["id"]: one["visits"]["totalCount"] for one in data["cadres"]["nodes"]}
    assert counts[str(id_of("C1"))] == 2
    assert counts[str(id_of("C2"))] == 1


async def test_an_entity_is_visited_once_however_often_and_not_by_a_visit_that_was_none(ask: Any) -> None:
    data = await ask("""{
      visited: entities(filter: {visited: true}) { totalCount nodes { name } }
      not: entities(filter: {visited: false}) { totalCount }
      all: entities { totalCount }
    }""")
    assert data["visited"] == {"totalCount": 1, "nodes": [{"name": "主体E1"}]}
    assert data["not"]["totalCount"] == data["all"]["totalCount"] - 1


async def test_filters_narrow(ask: Any) -> None:
    data = await ask("""{
      survey: visits(filter: {purpose: [SURVEY], visitedOn: {from: "2024-02-20"}}) { totalCount }
      named: namings(filter: {kind: [PERFORMANCE_EXCELLENCE]}) { nodes { entity { name } uscc } }
      year: namings(filter: {namedOn: {from: "2024-01-01", to: "2024-12-31"}}, sort: NAMED_ON_ASC) { totalCount }
      counted: questionnaires(filter: {state: [COUNTED]}) { nodes { subject handedOut returned association { name } } }
      open: questionnaires(filter: {state: [HANDED_OUT]}) { nodes { handedOut returned } }
    }""")
    assert data["survey"] == {"totalCount": 2}
    assert data["named"]["nodes"] == [{"entity": {"name": "主体E8"}, "uscc": "91500111MA00000008"}]
    assert data["year"] == {"totalCount": 1}
    assert data["counted"]["nodes"] == [
        {"subject": "问卷Q2", "handedOut": 300, "returned": 220, "association": {"name": "协会A0"}}
    ]
    assert data["open"]["nodes"] == [{"handedOut": 12_000, "returned": None}]
