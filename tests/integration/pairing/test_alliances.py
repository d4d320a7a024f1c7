"""Alliances over HTTP, on the real database: three sides, all known and active, dissolved once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.pairing import AllianceDissolved, AllianceFormed
from contracts.vocabulary import DivisionLevel, EntityState, OrganisationState, UnitState
from kit.clock import ManualClock
from kit.republishing import republish
from services.pairing.handlers.republish import alliances
from tests.integration.pairing.conftest import Pairing
from tests.integration.pairing.desk import Desk, pointers, problem
from tests.integration.pairing.facts import NOW, TOWNSHIP, association, division, entity, organisation

pytestmark = pytest.mark.servers

ASSOCIATION, ENTITY, ORGANISATION, CLOSED = (UUID(int=number) for number in (30, 1, 10, 31))
GRID, ABOLISHED = "500111101003", "500111109000"
MASSES = {"side": "MASSES", "associationId": str(ASSOCIATION)}
ENTERPRISE = {"side": "ENTERPRISE", "entityId": str(ENTITY)}
SUBDISTRICT = {"side": "SUBDISTRICT", "divisionCode": TOWNSHIP}
THREE: list[dict[str, str]] = [MASSES, ENTERPRISE, SUBDISTRICT]
ALLIANCE: dict[str, Any] = {
    "name": "龙水五金商圈党建联合体",
    "divisionCode": TOWNSHIP,
    "parties": THREE,
    "formedOn": "2024-02-20",
}


@pytest.fixture(autouse=True)
async def _known(service: Pairing) -> None:
    await service.hears(
        division(TOWNSHIP),
        division(GRID, level=DivisionLevel.GRID),
        division(ABOLISHED, state=UnitState.CLOSED),
        association(ASSOCIATION),
        association(CLOSED, state=UnitState.CLOSED),
        entity(ENTITY),
        entity(UUID(int=2), state=EntityState.DEREGISTERED),
        organisation(ORGANISATION, external=True),
        organisation(UUID(int=11), state=OrganisationState.DISSOLVED),
    )


async def formed(desk: Desk) -> str:
    answer = await desk.send("POST", "/alliances", ALLIANCE)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["aggregates"][0]["id"])


async def test_an_alliance_is_formed_told_of_and_can_be_read(service: Pairing, desk: Desk) -> None:
    answer = await desk.send("POST", "/alliances", ALLIANCE, key="k")
    assert answer.status_code == 201
    again = await desk.send("POST", "/alliances", ALLIANCE, key="k")
    assert (again.status_code, again.content) == (201, answer.content)
    [changed] = answer.json()["aggregates"]
    assert changed == {"aggregate": "pairing-alliance", "id": changed["id"], "version": 1}
    [out] = await service.told()
    event = out.event
    assert isinstance(event, AllianceFormed)
    assert (event.key, str(out.correlation_id)) == (changed["id"], answer.json()["correlationId"])
    assert [one.model_dump(mode="json", exclude_none=True) for one in event.parties] == [
        {"side": "MASSES", "association_id": str(ASSOCIATION)},
        {"side": "ENTERPRISE", "entity_id": str(ENTITY)},
        {"side": "SUBDISTRICT", "division_code": TOWNSHIP},
    ]
    read = await desk.send("GET", f"/alliances/{changed['id']}", role="READER")
    assert read.json() == ALLIANCE | {
        "id": changed["id"],
        "version": 1,
        "state": "FORMED",
        "bureau": "MARKET_REGULATION",
        "effectiveOn": "2024-02-20",
        "recordedAt": "2024-02-28T02:00:00Z",
    }


async def test_an_organisation_may_stand_for_the_masses_an_external_one_too(service: Pairing, desk: Desk) -> None:
    community = {"side": "MASSES", "organisationId": str(ORGANISATION)}
    answer = await desk.send("POST", "/alliances", ALLIANCE | {"parties": [community, ENTERPRISE, SUBDISTRICT]})
    assert answer.status_code == 201
    assert len(await service.told()) == 1


@pytest.mark.parametrize(
    ("missing", "english", "chinese"),
    [(MASSES, "MASSES", "群众"), (ENTERPRISE, "ENTERPRISE", "企业"), (SUBDISTRICT, "SUBDISTRICT", "街道")],
)
async def test_a_side_without_anybody_is_named_in_both_languages(
    service: Pairing, desk: Desk, missing: dict[str, str], english: str, chinese: str
) -> None:
    parties = [one for one in THREE if one is not missing]
    answer = await desk.send("POST", "/alliances", ALLIANCE | {"parties": parties})
    assert (problem(answer), pointers(answer)) == ((422, "invalid"), ["/parties"])
    assert english in answer.json()["detail"]
    assert chinese in answer.json()["detailZh"]
    assert await service.told() == []


@pytest.mark.parametrize(
    ("party", "found", "pointer"),
    [
        ({"side": "MASSES"}, (422, "invalid"), "/parties/3"),
        ({**ENTERPRISE, "organisationId": str(ORGANISATION)}, (422, "invalid"), "/parties/3"),
        ({"side": "MASSES", "entityId": str(UUID(int=7))}, (422, "invalid"), "/parties/3/entityId"),
        (ENTERPRISE, (422, "invalid"), "/parties/3/entityId"),
        ({"side": "SUBDISTRICT", "divisionCode": GRID}, (422, "invalid"), "/parties/3/divisionCode"),
        ({"side": "SUBDISTRICT", "divisionCode": "5001"}, (422, "invalid"), "/parties/3/divisionCode"),
        ({"side": "SUBDISTRICT", "divisionCode": "500111199000"}, (404, "not-found"), "/parties/3/divisionCode"),
        ({"side": "ENTERPRISE", "entityId": str(uuid4())}, (404, "not-found"), "/parties/3/entityId"),
        ({"side": "MASSES", "associationId": str(ENTITY)}, (404, "not-found"), "/parties/3/associationId"),
        ({"side": "SUBDISTRICT", "divisionCode": ABOLISHED}, (409, "conflict"), "/parties/3/divisionCode"),
        ({"side": "MASSES", "associationId": str(CLOSED)}, (409, "conflict"), "/parties/3/associationId"),
        ({"side": "ENTERPRISE", "entityId": str(UUID(int=2))}, (409, "conflict"), "/parties/3/entityId"),
        ({"side": "ENTERPRISE", "organisationId": str(UUID(int=11))}, (409, "conflict"), "/parties/3/organisationId"),
    ],
)
async def test_a_party_that_can_t_be_one_is_named_by_its_place(
    service: Pairing, desk: Desk, party: dict[str, str], found: tuple[int, str], pointer: str
) -> None:
    answer = await desk.send("POST", "/alliances", ALLIANCE | {"parties": [*THREE, party]})
    assert (problem(answer), pointers(answer)) == (found, [pointer])
    assert await service.told() == []


@pytest.mark.parametrize(
    ("changed", "found", "pointer"),
    [
        ({"name": " "}, (422, "invalid"), "/name"),
        ({"name": "a\u0000b"}, (422, "invalid"), "/name"),
        ({"name": "联" * 201}, (422, "invalid"), "/name"),
        ({"formedOn": "2024-02-29"}, (422, "invalid"), "/formedOn"),
        ({"parties": [MASSES] * 501}, (422, "invalid"), "/parties"),
        ({"divisionCode": "500111199000"}, (404, "not-found"), "/divisionCode"),
        ({"divisionCode": ABOLISHED}, (409, "conflict"), "/divisionCode"),
    ],
)
async def test_what_breaks_a_rule_is_named_by_its_place(
    service: Pairing, desk: Desk, changed: dict[str, object], found: tuple[int, str], pointer: str
) -> None:
    answer = await desk.send("POST", "/alliances", ALLIANCE | changed)
    assert (problem(answer), pointers(answer)) == (found, [pointer])
    assert await service.told() == []


async def test_without_parties_every_side_is_missing(desk: Desk) -> None:
    answer = await desk.send("POST", "/alliances", ALLIANCE | {"parties": []})
    assert (problem(answer), pointers(answer)) == ((422, "invalid"), ["/parties"] * 3)


async def test_an_alliance_is_dissolved_once_and_its_record_stays(service: Pairing, desk: Desk) -> None:
    alliance = await formed(desk)
    path = f"/alliances/{alliance}/dissolution"
    assert problem(await desk.send("POST", path, {"expectedVersion": 2})) == (409, "version-conflict")
    for day in ("2024-02-19", "2024-02-29"):
        wrong = await desk.send("POST", path, {"expectedVersion": 1, "effectiveOn": day})
        assert (problem(wrong), pointers(wrong)) == ((422, "invalid"), ["/effectiveOn"])
    answers = await asyncio.gather(*(desk.send("POST", path, {"expectedVersion": 1}) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]
    assert problem(await desk.send("POST", path, {"expectedVersion": 2})) == (409, "conflict")
    first, last = [one.event for one in await service.told()]
    assert isinstance(first, AllianceFormed)
    assert isinstance(last, AllianceDissolved)
    assert (last.version, str(last.effective_on), last.parties) == (2, "2024-02-28", first.parties)
    assert (await desk.send("GET", f"/alliances/{alliance}")).json()["state"] == "DISSOLVED"
    assert await republish(service.database, alliances(ManualClock(NOW)), lambda _done, _of: None) == 1
    assert (await service.told())[-1].event == last


@pytest.mark.parametrize(
    ("role", "division_code", "status"),
    [("TOWNSHIP", TOWNSHIP, 201), ("TOWNSHIP", "500111102000", 403), ("ASSOCIATION", TOWNSHIP, 403)],
)
async def test_who_may_form_and_dissolve_and_where(
    service: Pairing, desk: Desk, role: str, division_code: str, status: int
) -> None:
    answer = await desk.send("POST", "/alliances", ALLIANCE, role=role, division=division_code)
    assert answer.status_code == status
    assert len(await service.told()) == (1 if status == 201 else 0)
    alliance = answer.json()["aggregates"][0]["id"] if status == 201 else await formed(desk)
    path = f"/alliances/{alliance}/dissolution"
    dissolved = await desk.send("POST", path, {"expectedVersion": 1}, role=role, division=division_code)
    assert dissolved.status_code == (200 if status == 201 else 403)


async def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    assert problem(await desk.send("GET", f"/alliances/{uuid4()}")) == (404, "not-found")
    answer = await desk.send("POST", f"/alliances/{uuid4()}/dissolution", {"expectedVersion": 1})
    assert problem(answer) == (404, "not-found")


async def test_the_commands_are_described(desk: Desk) -> None:
    described = (await desk.client.get("/openapi.json")).json()
    assert set(described["paths"]) == {
        "/alliances",
        "/alliances/{alliance_id}",
        "/alliances/{alliance_id}/dissolution",
        "/assignments",
        "/assignments/{assignment_id}",
        "/assignments/{assignment_id}/end",
        "/namings",
        "/namings/{naming_id}",
        "/namings/{naming_id}/withdrawal",
        "/questionnaires",
        "/questionnaires/{questionnaire_id}",
        "/questionnaires/{questionnaire_id}/returns",
        "/visits",
        "/visits/{visit_id}",
        "/visits/{visit_id}/withdrawal",
    }
    for path in described["paths"].values():
        for operation in path.values():
            assert any("\u4e00" <= character <= "\u9fff" for character in operation["summary"])
            assert "409" in operation["responses"]
