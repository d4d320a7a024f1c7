"""Forms, commitments, applications, markets and stalls in the graph."""

from typing import Any

import pytest

from contracts.vocabulary import CallerRole
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.scope import EVERYTHING, Scope
from tests.integration.gateway.graphql.district.makers import LONGSHUI, WANGU, code_of, id_of

pytestmark = pytest.mark.servers


def of(role: CallerRole, *divisions: str, members: bool = False) -> Scope:
    return Scope(divisions=tuple(map(DivisionRange.under, divisions)), members=members, role=role)


STATION = of(CallerRole.STATION, LONGSHUI)


def ids(*names: str) -> list[dict[str, str]]:
    return [{"id": str(id_of(one))} for one in names]


def sorted_ids(page: dict[str, Any]) -> list[str]:
    return sorted(one["id"] for one in page["nodes"])


def named(*names: str) -> list[str]:
    return sorted(str(id_of(one)) for one in names)


FORM = """query ($id: ID!) { partyBuildingForm(id: $id) {
  state occasion edition askedOn dueAt employees fullMembers probationaryMembers hasOrganisation hasSecretary
  wishesGuidance entity { name } allowedActions { action labelZh needsNote }
} }"""


async def test_an_open_form_shows_what_can_be_done_with_it(ask: Any) -> None:
    form = (await ask(FORM, id=str(id_of("F1")), scope=STATION))["partyBuildingForm"]
    assert (form["state"], form["occasion"], form["edition"]) == ("OPEN", "REGISTRATION", "2024")
    assert (form["askedOn"], form["employees"], form["fullMembers"]) == ("2024-02-28", None, None)
    assert form["dueAt"].startswith("2024-03-29T16:00:00")
    assert form["entity"] == {"name": "主体E1"}
    assert form["allowedActions"] == [{"action": "ANSWER", "labelZh": "填报", "needsNote": False}]
    township = of(CallerRole.TOWNSHIP, LONGSHUI)
    assert (await ask(FORM, id=str(id_of("F1")), scope=township))["partyBuildingForm"]["allowedActions"] == []
    elsewhere = of(CallerRole.STATION, WANGU)
    assert (await ask(FORM, id=str(id_of("F1")), scope=elsewhere))["partyBuildingForm"] is None


@pytest.mark.parametrize(
    ("form", "members", "shown"),
    [("F2", False, (None, 0)), ("F2", True, (2, 0)), ("F3", False, (3, None)), ("F3", True, (3, 1))],
)
async def test_one_or_two_members_are_shown_only_to_who_may_see_members(
    ask: Any, form: str, shown: tuple[int | None, int | None], *, members: bool
) -> None:
    scope = of(CallerRole.NON_PUBLIC_COMMITTEE, LONGSHUI, WANGU, members=members)
    found = (await ask(FORM, id=str(id_of(form)), scope=scope))["partyBuildingForm"]
    assert (found["fullMembers"], found["probationaryMembers"]) == shown
    assert found["employees"] == 20


async def test_forms_are_filtered_by_state_occasion_division_and_the_day_they_are_due(ask: Any) -> None:
    query = """{
      open: partyBuildingForms(filter: {state: [OPEN]}) { totalCount nodes { id } }
      changes: partyBuildingForms(filter: {occasion: [CHANGE]}) { nodes { id } }
      here: partyBuildingForms(filter: {division: {under: "500111001"}}) { nodes { id } }
      before: partyBuildingForms(filter: {dueBy: "2024-03-28"}) { totalCount }
      by: partyBuildingForms(filter: {dueBy: "2024-03-29"}) { nodes { id } }
      ever: partyBuildingForms(filter: {dueBy: "9999-12-31"}) { totalCount }
    }"""
    data = await ask(query)
    assert data["open"] == {"totalCount": 1, "nodes": ids("F1")}
    assert sorted_ids(data["changes"]) == named("F2", "F3")
    assert sorted_ids(data["here"]) == named("F1", "F2")
    assert (data["before"]["totalCount"], data["by"]["nodes"], data["ever"]["totalCount"]) == (0, ids("F1"), 1)


async def test_commitments_are_filtered_and_show_what_can_be_done(ask: Any) -> None:
    query = """{
      due: creditCommitments(filter: {dueBy: "2024-03-15", division: {under: "500111001"}}) {
        nodes { id kind promisedUntil state allowedActions { action needsNote } entity { name } }
      }
      broken: creditCommitments(filter: {state: [BROKEN]}) { nodes { id } }
      missing: creditCommitments(filter: {kind: [MISSING_PAPERS]}) { nodes { id } }
    }"""
    data = await ask(query, scope=of(CallerRole.BUREAU, LONGSHUI, WANGU))
    assert data["due"]["nodes"] == [
        {
            "id": str(id_of("K1")),
            "kind": "MISSING_PAPERS",
            "promisedUntil": "2024-03-15",
            "state": "SIGNED",
            "allowedActions": [
                {"action": "FULFIL", "needsNote": False},
                {"action": "BREAK", "needsNote": True},
            ],
            "entity": {"name": "主体E1"},
        }
    ]
    assert data["broken"]["nodes"] == ids("K2")
    assert sorted_ids(data["missing"]) == named("K1", "K3")


