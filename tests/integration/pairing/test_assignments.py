"""Assignments over HTTP, on the real database: one effect a key, for targets and cadres that are known and there."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.pairing import AssignmentEnded, AssignmentMade
from contracts.vocabulary import CadreState, EntityState, OrganisationState
from kit.clock import ManualClock
from kit.republishing import republish
from services.pairing.handlers.republish import assignments
from tests.integration.pairing.conftest import Pairing
from tests.integration.pairing.desk import Desk, pointers, problem
from tests.integration.pairing.facts import (
    HOME,
    NOW,
    TOWNSHIP,
    USCC,
    cadre,
    entity,
    organisation,
    revoked_mandate,
)

pytestmark = pytest.mark.servers

ENTITY, ORGANISATION, CADRE, OTHER = (UUID(int=number) for number in (1, 10, 20, 21))
TO_ENTITY: dict[str, Any] = {
    "cadreId": str(CADRE),
    "role": "CONTACT_CADRE",
    "target": "ENTITY",
    "targetId": str(ENTITY),
    "startsOn": "2024-02-20",
}
TO_ORGANISATION: dict[str, Any] = {
    "cadreId": str(CADRE),
    "role": "FIRST_SECRETARY",
    "target": "ORGANISATION",
    "targetId": str(ORGANISATION),
}


@pytest.fixture(autouse=True)
async def _known(service: Pairing) -> None:
    await service.hears(entity(ENTITY), organisation(ORGANISATION), cadre(CADRE), cadre(OTHER))


async def made(desk: Desk, **changed: object) -> str:
    answer = await desk.send("POST", "/assignments", TO_ENTITY | changed)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["aggregates"][0]["id"])


async def test_a_cadre_is_assigned_told_of_and_can_be_read(service: Pairing, desk: Desk) -> None:
    saga = uuid4()
    answer = await desk.send("POST", "/assignments", TO_ENTITY, saga=saga)
    assert answer.status_code == 201
    [changed] = answer.json()["aggregates"]
    assert changed == {"aggregate": "pairing-assignment", "id": changed["id"], "version": 1}
    [out] = await service.told()
    event = out.event
    assert isinstance(event, AssignmentMade)
    assert (event.key, event.version, out.correlation_id) == (changed["id"], 1, saga)
    assert (event.target_id, event.uscc, event.division_code) == (ENTITY, USCC, HOME)
    assert (str(event.starts_on), str(event.effective_on), event.ended_on) == ("2024-02-20", "2024-02-20", None)
    read = await desk.send("GET", f"/assignments/{changed['id']}", role="READER", division=TOWNSHIP)
    assert read.json() == TO_ENTITY | {
        "id": changed["id"],
        "version": 1,
        "uscc": USCC,
        "state": "ACTIVE",
        "endedOn": None,
        "divisionCode": HOME,
        "bureau": "MARKET_REGULATION",
        "effectiveOn": "2024-02-20",
        "recordedAt": "2024-02-28T02:00:00Z",
    }


async def test_an_organisation_is_a_target_too_from_today_where_no_day_is_given(service: Pairing, desk: Desk) -> None:
    assert (await desk.send("POST", "/assignments", TO_ORGANISATION)).status_code == 201
    [out] = await service.told()
    assert isinstance(out.event, AssignmentMade)
    assert (out.event.uscc, out.event.division_code, str(out.event.starts_on)) == (None, TOWNSHIP, "2024-02-28")


async def test_an_assignment_ends_once(service: Pairing, desk: Desk) -> None:
    assignment = await made(desk)
    path = f"/assignments/{assignment}/end"
    stale = await desk.send("POST", path, {"expectedVersion": 2})
    assert (problem(stale), stale.json()["currentVersion"]) == ((409, "version-conflict"), 1)
    answer = await desk.send("POST", path, {"expectedVersion": 1, "endedOn": "2024-02-21"}, key="k")
    assert answer.json()["aggregates"] == [{"aggregate": "pairing-assignment", "id": assignment, "version": 2}]
    again = await desk.send("POST", path, {"expectedVersion": 1, "endedOn": "2024-02-21"}, key="k")
    assert (again.status_code, again.content) == (200, answer.content)
    assert problem(await desk.send("POST", path, {"expectedVersion": 2})) == (409, "conflict")
    event = (await service.told())[-1].event
    assert isinstance(event, AssignmentEnded)
    assert (event.version, str(event.ended_on), str(event.effective_on)) == (2, "2024-02-21", "2024-02-21")
    assert (await desk.send("GET", f"/assignments/{assignment}")).json()["state"] == "ENDED"
    assert len(await service.told()) == 2


@pytest.mark.parametrize("day", ["2024-02-19", "2024-02-29"])
async def test_it_ends_neither_before_it_starts_nor_in_the_future(service: Pairing, desk: Desk, day: str) -> None:
    path = f"/assignments/{await made(desk)}/end"
    answer = await desk.send("POST", path, {"expectedVersion": 1, "endedOn": day})
    assert (problem(answer), pointers(answer)) == ((422, "invalid"), ["/endedOn"])
    assert len(await service.told()) == 1
    assert (await desk.send("POST", path, {"expectedVersion": 1, "endedOn": "2024-02-20"})).status_code == 200


async def test_the_same_cadre_has_a_role_there_once_at_a_time(service: Pairing, desk: Desk) -> None:
    first = await made(desk)
    answer = await desk.send("POST", "/assignments", TO_ENTITY | {"startsOn": "2024-02-27"})
    assert (problem(answer), answer.json()["currentVersion"]) == ((409, "conflict"), 1)
    assert "2024-02-20" in answer.json()["detailZh"]
    await made(desk, role="INSTRUCTOR")
    await made(desk, cadreId=str(OTHER))
    await desk.send("POST", f"/assignments/{first}/end", {"expectedVersion": 1})
    await made(desk)
    assert [type(one.event) for one in await service.told()].count(AssignmentMade) == 4


async def test_of_the_same_assignment_asked_for_at_once_one_is_made(service: Pairing, desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.send("POST", "/assignments", TO_ENTITY) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201, *[409] * 5]
    assert len(await service.told()) == 1


async def test_a_retry_has_no_second_effect_and_a_key_belongs_to_one_command(service: Pairing, desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.send("POST", "/assignments", TO_ENTITY, key="k") for _ in range(4)))
    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    other = await desk.send("POST", "/assignments", TO_ORGANISATION, key="k")
    assert problem(other) == (422, "idempotency-key-reused")
    assert len(await service.told()) == 1


@pytest.mark.parametrize(
    ("changed", "pointer", "what"),
    [
        ({"targetId": str(uuid4())}, "/targetId", "尚未收到或编号有误"),
        ({"target": "ORGANISATION"}, "/targetId", "所指党组织"),
        ({"cadreId": str(uuid4())}, "/cadreId", "所指干部"),
    ],
)
async def test_what_is_not_known_yet_is_not_found_and_may_be_sent_again(
    service: Pairing, desk: Desk, changed: dict[str, object], pointer: str, what: str
) -> None:
    answer = await desk.send("POST", "/assignments", TO_ENTITY | changed, key="k")
    assert (problem(answer), pointers(answer)) == ((404, "not-found"), [pointer])
    assert what in answer.json()["detailZh"]
    assert "yet" in answer.json()["detail"]
    assert await service.told() == []
    await service.hears(
        entity(UUID(str((TO_ENTITY | changed)["targetId"]))),
        organisation(ENTITY),
        cadre(UUID(str((TO_ENTITY | changed)["cadreId"]))),
    )
    assert (await desk.send("POST", "/assignments", TO_ENTITY | changed, key="k")).status_code == 201


async def test_who_is_gone_is_no_target_and_no_cadre(service: Pairing, desk: Desk) -> None:
    await service.hears(
        cadre(OTHER, 2, state=CadreState.LEFT),
        entity(UUID(int=2), state=EntityState.DEREGISTERED),
        organisation(UUID(int=11), state=OrganisationState.DISSOLVED),
    )
    for body, pointer in (
        (TO_ENTITY | {"cadreId": str(OTHER)}, "/cadreId"),
        (TO_ENTITY | {"targetId": str(UUID(int=2))}, "/targetId"),
        (TO_ORGANISATION | {"targetId": str(UUID(int=11))}, "/targetId"),
    ):
        answer = await desk.send("POST", "/assignments", body)
        assert (problem(answer), pointers(answer)) == ((409, "conflict"), [pointer])
    assert await service.told() == []


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"startsOn": "2024-02-29"}, "/startsOn"),
        ({"role": "MANAGER"}, "/role"),
        ({"target": "MEMBER"}, "/target"),
        ({"cadreId": "nobody"}, "/cadreId"),
        ({"cadreName": "王小明"}, "/cadreName"),
    ],
)
async def test_what_breaks_a_rule_is_named_by_its_place(
    service: Pairing, desk: Desk, changed: dict[str, object], pointer: str
) -> None:
    answer = await desk.send("POST", "/assignments", TO_ENTITY | changed)
    assert problem(answer) == (422, "invalid")
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert "王小明" not in answer.text
    assert await service.told() == []


async def test_no_body_and_no_json_are_refused(desk: Desk) -> None:
    headers = desk.issuer.header() | {"Idempotency-Key": "k", "content-type": "application/json"}
    for content in (b"", b"{", b"[]", b"\xff", b"{}"):
        answer = await desk.client.post("/assignments", content=content, headers=headers)
        assert problem(answer) == (422, "invalid")


@pytest.mark.parametrize(
    ("role", "division", "status"),
    [
        ("ORGANISATION_DEPARTMENT", "500111000000", 201),
        ("NON_PUBLIC_COMMITTEE", "500111000000", 201),
        ("BUREAU", "500111000000", 201),
        ("STATION", TOWNSHIP, 201),
        ("TOWNSHIP", TOWNSHIP, 201),
        ("SYSTEM", "500111000000", 201),
        ("TOWNSHIP", "500111102000", 403),
        ("ASSOCIATION", "500111000000", 403),
        ("READER", "500111000000", 403),
    ],
)
async def test_who_may_assign_and_end_and_where(
    service: Pairing, desk: Desk, role: str, division: str, status: int
) -> None:
    answer = await desk.send("POST", "/assignments", TO_ENTITY, role=role, division=division)
    assert answer.status_code == status
    assert len(await service.told()) == (1 if status == 201 else 0)
    assignment = answer.json()["aggregates"][0]["id"] if status == 201 else await made(desk)
    ended = await desk.send(
        "POST", f"/assignments/{assignment}/end", {"expectedVersion": 1}, role=role, division=division
    )
    assert ended.status_code == (200 if status == 201 else 403)


async def test_a_mandate_that_was_revoked_ends_what_a_token_could_do(service: Pairing, desk: Desk) -> None:
    await service.hears(revoked_mandate("clerk-17"))
    assert problem(await desk.send("POST", "/assignments", TO_ENTITY)) == (403, "forbidden")
    assert (await desk.send("POST", "/assignments", TO_ENTITY, subject="clerk-18")).status_code == 201
    assert len(await service.told()) == 1


async def test_what_is_not_there_is_not_found_and_what_is_elsewhere_not_shown(desk: Desk) -> None:
    nobody = uuid4()
    assert problem(await desk.send("GET", f"/assignments/{nobody}")) == (404, "not-found")
    ending = await desk.send("POST", f"/assignments/{nobody}/end", {"expectedVersion": 1})
    assert problem(ending) == (404, "not-found")
    elsewhere = await desk.send("GET", f"/assignments/{await made(desk)}", division="500111102000", role="TOWNSHIP")
    assert problem(elsewhere) == (403, "forbidden")
    assert problem(await desk.client.get(f"/assignments/{nobody}")) == (401, "unauthenticated")


async def test_assignments_are_told_again_as_they_are(service: Pairing, desk: Desk) -> None:
    first = await made(desk)
    await made(desk, cadreId=str(OTHER))
    await desk.send("POST", f"/assignments/{first}/end", {"expectedVersion": 1})
    before = await service.told()
    assert await republish(service.database, assignments(ManualClock(NOW)), lambda _done, _of: None) == 2
    again = (await service.told())[3:]
    assert [one.event for one in again] == [before[2].event, before[1].event]
    assert not {one.event_id for one in again} & {one.event_id for one in before}
