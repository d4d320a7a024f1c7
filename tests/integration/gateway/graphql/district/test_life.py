"""Organisational life in the graph: what is owed, who is late, by which rules; contacts for who may see members."""

from typing import Any

import pytest

from contracts.vocabulary import CallerRole
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.scope import EVERYTHING, Scope
from tests.integration.gateway.graphql.district.makers import GRID, LONGSHUI, WANGU, id_of

pytestmark = pytest.mark.servers

ON = "2024-02-28"


async def owed(ask: Any, name: str, on: str = ON, scope: Scope = EVERYTHING) -> dict[str, list[tuple[str, str]]]:
    query = "query ($id: ID!, $on: Date) { organisation(id: $id) { life(on: $on) { duty last state } } }"
    found: dict[str, list[tuple[str, str]]] = {}
    for one in (await ask(query, id=str(id_of(name)), on=on, scope=scope))["organisation"]["life"]:
        found.setdefault(one["duty"], []).append((one["last"], one["state"]))
    return found


async def late(ask: Any, arguments: str, scope: Scope = EVERYTHING) -> list[str]:
    data = await ask(f"{{ lifeOverdue({arguments}) {{ totalCount nodes {{ name }} }} }}", scope=scope)
    names = [one["name"].removeprefix("组织") for one in data["lifeOverdue"]["nodes"]]
    assert data["lifeOverdue"]["totalCount"] == len(names)
    return names


async def test_what_an_organisation_owes_follows_from_what_it_is_and_held(ask: Any) -> None:
    assert await owed(ask, "O1") == {
        "MEMBERS_MEETING": [("2023-12-31", "OVERDUE"), ("2024-03-31", "DONE")],
        "LECTURE": [("2023-12-31", "OVERDUE"), ("2024-06-30", "DUE")],
        "SECRETARY_TRAINING": [("2024-12-31", "DUE")],
        "BRANCH_ELECTION": [("2023-06-30", "OVERDUE")],
    }, "its lecture was withdrawn, and the district's edition holds"
    assert await owed(ask, "O2") == {
        "MEMBERS_MEETING": [("2023-12-31", "DONE"), ("2024-03-31", "DUE")],
        "SECRETARY_TRAINING": [("2024-12-31", "DUE")],
    }, "the edition is about branches alone"
    assert await owed(ask, "O3") == {
        "SECRETARY_TRAINING": [("2024-12-31", "DUE")],
        "BRANCH_ELECTION": [("2024-02-29", "DUE")],
    }
    assert await owed(ask, "O4") == {}, "an external one"
    assert await owed(ask, "O5") == {}, "a dissolved one"


async def test_who_is_late_is_listed_by_day_duty_and_division(ask: Any) -> None:
    assert await late(ask, f'on: "{ON}"') == ["O1"]
    assert await late(ask, 'on: "2024-04-01"') == ["O1", "O2", "O3"]
    assert await late(ask, 'on: "2024-04-01", duty: [BRANCH_ELECTION]') == ["O1", "O3"]
    assert await late(ask, 'on: "2024-04-01", duty: []') == []
    assert await late(ask, f'on: "2024-04-01", filter: {{division: {{under: "{GRID}"}}}}') == ["O2"]
    assert await late(ask, 'on: "2024-04-01", filter: {form: [GENERAL_BRANCH]}') == ["O3"]
    township = Scope(divisions=(DivisionRange.under(LONGSHUI),))
    assert await late(ask, 'on: "2024-04-01"', township) == ["O1", "O2"]


async def test_pages_of_who_is_late_go_on_where_the_last_one_ended(ask: Any) -> None:
    query = """query ($after: String) { lifeOverdue(on: "2024-04-01", first: 2, after: $after) {
      nodes { name } pageInfo { endCursor hasNextPage hasPreviousPage }
    } }"""
    first = (await ask(query))["lifeOverdue"]
    assert ([one["name"] for one in first["nodes"]], first["pageInfo"]["hasNextPage"]) == (["组织O1", "组织O2"], True)
    rest = (await ask(query, after=first["pageInfo"]["endCursor"]))["lifeOverdue"]
    assert [one["name"] for one in rest["nodes"]] == ["组织O3"]
    assert rest["pageInfo"]["hasPreviousPage"] is True


async def test_what_counts_does_not_depend_on_who_asks(ask: Any) -> None:
    of_grid = Scope(divisions=(DivisionRange.under(GRID),))
    assert await owed(ask, "O2", scope=of_grid) == await owed(ask, "O2")


async def test_rules_are_listed_with_the_defaults(ask: Any) -> None:
    rules = (await ask("{ lifeRules { duty forms period times validFrom published source } }"))["lifeRules"]
    lectures = [one for one in rules if one["duty"] == "LECTURE"]
    assert [(one["published"], one["period"], one["times"], one["validFrom"]) for one in lectures] == [
        (False, "QUARTER", 1, "2019-01-01"),
        (True, "HALF_YEAR", 2, "2023-07-01"),
    ]
    assert lectures[1]["forms"] == ["BRANCH"]
    assert len(rules) == 9


async def test_without_a_day_it_is_today(ask: Any) -> None:
    data = await ask(
        "query ($id: ID!) { organisation(id: $id) { life { duty } } lifeOverdue { totalCount } }", id=str(id_of("O3"))
    )
    assert "BRANCH_ELECTION" in {one["duty"] for one in data["organisation"]["life"]}
    assert data["lifeOverdue"]["totalCount"] == 3


CONTACTS = """query ($k: ID!, $e: ID!) { contact(id: $k) { maskedName role partyMember entity { name } }
  contacts { totalCount } entity(id: $e) { contacts { nodes { id state } } } }"""


async def test_contacts_are_found_from_their_entity_and_erased_ones_are_gone(ask: Any) -> None:
    data = await ask(CONTACTS, k=str(id_of("K1")), e=str(id_of("E1")))
    assert data["contact"] == {
        "maskedName": "欧**",
        "role": "INVESTOR",
        "partyMember": "YES",
        "entity": {"name": "主体E1"},
    }
    assert data["contacts"] == {"totalCount": 3}
    found = {one["id"]: one["state"] for one in data["entity"]["contacts"]["nodes"]}
    assert found == {str(id_of("K1")): "ACTIVE", str(id_of("K2")): "ENDED"}
    assert (await ask(CONTACTS, k=str(id_of("K4")), e=str(id_of("E8"))))["contact"] is None


@pytest.mark.parametrize(
    "scope", [Scope(), Scope(role=CallerRole.TOWNSHIP), Scope(divisions=(DivisionRange.under(WANGU),), members=True)]
)
async def test_contacts_are_hidden_from_others(ask: Any, scope: Scope) -> None:
    data = await ask(CONTACTS, k=str(id_of("K1")), e=str(id_of("E1")), scope=scope)
    assert data["contact"] is None
    assert data["contacts"]["totalCount"] == (1 if scope.members else 0)