async def test_an_application_shows_what_it_became_and_what_can_be_done(ask: Any) -> None:
    query = """query ($a: ID!, $b: ID!) {
      open: householdApplication(id: $a) { state uscc entity { name } allowedActions { action } }
      done: householdApplication(id: $b) { state uscc entity { name application { id } } allowedActions { action } }
      due: householdApplications(filter: {dueBy: "2024-03-04"}) { nodes { id } }
    }"""
    variables = {"a": str(id_of("Y1")), "b": str(id_of("Y2"))}
    data = await ask(query, **variables, scope=of(CallerRole.BUREAU, LONGSHUI, WANGU))
    assert [one["action"] for one in data["open"]["allowedActions"]] == ["RETURN", "REGISTER", "REJECT", "WITHDRAW"]
    assert (data["open"]["uscc"], data["open"]["entity"]) == (None, None)
    assert data["done"] == {
        "state": "REGISTERED",
        "uscc": code_of("E8"),
        "entity": {"name": "主体E8", "application": {"id": str(id_of("Y2"))}},
        "allowedActions": [],
    }
    assert data["due"]["nodes"] == ids("Y1")
    counter = await ask(query, **variables, scope=of(CallerRole.TOWNSHIP, LONGSHUI))
    assert [one["action"] for one in counter["open"]["allowedActions"]] == ["WITHDRAW"]
    assert counter["done"] is None


async def test_an_entity_shows_what_it_was_asked_and_promised_what_it_operates_and_where_it_trades(ask: Any) -> None:
    query = """query ($one: ID!, $two: ID!) {
      one: entity(id: $one) {
        partyBuildingForms(first: 3) { nodes { id } }
        creditCommitments(first: 3, filter: {state: [SIGNED]}) { nodes { id } }
        markets(first: 3) { nodes {
          id stalls(first: 3, filter: {state: [OCCUPIED]}) { totalCount nodes { number entity { name } } }
        } }
        stalls(first: 3) { totalCount } application { id }
      }
      two: entity(id: $two) { stalls(first: 3) { nodes { number state until market { name operator { name } } } } }
    }"""
    data = await ask(query, one=str(id_of("E1")), two=str(id_of("E2")))
    one = data["one"]
    assert (one["partyBuildingForms"]["nodes"], one["creditCommitments"]["nodes"]) == (ids("F1"), ids("K1"))
    [place] = one["markets"]["nodes"]
    assert place["stalls"] == {
        "totalCount": 2,
        "nodes": [{"number": "Q3", "entity": {"name": "主体E3"}}, {"number": "Q1", "entity": {"name": "主体E2"}}],
    }
    assert (one["stalls"]["totalCount"], one["application"]) == (0, None)
    where = {"name": "市场P1", "operator": {"name": "主体E1"}}
    assert data["two"]["stalls"]["nodes"] == [
        {"number": "Q1", "state": "OCCUPIED", "until": None, "market": where},
        {"number": "Q2", "state": "VACATED", "until": "2024-02-01", "market": where},
    ]


async def test_markets_and_stalls_are_listed_and_found_within_the_caller_s_divisions(ask: Any) -> None:
    query = """query ($id: ID!, $stall: ID!) {
      markets { nodes { name state operatorUscc } } open: markets(filter: {state: [OPEN]}) { totalCount }
      named: markets(filter: {nameContains: "P2"}) { totalCount }
      market(id: $id) { name } stall(id: $stall) { number since } stalls { totalCount }
    }"""
    variables = {"id": str(id_of("P1")), "stall": str(id_of("Q1"))}
    everywhere = await ask(query, **variables, scope=EVERYTHING)
    assert everywhere["markets"]["nodes"] == [
        {"name": "市场P1", "state": "OPEN", "operatorUscc": code_of("E1")},
        {"name": "市场P2", "state": "CLOSED", "operatorUscc": code_of("E8")},
    ]
    assert (everywhere["open"]["totalCount"], everywhere["named"]["totalCount"]) == (1, 1)
    assert everywhere["stall"] == {"number": "Q1", "since": "2024-02-01"}
    assert (everywhere["market"], everywhere["stalls"]["totalCount"]) == ({"name": "市场P1"}, 3)
    wangu = await ask(query, **variables, scope=of(CallerRole.STATION, WANGU))
    assert [one["name"] for one in wangu["markets"]["nodes"]] == ["市场P2"]
    assert (wangu["market"], wangu["stall"], wangu["stalls"]["totalCount"]) == (None, None, 0)
