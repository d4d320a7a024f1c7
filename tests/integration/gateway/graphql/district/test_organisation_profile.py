"""What organisations are made of, in the graph: lists, filters, sizes, ages of secretaries, and what is hidden."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy import Date, literal_column, select

from gateway.graphql.organisations.sizes import needs_committee, suggested_form
from gateway.graphql.rows import Row
from gateway.graphql.scope import EVERYTHING, Scope
from tests.integration.gateway.graphql.district.makers import id_of

pytestmark = pytest.mark.servers

NOT_MEMBERS = Scope()


async def test_what_an_organisation_is_made_of_is_shown(ask: Any) -> None:
    query = """query ($id: ID!) { organisation(id: $id) {
      code industry lastElectedOn electionDueOn electionPutOffTo fullTimeWorkers funds { year amount }
      venues { kind area } demonstration standardisationPilot
    } }"""
    assert (await ask(query, id=str(id_of("O1")), scope=NOT_MEMBERS))["organisation"] == {
        "code": "500111-0417",
        "industry": "HARDWARE",
        "lastElectedOn": "2021-07-01",
        "electionDueOn": "2024-07-01",
        "electionPutOffTo": "2024-12-31",
        "fullTimeWorkers": 2,
        "funds": [{"year": 2023, "amount": "18600"}, {"year": 2024, "amount": "20000.5"}],
        "venues": [{"kind": "ACTIVITY_ROOM", "area": "86.5"}],
        "demonstration": "MUNICIPAL",
        "standardisationPilot": True,
    }
    unknown = (await ask(query, id=str(id_of("O3")), scope=NOT_MEMBERS))["organisation"]
    assert (unknown["funds"], unknown["venues"], unknown["standardisationPilot"]) == ([], [], None)


POSTS = """query ($id: ID!) { organisation(id: $id) {
  committee { post since member { maskedName } }
  secretary { age(asOf: "2024-01-31") on: age(asOf: "2024-02-01") bornIn }
} }"""


async def test_posts_and_the_age_of_the_secretary_are_for_who_may_see_members(ask: Any) -> None:
    seen = (await ask(POSTS, id=str(id_of("O1")), scope=EVERYTHING))["organisation"]
    assert [one["post"] for one in seen["committee"]] == ["SECRETARY", "COMMITTEE_MEMBER"]
    assert seen["committee"][0] == {"post": "SECRETARY", "since": "2021-07-01", "member": {"maskedName": "王*"}}
    assert seen["secretary"] == {"age": 59, "on": 60, "bornIn": "1964-02"}, "in the month of birth a year older"
    hidden = (await ask(POSTS, id=str(id_of("O1")), scope=NOT_MEMBERS))["organisation"]
    assert hidden == {"committee": [], "secretary": None}


async def test_an_age_of_today_needs_no_day_and_an_unknown_one_is_null(ask: Any) -> None:
    query = "query ($id: ID!) { member(id: $id) { age } }"
    assert (await ask(query, id=str(id_of("M1")), scope=EVERYTHING))["member"]["age"] >= 60
    assert (await ask(query, id=str(id_of("M2")), scope=EVERYTHING))["member"] == {"age": None}


@pytest.mark.parametrize(
    ("filter_", "names"),
    [
        ("industry: [HARDWARE, STRONTIUM]", ["组织O1"]),
        ("demonstration: [MUNICIPAL]", ["组织O1"]),
        ("demonstration: [DISTRICT]", []),
        ("standardisationPilot: true", ["组织O1"]),
        ("standardisationPilot: false", ["组织O2"]),
        ('electionDueBefore: "2024-12-31"', ["组织O2"]),
        ('electionDueBefore: "2025-01-01"', ["组织O2", "组织O1"]),
    ],
)
async def test_organisations_are_found_by_what_they_are_made_of(ask: Any, filter_: str, names: list[str]) -> None:
    query = f"{{ organisations(filter: {{{filter_}}}, sort: ELECTION_DUE_ASC) {{ nodes {{ name }} }} }}"
    nodes = (await ask(query, scope=NOT_MEMBERS))["organisations"]["nodes"]
    assert [one["name"] for one in nodes] == names


@pytest.mark.parametrize(
    ("related", "form", "full", "committee"),
    [
        (50, None, 6, False),
        (51, "GENERAL_BRANCH", 7, True),
        (100, "GENERAL_BRANCH", 8, True),
        (101, "COMMITTEE", 0, False),
    ],
)
async def test_size_suggests_a_form_and_a_committee(
    pool: asyncpg.Pool, *, related: int, form: str | None, full: int, committee: bool
) -> None:
    day = literal_column("'2024-02-28'::date", Date)
    row = Row({"related": literal_column(str(related)), "full_related": literal_column(str(full)), "effective_on": day})
    statement = select(suggested_form(row), needs_committee(row))
    [found] = await pool.fetch(str(statement))
    assert tuple(found) == (form, committee)


async def test_the_size_of_an_organisation_is_that_of_its_members(ask: Any) -> None:
    query = "query ($id: ID!) { organisation(id: $id) { membership { suggestedForm needsCommittee } } }"
    data = await ask(query, id=str(id_of("O3")), scope=NOT_MEMBERS)
    assert data["organisation"]["membership"] == {"suggestedForm": None, "needsCommittee": False}


COUNTS = """{ organisationCounts(by: [INDUSTRY], asOf: "2024-02-28") {
  industry count secretaries agesKnown aged55AndOver aged60AndOver
} unorganisedIndustries }"""


async def test_secretaries_are_counted_by_age_for_who_may_see_members(ask: Any) -> None:
    data = await ask(COUNTS, scope=EVERYTHING)
    rows = {one.pop("industry"): one for one in data["organisationCounts"]}
    young = {"count": 1, "secretaries": 1, "agesKnown": 1, "aged55AndOver": 0, "aged60AndOver": 0}
    assert rows["VEHICLES"] == young | {"aged55AndOver": 0}
    assert rows["HARDWARE"] == young | {"aged55AndOver": 1, "aged60AndOver": 1}
    assert rows[None]["secretaries"] == 0
    assert data["unorganisedIndustries"] == ["INTELLIGENT", "RECYCLING", "STRONTIUM", "CULTURE"]
    hidden = await ask(COUNTS, scope=NOT_MEMBERS)
    assert {(one["agesKnown"], one["aged55AndOver"], one["aged60AndOver"]) for one in hidden["organisationCounts"]} == {
        (None, None, None)
    }


async def test_the_must_found_list_goes_by_its_deadline(ask: Any) -> None:
    query = """{
      coverages(filter: {mustFoundDueBefore: "2024-07-01"}, sort: MUST_FOUND_DUE_ASC) {
        nodes { mustFoundSince mustFoundDue }
      }
      all: coverages(sort: MUST_FOUND_DUE_ASC) { nodes { mustFoundDue } }
    }"""
    data = await ask(query, scope=NOT_MEMBERS)
    assert data["coverages"]["nodes"] == [{"mustFoundSince": "2023-12-01", "mustFoundDue": "2024-05-29"}]
    assert [one["mustFoundDue"] for one in data["all"]["nodes"]][:3] == ["2024-05-29", "2024-07-08", None]
