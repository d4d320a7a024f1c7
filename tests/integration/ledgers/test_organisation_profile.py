"""What an organisation is made of: which facts fit together, who may state them, and what stays when others change."""

from typing import Any
from uuid import UUID

import pytest

from contracts.events.ledgers.organisations import OrganisationChanged, RecordedOrganisation
from kit.outbox import Told
from services.ledgers.handlers.republish import sources
from tests.integration.ledgers.desk import DISTRICT, TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

FACTS: dict[str, Any] = {
    "industry": "HARDWARE",
    "lastElectedOn": "2021-02-28",
    "electionPutOffTo": "2024-06-30",
    "fullTimeWorkers": 2,
    "funds": [{"year": 2024, "amount": "20000.50"}, {"year": 2023, "amount": "18600"}],
    "venues": [{"kind": "ACTIVITY_ROOM", "area": "86.5"}],
    "demonstration": "DISTRICT",
    "standardisationPilot": True,
}


async def founded(desk: Desk, **changed: object) -> UUID:
    body = {"name": "五金支部", "form": "BRANCH", "mode": "CATCH_ALL", "divisionCode": TOWNSHIP}
    return await desk.made("/organisations", body | changed)


async def state(desk: Desk, organisation: UUID, version: int, **options: Any) -> Any:
    facts = options.pop("facts", FACTS)
    return await desk.send(
        "PUT", f"/organisations/{organisation}/profile", facts | {"expectedVersion": version}, **options
    )


def post(member: UUID, post: str, since: str = "2021-02-28") -> dict[str, str]:
    return {"memberId": str(member), "post": post, "since": since}


async def test_what_an_organisation_is_made_of_is_told_and_stays_when_its_facts_change(desk: Desk) -> None:
    organisation = await founded(desk)
    officer = await desk.knows_member(managementOrganisationId=str(organisation))
    secretary = await desk.knows_member(relationOrganisationId=str(organisation))
    committee = [post(officer, "COMMITTEE_MEMBER"), post(secretary, "SECRETARY")]
    answer = await state(desk, organisation, 1, facts=FACTS | {"committee": committee})
    assert answer.json()["aggregates"][0]["version"] == 2, answer.text
    again = await state(desk, organisation, 2, facts=FACTS | {"committee": committee})
    assert again.json()["aggregates"] == []

    read = (await desk.send("GET", f"/organisations/{organisation}")).json()
    assert [one["post"] for one in read["committee"]] == ["SECRETARY", "COMMITTEE_MEMBER"]
    assert (read["electionDueOn"], read["electionPutOffTo"]) == ("2024-02-28", "2024-06-30")
    assert [one["year"] for one in read["funds"]] == [2023, 2024]
    changed = {"name": "五金党委", "form": "COMMITTEE", "mode": "CATCH_ALL", "divisionCode": TOWNSHIP}
    await desk.send("PUT", f"/organisations/{organisation}", changed | {"expectedVersion": 2})

    [first, second] = await desk.told(OrganisationChanged)
    assert first.committee[0].member_id == secretary
    assert str(first.funds[1].amount) == "20000.50"
    kept = {"committee", "industry", "venues", "funds", "full_time_workers", "demonstration", "standardisation_pilot"}
    assert first.model_dump(include=kept) == second.model_dump(include=kept)
    assert str(second.election_due_on) == "2026-02-28", "a committee is elected for five years"
    assert second.election_put_off_to is None, "it was put off by the term of a branch"


async def test_who_may_not_see_members_neither_states_nor_reads_a_committee(desk: Desk) -> None:
    organisation = await founded(desk)
    member = await desk.knows_member(relationOrganisationId=str(organisation))
    await state(desk, organisation, 1, facts=FACTS | {"committee": [post(member, "SECRETARY")]})
    refused = await state(
        desk, organisation, 2, facts={"committee": [post(member, "SECRETARY")]}, role="TOWNSHIP", division=TOWNSHIP
    )
    assert problem(refused) == (403, "forbidden")
    stated = await state(desk, organisation, 2, facts={"industry": "OTHER"}, role="TOWNSHIP", division=TOWNSHIP)
    assert stated.json()["aggregates"][0]["version"] == 3
    township = await desk.send("GET", f"/organisations/{organisation}", role="TOWNSHIP", division=TOWNSHIP)
    assert township.json()["committee"] is None
    department = (await desk.send("GET", f"/organisations/{organisation}")).json()
    assert [one["memberId"] for one in department["committee"]] == [str(member)], "it stayed as it was"
    assert (department["industry"], department["fullTimeWorkers"]) == ("OTHER", None)


