"""Online registration of households: applied for, returned, registered as by POST /entities; who applies is sealed."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.events.registration import EntityRegistered
from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.forms import FormMoved
from tests.integration.registration.desk import (
    ANSWERS,
    ELSEWHERE,
    HOUSEHOLD,
    TOWNSHIP,
    A,
    Desk,
    pointers,
    problem,
)

pytestmark = pytest.mark.servers

WHO = {"name": "王小明", "telephone": "13800138000"}
PAPERS: dict[str, Any] = {"name": "王记面馆", "businessScope": "餐饮服务", "address": "龙水镇一街", "applicant": WHO}


async def applied(front: Desk, **changed: object) -> UUID:
    body = {"papers": PAPERS, "divisionCode": TOWNSHIP, **changed}
    return await front.made("/applications", body, role="TOWNSHIP", division=TOWNSHIP)


async def step(
    front: Desk, application: UUID, version: int, action: str, role: str = "STATION", **given: object
) -> httpx.Response:
    body = {"expectedVersion": version, "action": action, **given}
    return await front.send("POST", f"/applications/{application}/steps", body, role=role, division=TOWNSHIP)


async def test_an_application_is_accepted_and_registered_with_its_id_and_code(front: Desk) -> None:
    application = await applied(front, onBehalfOf="李代办")
    assert (await step(front, application, 1, "ACCEPT")).status_code == 200
    done = await step(front, application, 2, "REGISTER", uscc=HOUSEHOLD.lower(), partyBuilding=ANSWERS)
    assert done.status_code == 200, done.text
    [entity] = await front.told(EntityRegistered)
    assert (entity.uscc, entity.name, entity.kind) == (HOUSEHOLD, "王记面馆", "INDIVIDUAL_HOUSEHOLD")
    assert (entity.business_scope, entity.address, entity.division_code) == ("餐饮服务", "龙水镇一街", TOWNSHIP)
    told = await front.told(ApplicationMoved)
    assert [one.state for one in told] == ["APPLIED", "ACCEPTED", "REGISTERED"]
    assert (told[-1].entity_id, told[-1].uscc) == (entity.entity_id, HOUSEHOLD)
    assert [one.state for one in await front.told(FormMoved)] == ["OPEN", "ANSWERED"]
    assert (await front.read(f"/entities/{entity.entity_id}"))["name"] == "王记面馆"


async def test_terms_are_of_three_working_days(front: Desk) -> None:
    application = await applied(front)
    found = await front.read(f"/applications/{application}")
    assert found["dueAt"] == "2024-03-04T16:00:00Z", "Wednesday, and then Thursday, Friday, Monday"
    assert (await step(front, application, 1, "RETURN", note="缺少经营场所证明")).status_code == 200
    assert "dueAt" not in await front.read(f"/applications/{application}")
    mended = PAPERS | {"address": "龙水镇二街"}
    assert (await step(front, application, 2, "REAPPLY", "TOWNSHIP", papers=mended)).status_code == 200
    assert (await front.read(f"/applications/{application}"))["dueAt"] == "2024-03-04T16:00:00Z"
    assert (await front.read(f"/applications/{application}/papers"))["address"] == "龙水镇二街"


async def test_who_applies_is_sealed_never_told_and_shown_for_a_purpose_that_is_kept(front: Desk) -> None:
    application = await applied(front, note="家庭经营", onBehalfOf="李代办")
    everything = ""
    for table in ("outbox", "process", "process_step", "household_application", "command"):
        everything += str([dict(row) for row in await front.rows(f"SELECT * FROM {table}")])  # noqa: S608 - names of ours
    for name in ("王小明", "13800138000", "李代办", "家庭经营"):
        assert name not in everything
        assert str(name.encode())[2:-1] not in everything
    papers = await front.read(f"/applications/{application}/papers", role="TOWNSHIP", division=TOWNSHIP)
    assert papers == {"name": "王记面馆", "businessScope": "餐饮服务", "address": "龙水镇一街"}
    path = f"/applications/{application}/applicant"
    assert pointers(await front.send("POST", path, {"purpose": " "})) == ["/purpose"]
    assert await front.rows("SELECT FROM applicant_look") == []
    shown = await front.send("POST", path, {"purpose": "核实经营者身份"})
    assert shown.json() == WHO
    [look] = await front.rows("SELECT process_id, looked_by, purpose FROM applicant_look")
    assert tuple(look) == (application, "clerk-17", "核实经营者身份")
    for hidden in (f"/applications/{application}/papers", f"/applications/{application}"):
        assert problem(await front.send("GET", hidden, role="STATION", division=ELSEWHERE)) == (403, "forbidden")
        assert problem(await front.send("GET", hidden, role="READER")) == (403, "forbidden")
    assert problem(await front.send("POST", path, {"purpose": "看看"}, role="READER")) == (403, "forbidden")
    assert len(await front.rows("SELECT FROM applicant_look")) == 1


async def test_what_is_refused_registers_nothing(front: Desk) -> None:
    application = await applied(front)
    assert problem(await step(front, application, 1, "REGISTER", uscc=HOUSEHOLD)) == (409, "illegal-step")
    assert problem(await step(front, application, 1, "ACCEPT", "TOWNSHIP")) == (403, "forbidden")
    await step(front, application, 1, "ACCEPT")
    assert pointers(await step(front, application, 2, "REGISTER")) == ["/uscc"]
    assert pointers(await step(front, application, 2, "REGISTER", uscc=A)) == ["/uscc"]
    assert pointers(await step(front, application, 2, "REGISTER", uscc="92")) == ["/uscc"]
    wrong = ANSWERS | {"employees": 1}
    refused = await step(front, application, 2, "REGISTER", uscc=HOUSEHOLD, partyBuilding=wrong)
    assert pointers(refused) == ["/partyBuilding/fullMembers"]
    assert pointers(await step(front, application, 2, "REJECT")) == ["/note"]
    assert pointers(await step(front, application, 2, "WITHDRAW", "TOWNSHIP", papers=PAPERS)) == ["/papers"]
    assert await front.told(EntityRegistered) == []
    known = await front.registers(HOUSEHOLD)
    refused = await step(front, application, 2, "REGISTER", uscc=HOUSEHOLD)
    assert (problem(refused), refused.json()["entityId"]) == ((409, "conflict"), str(known))
    assert (await front.told(ApplicationMoved))[-1].state == "ACCEPTED"
    assert (await step(front, application, 2, "REJECT", note="名称违规")).status_code == 200
    assert problem(await step(front, application, 3, "WITHDRAW", "TOWNSHIP")) == (409, "illegal-step")


async def test_an_application_is_withdrawn(front: Desk) -> None:
    application = await applied(front)
    assert (await step(front, application, 1, "WITHDRAW", "TOWNSHIP")).status_code == 200
    found = await front.read(f"/applications/{application}")
    assert (found["state"], found["allowedActions"]) == ("WITHDRAWN", [])


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"applicant": WHO | {"telephone": "call me"}}, "/papers/applicant/telephone"),
        ({"applicant": WHO | {"name": ""}}, "/papers/applicant/name"),
        ({"name": "王\u0000"}, "/papers/name"),
    ],
)
async def test_papers_that_can_t_be_taken_are_named_by_their_place(
    front: Desk, changed: dict[str, object], place: str
) -> None:
    body = {"papers": PAPERS | changed, "divisionCode": TOWNSHIP}
    refused = await front.send("POST", "/applications", body)
    assert (problem(refused), pointers(refused)) == ((422, "invalid"), [place])
    assert "call me" not in refused.text
