"""Commands about Party organisations: what fits together, who may, and the record that is told."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from contracts.events.ledgers.organisations import (
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationFounded,
)
from contracts.vocabulary import OrganisationCoverage
from kit.outbox import Told
from services.ledgers.handlers.republish import sources
from tests.integration.ledgers.desk import DISTRICT, TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers


def founding(*entities: UUID, **changed: object) -> dict[str, Any]:
    mode = "SINGLE" if len(entities) == 1 else "CATCH_ALL"
    return {"name": "五金支部", "form": "BRANCH", "mode": mode, "entityIds": list(map(str, entities)), **changed}


async def test_an_organisation_is_founded_changed_dissolved_and_keeps_its_history(desk: Desk) -> None:
    first, second = await desk.knows_entity(0), await desk.knows_entity(1, division=DISTRICT)
    organisation = await desk.made("/organisations", founding(first, foundedOn="2020-07-01"))
    read = (await desk.send("GET", f"/organisations/{organisation}")).json()
    assert (read["divisionCode"], read["entityIds"], read["foundedOn"]) == (TOWNSHIP, [str(first)], "2020-07-01")
    joint = founding(first, second, mode="JOINT", form="JOINT_BRANCH", divisionCode=TOWNSHIP, expectedVersion=1)
    assert (await desk.send("PUT", f"/organisations/{organisation}", joint)).json()["aggregates"][0]["version"] == 2
    again = await desk.send("PUT", f"/organisations/{organisation}", joint | {"expectedVersion": 2})
    assert again.json()["aggregates"] == []
    for entity in (first, second):
        coverage = (await desk.send("GET", f"/coverages/{entity}", division=DISTRICT)).json()
        assert coverage["organisationCoverage"] == OrganisationCoverage.COVERED
    dissolving = {"expectedVersion": 2}
    assert (await desk.send("POST", f"/organisations/{organisation}/dissolution", dissolving)).status_code == 200
    refused = await desk.send("PUT", f"/organisations/{organisation}", joint | {"expectedVersion": 3})
    assert problem(refused) == (409, "conflict")

    told = await desk.told(OrganisationFounded, OrganisationChanged, OrganisationDissolved)
    assert [(type(one), one.version, len(one.entity_ids)) for one in told] == [
        (OrganisationFounded, 1, 1),
        (OrganisationChanged, 2, 2),
        (OrganisationDissolved, 3, 0),
    ]
    assert len(await desk.rows("SELECT FROM organisation_history")) == 3
    assert problem(await desk.send("GET", f"/organisations/{UUID(int=1)}")) == (404, "not-found")


async def test_no_two_organisations_have_one_code(desk: Desk) -> None:
    one = await desk.made("/organisations", founding(code=" a－1 ", divisionCode=TOWNSHIP))
    other = await desk.made("/organisations", founding(code="A-2"))
    assert (await desk.send("GET", f"/organisations/{one}")).json()["code"] == "A-1"

    taken = await desk.send("POST", "/organisations", founding(code="a-1"))
    assert problem(taken) == (409, "conflict")
    assert taken.json()["organisationId"] == str(one)
    changed = founding(code="A-1", expectedVersion=1)
    assert problem(await desk.send("PUT", f"/organisations/{other}", changed)) == (409, "conflict")
    elsewhere = await desk.send("POST", "/organisations", founding(code="A-1"), division="500112000000")
    assert "organisationId" not in elsewhere.json()
    broken = await desk.send("POST", "/organisations", founding(code="支部-1"))
    assert (problem(broken), pointers(broken)) == ((422, "invalid"), ["/code"])
    renamed = founding(code="A-1", name="新支部", expectedVersion=1, divisionCode=TOWNSHIP)
    kept = await desk.send("PUT", f"/organisations/{one}", renamed)
    assert kept.status_code == 200

    assert [row.code for row in await desk.told(OrganisationFounded)] == ["A-1", "A-2"]


async def test_of_two_that_are_founded_at_once_with_one_code_one_is_refused(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.send("POST", "/organisations", founding(code="A-1")) for _ in range(4)))

    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


async def test_an_entity_has_one_organisation_of_its_own(desk: Desk) -> None:
    entity = await desk.knows_entity()
    await desk.made("/organisations", founding(entity))
    assert problem(await desk.send("POST", "/organisations", founding(entity))) == (409, "conflict")
    await desk.made("/organisations", founding(entity, mode="BUSINESS_DISTRICT"))


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"mode": None}, ["/mode"]),
        ({"mode": "JOINT"}, ["/entityIds"]),
        ({"form": "JOINT_BRANCH"}, ["/form"]),
        ({"external": True}, ["/mode", "/entityIds"]),
        ({"entityIds": []}, ["/entityIds"]),
        ({"entityIds": [str(UUID(int=1))]}, ["/entityIds/0"]),
        ({"superiorId": str(UUID(int=1))}, ["/superiorId"]),
        ({"associationId": str(UUID(int=1))}, ["/associationId"]),
        ({"effectiveOn": "2024-03-01"}, ["/effectiveOn"]),
    ],
)
async def test_what_does_not_fit_is_refused_by_its_place(
    desk: Desk, changed: dict[str, Any], places: list[str]
) -> None:
    entity = await desk.knows_entity()
    before = len(await desk.outbox())
    answer = await desk.send("POST", "/organisations", founding(entity) | changed)
    assert problem(answer) == (422, "invalid")
    assert pointers(answer) == places
    assert len(await desk.outbox()) == before


@pytest.mark.parametrize(
    ("role", "division", "status"),
    [
        ("TOWNSHIP", TOWNSHIP, 201),
        ("ASSOCIATION", DISTRICT, 201),
        ("STATION", TOWNSHIP, 403),
        ("TOWNSHIP", "500111102000", 403),
    ],
)
async def test_who_may_found_one_and_where(desk: Desk, role: str, division: str, status: int) -> None:
    entity = await desk.knows_entity()
    answer = await desk.send("POST", "/organisations", founding(entity), role=role, division=division)
    assert answer.status_code == status


@pytest.mark.parametrize("role", ["DISTRICT", "TOWNSHIP", "STATION", "ASSOCIATION", "READER"])
async def test_members_are_for_the_organisation_department_alone(desk: Desk, role: str) -> None:
    member = await desk.knows_member(await desk.knows_entity())
    assert problem(await desk.send("GET", f"/members/{member}", role=role)) == (403, "forbidden")
    body = {"name": "王五", "standing": "FULL"}
    assert problem(await desk.send("POST", "/members", body, role=role)) in {(403, "forbidden"), (422, "invalid")}


async def test_a_retry_has_one_effect_and_another_payload_is_refused(desk: Desk) -> None:
    entity = await desk.knows_entity()
    answers = [await desk.send("POST", "/organisations", founding(entity), key="k") for _ in range(2)]
    assert answers[0].content == answers[1].content
    other = await desk.send("POST", "/organisations", founding(entity, name="别名"), key="k")
    assert problem(other) == (422, "idempotency-key-reused")
    assert len(await desk.told(OrganisationFounded)) == 1


async def test_all_ledgers_are_told_again_under_the_same_versions(desk: Desk) -> None:
    await desk.send("POST", "/divisions/batch", {"divisions": [{"divisionCode": DISTRICT, "name": "X区"}]})
    await desk.made("/bureaus", {"name": "局", "kind": "BUREAU", "divisionCode": DISTRICT})
    await desk.made("/associations", {"name": "会", "divisionCode": DISTRICT})
    cadre = await desk.made("/cadres", {"divisionCode": DISTRICT})
    await desk.made("/mandates", {"subject": "a", "role": "STATION", "divisionCode": DISTRICT, "cadreId": str(cadre)})
    entity = await desk.knows_entity()
    branch = await desk.made("/organisations", founding(entity))
    await desk.knows_member(entity, managementOrganisationId=str(branch))
    erased = await desk.knows_member(entity)
    await desk.send("POST", f"/members/{erased}/erasure", {"expectedVersion": 1})
    newest = {(row["topic"], row["key"]): row["payload"] for row in await desk.outbox()}
    ids = {row["event_id"] for row in await desk.outbox()}
    await desk.rows("DELETE FROM outbox")

    told: list[Told] = []
    async with desk.database.transaction() as transaction:
        for source in sources(desk.clock):
            events, last = await source.page(transaction.connection, UUID(int=0), 500)
            assert len(events) == await source.count(transaction.connection)
            assert (await source.page(transaction.connection, last, 500))[0] == []
            told += events
    again = {(one.event.topic, one.event.key): one.event.model_dump_json(exclude_none=True).encode() for one in told}
    assert again == newest
    assert not ids & {one.event_id for one in told}
