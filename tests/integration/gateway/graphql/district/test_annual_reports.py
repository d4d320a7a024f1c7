"""Annual reports, discrepancies and who has not filed, in the graph."""

from typing import Any

import pytest

from contracts.vocabulary import CallerRole
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.engine import Asked, Engine
from gateway.graphql.scope import EVERYTHING, Scope
from tests.integration.gateway.graphql.district.makers import LONGSHUI, WANGU, id_of

pytestmark = pytest.mark.servers


def of(role: CallerRole, *divisions: str, members: bool = False) -> Scope:
    return Scope(divisions=tuple(map(DivisionRange.under, divisions)), members=members, role=role)


def named(*names: str) -> list[str]:
    return sorted(str(id_of(one)) for one in names)


def sorted_ids(page: dict[str, Any]) -> list[str]:
    return sorted(one["id"] for one in page["nodes"])


async def test_a_report_shows_what_it_states_and_what_differs(ask: Any) -> None:
    query = """query ($id: ID!) { annualReport(id: $id) {
      year state filedOn dueOn late edition employees fullMembers hasOrganisation wishesGuidance entity { name }
      discrepancies(first: 5) { totalCount nodes { id field state report { year } } }
    } }"""
    found = (await ask(query, id=str(id_of("W1")), scope=of(CallerRole.STATION, LONGSHUI)))["annualReport"]
    page = found.pop("discrepancies")
    assert found == {
        "year": 2023,
        "state": "FILED",
        "filedOn": "2024-02-20",
        "dueOn": "2024-06-30",
        "late": False,
        "edition": "2024",
        "employees": 20,
        "fullMembers": 5,
        "hasOrganisation": False,
        "wishesGuidance": True,
        "entity": {"name": "主体E1"},
    }
    assert (page["totalCount"], sorted_ids(page)) == (2, named("Z1", "Z2"))
    assert [one["report"]["year"] for one in page["nodes"]] == [2023, 2023]
    assert (await ask(query, id=str(id_of("W1")), scope=of(CallerRole.STATION, WANGU)))["annualReport"] is None


async def test_reports_are_filtered_by_year_late_division_and_ordered_by_day(ask: Any) -> None:
    query = """{
      year: annualReports(filter: {year: 2023}, sort: FILED_ON_ASC) { nodes { id } }
      late: annualReports(filter: {late: true}) { nodes { id } }
      intime: annualReports(filter: {late: false, year: 2023}) { nodes { id } }
      here: annualReports(filter: {division: {under: "500111001"}}) { totalCount }
      days: annualReports(filter: {filedOn: {from: "2024-02-01", to: "2024-02-20"}}) { nodes { id } }
      corrected: annualReports(filter: {state: [CORRECTED]}) { totalCount }
    }"""
    data = await ask(query)
    assert [one["id"] for one in data["year"]["nodes"]] == [str(id_of(one)) for one in ("W1", "W3", "W2")]
    assert sorted_ids(data["late"]) == named("W2", "W4")
    assert sorted_ids(data["intime"]) == named("W1", "W3")
    assert sorted_ids(data["days"]) == named("W1")
    assert (data["here"]["totalCount"], data["corrected"]["totalCount"]) == (3, 0)


@pytest.mark.parametrize(("members", "shown"), [(False, (None, 3, None)), (True, (1, 3, 1))])
async def test_one_or_two_members_are_shown_only_to_who_may_see_members(
    ask: Any, shown: tuple[int | None, ...], *, members: bool
) -> None:
    query = """query ($z: ID!, $w: ID!) {
      discrepancy(id: $z) { statedCount knownCount } annualReport(id: $w) { fullMembers probationaryMembers employees }
    }"""
    scope = of(CallerRole.NON_PUBLIC_COMMITTEE, LONGSHUI, members=members)
    data = await ask(query, z=str(id_of("Z3")), w=str(id_of("W2")), scope=scope)
    found, report = data["discrepancy"], data["annualReport"]
    assert (found["statedCount"], found["knownCount"], report["fullMembers"]) == shown
    assert (report["probationaryMembers"], report["employees"]) == (0, 20)