@pytest.mark.parametrize(
    ("facts", "places"),
    [
        ({"electionPutOffTo": "2024-06-30"}, ["/electionPutOffTo"]),
        ({"lastElectedOn": "2024-02-29"}, ["/lastElectedOn"]),
        ({"lastElectedOn": "2021-02-28", "electionPutOffTo": "2024-02-28"}, ["/electionPutOffTo"]),
        ({"lastElectedOn": "2021-02-28", "electionPutOffTo": "2025-03-01"}, ["/electionPutOffTo"]),
        ({"funds": [{"year": 2024, "amount": "1"}, {"year": 2024, "amount": "2"}]}, ["/funds"]),
        ({"committee": [post(UUID(int=1), "SECRETARY")]}, ["/committee/0/memberId"]),
        ({"funds": [{"year": 2024, "amount": "-1"}]}, ["/funds/0/amount"]),
        ({"industry": "STEEL"}, ["/industry"]),
    ],
)
async def test_what_does_not_fit_is_refused_by_its_place(desk: Desk, facts: dict[str, Any], places: list[str]) -> None:
    organisation = await founded(desk)
    answer = await state(desk, organisation, 1, facts=facts)
    assert problem(answer) == (422, "invalid")
    assert pointers(answer) == places
    assert await desk.told(OrganisationChanged) == []


async def test_posts_are_of_members_one_each_and_of_one_secretary(desk: Desk) -> None:
    organisation, other = await founded(desk), await founded(desk, name="别的支部")
    first, second, stranger = [
        await desk.knows_member(relationOrganisationId=str(one)) for one in (organisation, organisation, other)
    ]
    twice = [post(first, "SECRETARY"), post(second, "SECRETARY"), post(first, "COMMITTEE_MEMBER")]
    answer = await state(desk, organisation, 1, facts={"committee": twice})
    assert pointers(answer) == ["/committee", "/committee"]
    answer = await state(desk, organisation, 1, facts={"committee": [post(stranger, "SECRETARY", "2024-02-29")]})
    assert pointers(answer) == ["/committee/0/memberId", "/committee/0/since"]


async def test_an_external_organisation_has_no_elections_here_and_a_dissolved_one_no_profile(desk: Desk) -> None:
    external = await desk.made(
        "/organisations", {"name": "村支部", "form": "BRANCH", "external": True, "divisionCode": DISTRICT}
    )
    assert pointers(await state(desk, external, 1, facts={"lastElectedOn": "2021-01-01"})) == ["/lastElectedOn"]
    organisation = await founded(desk)
    await desk.send("POST", f"/organisations/{organisation}/dissolution", {"expectedVersion": 1})
    assert problem(await state(desk, organisation, 2)) == (409, "conflict")
    assert problem(await state(desk, UUID(int=1), 1)) == (404, "not-found")
    assert problem(await state(desk, external, 7)) == (409, "version-conflict")


async def test_all_of_it_is_told_again(desk: Desk) -> None:
    organisation = await founded(desk)
    member = await desk.knows_member(relationOrganisationId=str(organisation))
    await state(desk, organisation, 1, facts=FACTS | {"committee": [post(member, "SECRETARY")]})
    newest = {row["key"]: row["payload"] for row in await desk.outbox() if row["topic"] == RecordedOrganisation.topic}
    told: list[Told] = []
    async with desk.database.transaction() as transaction:
        for source in sources(desk.clock):
            told += (await source.page(transaction.connection, UUID(int=0), 500))[0]
    organisations = [one.event for one in told if isinstance(one.event, RecordedOrganisation)]
    assert {one.key: one.model_dump_json(exclude_none=True).encode() for one in organisations} == newest