async def test_discrepancies_are_filtered_and_show_what_can_be_done(ask: Any) -> None:
    query = """{
      open: discrepancies(filter: {state: [OPEN], dueBy: "2024-03-29"}) { nodes { id } }
      before: discrepancies(filter: {dueBy: "2024-03-28"}) { totalCount }
      year: discrepancies(filter: {year: 2022}) { totalCount }
      field: discrepancies(filter: {field: [ORGANISATION], division: {under: "500111001"}}) { nodes {
        id statedOrganisation knownOrganisation statedCount allowedActions { action labelZh needsNote } entity { name }
      } }
      closed: discrepancies(filter: {state: [CLOSED]}) { nodes { id allowedActions { action } } }
    }"""
    data = await ask(query, scope=of(CallerRole.ORGANISATION_DEPARTMENT, LONGSHUI, WANGU, members=True))
    assert sorted_ids(data["open"]) == named("Z1", "Z3")
    assert (data["before"]["totalCount"], data["year"]["totalCount"]) == (0, 0)
    assert data["field"]["nodes"] == [
        {
            "id": str(id_of("Z2")),
            "statedOrganisation": False,
            "knownOrganisation": True,
            "statedCount": None,
            "allowedActions": [
                {"action": "CLOSE", "labelZh": "办结", "needsNote": False},
                {"action": "REOPEN", "labelZh": "重新核实", "needsNote": True},
            ],
            "entity": {"name": "主体E1"},
        }
    ]
    assert data["closed"]["nodes"] == [{"id": str(id_of("Z4")), "allowedActions": [{"action": "REOPEN"}]}]


async def test_an_entity_shows_its_reports_and_discrepancies(ask: Any) -> None:
    query = """query ($id: ID!) { entity(id: $id) {
      annualReports(first: 5) { nodes { id year } } discrepancies(first: 5, filter: {state: [OPEN]}) { nodes { id } }
    } }"""
    found = (await ask(query, id=str(id_of("E1"))))["entity"]
    assert [one["year"] for one in found["annualReports"]["nodes"]] == [2023, 2022]
    assert sorted_ids(found["discrepancies"]) == named("Z1")


MISSING = """query ($year: Int!, $division: String) { annualReportsMissing(year: $year) {
  year state opensOn dueOn source
  entities(first: 20, filter: {division: {under: $division}}) { totalCount nodes { id } }
} }"""


async def test_who_has_not_filed_was_there_at_the_end_of_the_year_and_has_no_report(ask: Any) -> None:
    """E6 was deregistered after the end of 2023, so it was to file for that year, and for no later one."""
    found = (await ask(MISSING, year=2023, division="500111"))["annualReportsMissing"]
    assert (found["state"], found["opensOn"], found["dueOn"]) == ("OVERDUE", "2024-01-01", "2024-06-30")
    assert "第654号" in found["source"]
    assert sorted_ids(found["entities"]) == named("E3", "E4", "E5", "E6", "E7", "E9", "E10")
    assert found["entities"]["totalCount"] == 7
    wangu = of(CallerRole.STATION, WANGU)
    here = (await ask(MISSING, year=2023, division="500111", scope=wangu))["annualReportsMissing"]["entities"]
    assert sorted_ids(here) == named("E9", "E10")
    later = (await ask(MISSING, year=2024, division="500111"))["annualReportsMissing"]["entities"]
    assert str(id_of("E6")) not in sorted_ids(later)
    assert str(id_of("E1")) in sorted_ids(later)


async def test_nothing_is_missing_before_the_year_is_over_and_no_rule_is_older_than_2013(
    ask: Any, engine: Engine
) -> None:
    found = (await ask(MISSING, year=2500, division="500111"))["annualReportsMissing"]
    assert (found["state"], found["dueOn"], found["entities"]["totalCount"]) == ("NOT_BEGUN", "2501-06-30", 0)
    answer = await engine.answer(Asked("{ annualReportsMissing(year: 2012) { dueOn } }"), EVERYTHING)
    assert answer.errors
    assert "2012年度不要求报送年报" in answer.body.decode()
