"""Visits, namings and questionnaires over HTTP, on the real database: whole rounds or nothing, and nothing twice."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.base import EventData
from contracts.events.pairing import NamingRecorded, QuestionnaireRecorded, VisitRecorded
from contracts.vocabulary import CadreState, EntityState, UnitState
from kit.republishing import republish
from services.pairing.handlers.republish import sources
from tests.integration.pairing.conftest import Pairing
from tests.integration.pairing.desk import Desk, pointers, problem
from tests.integration.pairing.facts import ELSEWHERE, HOME, TOWNSHIP, USCC, association, cadre, entity, organisation

pytestmark = pytest.mark.servers

SHOPS = [UUID(int=number) for number in range(1, 4)]
CLOSED, FAR, ORGANISATION, CADRE, LEFT, ASSOCIATION, SHUT = (UUID(int=one) for one in (8, 9, 10, 20, 21, 30, 31))
ROUND: dict[str, Any] = {
    "cadreId": str(CADRE),
    "target": "ENTITY",
    "targetIds": [str(one) for one in SHOPS],
    "purpose": "SURVEY",
    "visitedOn": "2024-02-20",
}
DECISION: dict[str, Any] = {
    "kind": "THREE_DISPLAYS",
    "entityIds": [str(one) for one in SHOPS],
    "document": "关于命名“共产党员示范经营户”的通知",
    "namedOn": "2024-02-01",
}
HANDED: dict[str, Any] = {
    "associationId": str(ASSOCIATION),
    "subject": "26条措施",
    "handedOut": 12_000,
    "handedOutOn": "2024-02-01",
}


@pytest.fixture(autouse=True)
async def _known(service: Pairing) -> None:
    await service.hears(
        *map(entity, SHOPS),
        entity(CLOSED, 2, state=EntityState.DEREGISTERED),
        entity(FAR, division=ELSEWHERE),
        organisation(ORGANISATION),
        cadre(CADRE),
        cadre(LEFT, 2, state=CadreState.LEFT),
        association(ASSOCIATION),
        association(SHUT, state=UnitState.CLOSED),
    )


async def told(service: Pairing) -> list[EventData]:
    return [one.event for one in await service.told()]


async def test_a_round_is_a_visit_a_target_and_can_be_read(service: Pairing, desk: Desk) -> None:
    answer = await desk.send("POST", "/visits", ROUND, key="k")
    assert answer.status_code == 201, answer.text
    changed = answer.json()["aggregates"]
    assert [(one["aggregate"], one["version"]) for one in changed] == [("pairing-visit", 1)] * 3
    again = await desk.send("POST", "/visits", ROUND, key="k")
    assert (again.status_code, again.content) == (201, answer.content)
    visits = await told(service)
    assert [(one.key, one.target_id) for one in visits if isinstance(one, VisitRecorded)] == [
        (one["id"], target) for one, target in zip(changed, SHOPS, strict=True)
    ]
    read = await desk.send("GET", f"/visits/{changed[0]['id']}", role="READER", division=TOWNSHIP)
    assert read.json() == {
        "visitId": changed[0]["id"],
        "version": 1,
        "cadreId": str(CADRE),
        "target": "ENTITY",
        "targetId": str(SHOPS[0]),
        "uscc": USCC,
        "purpose": "SURVEY",
        "visitedOn": "2024-02-20",
        "state": "RECORDED",
        "divisionCode": HOME,
        "bureau": "MARKET_REGULATION",
        "effectiveOn": "2024-02-20",
        "recordedAt": "2024-02-28T02:00:00Z",
    }
    assert problem(await desk.send("GET", f"/visits/{changed[0]['id']}", division=ELSEWHERE)) == (403, "forbidden")
    assert problem(await desk.send("GET", f"/visits/{uuid4()}")) == (404, "not-found")


async def test_who_left_and_what_is_closed_were_visited_all_the_same(desk: Desk) -> None:
    past = ROUND | {"cadreId": str(LEFT), "targetIds": [str(CLOSED)]}
    assert (await desk.send("POST", "/visits", past)).status_code == 201
    there = ROUND | {"target": "ORGANISATION", "targetIds": [str(ORGANISATION)], "purpose": "PARTY_BUILDING"}
    assert (await desk.send("POST", "/visits", there | {"visitedOn": None})).status_code == 201


@pytest.mark.parametrize(
    ("changed", "kind", "places"),
    [
        ({"cadreId": str(UUID(int=99))}, (404, "not-found"), ["/cadreId"]),
        ({"targetIds": [str(SHOPS[0]), str(UUID(int=99))]}, (404, "not-found"), ["/targetIds/1"]),
        ({"targetIds": [str(SHOPS[0]), str(SHOPS[1]), str(SHOPS[0])]}, (422, "invalid"), ["/targetIds/2"]),
        ({"visitedOn": "2024-02-29"}, (422, "invalid"), ["/visitedOn"]),
        ({"targetIds": []}, (422, "invalid"), ["/targetIds"]),
        ({"purpose": "TEA"}, (422, "invalid"), ["/purpose"]),
    ],
)
async def test_a_round_with_something_wrong_leaves_nothing(
    service: Pairing, desk: Desk, changed: dict[str, Any], kind: tuple[int, str], places: list[str]
) -> None:
    answer = await desk.send("POST", "/visits", ROUND | changed)
    assert problem(answer) == kind
    if kind[1] != "invalid" or places[0] == "/visitedOn":
        assert pointers(answer) == places
    assert await told(service) == []
    assert await service.rows("SELECT * FROM visit") == []


async def test_a_round_goes_no_further_than_the_caller(service: Pairing, desk: Desk) -> None:
    wide = ROUND | {"targetIds": [str(SHOPS[0]), str(FAR)]}
    assert problem(await desk.send("POST", "/visits", wide, role="TOWNSHIP", division=TOWNSHIP)) == (403, "forbidden")
    assert problem(await desk.send("POST", "/visits", ROUND, role="READER")) == (403, "forbidden")
    assert await told(service) == []


async def test_the_same_visit_is_recorded_once_also_by_two_at_once(service: Pairing, desk: Desk) -> None:
    for day in range(1, 11):
        stated = ROUND | {"visitedOn": f"2024-02-{day:02d}"}
        answers = await asyncio.gather(*(desk.send("POST", "/visits", stated) for _ in range(3)))
        assert sorted(one.status_code for one in answers) == [201, 409, 409]
        refused = next(one for one in answers if one.status_code == 409)
        assert (problem(refused), pointers(refused)) == (
            (409, "conflict"),
            ["/targetIds/0", "/targetIds/1", "/targetIds/2"],
        )
    [count] = await service.rows("SELECT count(*) FROM visit")
    assert count["count"] == 30


async def test_a_visit_that_was_none_is_withdrawn_once_and_can_be_recorded_again(service: Pairing, desk: Desk) -> None:
    one = ROUND | {"targetIds": [str(SHOPS[0])]}
    visit = (await desk.send("POST", "/visits", one)).json()["aggregates"][0]["id"]
    path = f"/visits/{visit}/withdrawal"
    stale = await desk.send("POST", path, {"expectedVersion": 2})
    assert (problem(stale), stale.json()["currentVersion"]) == ((409, "version-conflict"), 1)
    assert (await desk.send("POST", path, {"expectedVersion": 1})).json()["aggregates"][0]["version"] == 2
    assert problem(await desk.send("POST", path, {"expectedVersion": 2})) == (409, "conflict")
    assert (await desk.send("POST", "/visits", one)).status_code == 201
    last = (await told(service))[1]
    assert isinstance(last, VisitRecorded)
    assert (last.state, last.version, str(last.visited_on), str(last.effective_on)) == (
        "WITHDRAWN",
        2,
        "2024-02-20",
        "2024-02-28",
    )


async def test_a_decision_names_all_its_entities_once(service: Pairing, desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.send("POST", "/namings", DECISION) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    refused = next(one for one in answers if one.status_code == 409)
    assert pointers(refused) == ["/entityIds/0", "/entityIds/1", "/entityIds/2"]
    other = await desk.send("POST", "/namings", DECISION | {"kind": "DEMONSTRATION_BUSINESS"})
    assert other.status_code == 201, "of another kind"
    namings = [one for one in await told(service) if isinstance(one, NamingRecorded)]
    assert [(one.kind.value, one.entity_id) for one in namings] == [
        *(("THREE_DISPLAYS", one) for one in SHOPS),
        *(("DEMONSTRATION_BUSINESS", one) for one in SHOPS),
    ]
    read = (await desk.send("GET", f"/namings/{namings[0].naming_id}")).json()
    assert (read["document"], read["namedOn"], read["state"], read["uscc"]) == (
        DECISION["document"],
        "2024-02-01",
        "NAMED",
        USCC,
    )


@pytest.mark.parametrize(
    ("changed", "kind", "places"),
    [
        ({"entityIds": [str(SHOPS[0]), str(CLOSED)]}, (409, "conflict"), ["/entityIds/1"]),
        ({"entityIds": [str(UUID(int=99))]}, (404, "not-found"), ["/entityIds/0"]),
        ({"entityIds": [str(SHOPS[0])] * 2}, (422, "invalid"), ["/entityIds/1"]),
        ({"namedOn": "2024-02-29"}, (422, "invalid"), ["/namedOn"]),
    ],
)
async def test_a_decision_with_something_wrong_names_nobody(
    service: Pairing, desk: Desk, changed: dict[str, Any], kind: tuple[int, str], places: list[str]
) -> None:
    answer = await desk.send("POST", "/namings", DECISION | changed)
    assert (problem(answer), pointers(answer)) == (kind, places)
    assert await told(service) == []


async def test_a_name_is_taken_back_from_a_day_on(service: Pairing, desk: Desk) -> None:
    named = (await desk.send("POST", "/namings", DECISION | {"entityIds": [str(SHOPS[0])]})).json()
    path = f"/namings/{named['aggregates'][0]['id']}/withdrawal"
    early = await desk.send("POST", path, {"expectedVersion": 1, "withdrawnOn": "2024-01-31"})
    assert (problem(early), pointers(early)) == ((422, "invalid"), ["/withdrawnOn"])
    assert (await desk.send("POST", path, {"expectedVersion": 1, "withdrawnOn": "2024-02-10"})).status_code == 200
    assert problem(await desk.send("POST", path, {"expectedVersion": 2})) == (409, "conflict")
    assert (await desk.send("POST", "/namings", DECISION | {"entityIds": [str(SHOPS[0])]})).status_code == 201
    withdrawn = (await told(service))[1]
    assert isinstance(withdrawn, NamingRecorded)
    assert (withdrawn.state, str(withdrawn.withdrawn_on), str(withdrawn.effective_on)) == (
        "WITHDRAWN",
        "2024-02-10",
        "2024-02-10",
    )


async def test_a_questionnaire_is_handed_out_and_counted(service: Pairing, desk: Desk) -> None:
    answer = await desk.send("POST", "/questionnaires", HANDED, role="ASSOCIATION", division=TOWNSHIP)
    assert answer.status_code == 201, answer.text
    path = f"/questionnaires/{answer.json()['aggregates'][0]['id']}"
    assert "returned" not in (await desk.send("GET", path)).json()
    many = await desk.send("POST", f"{path}/returns", {"expectedVersion": 1, "returned": 12_001})
    assert (problem(many), pointers(many)) == ((422, "invalid"), ["/returned"])
    assert (await desk.send("POST", f"{path}/returns", {"expectedVersion": 1, "returned": 0})).status_code == 200
    assert (await desk.send("POST", f"{path}/returns", {"expectedVersion": 2, "returned": 12_000})).status_code == 200
    states = [one for one in await told(service) if isinstance(one, QuestionnaireRecorded)]
    assert [(one.version, one.state.value, one.handed_out, one.returned) for one in states] == [
        (1, "HANDED_OUT", 12_000, None),
        (2, "COUNTED", 12_000, 0),
        (3, "COUNTED", 12_000, 12_000),
    ]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"associationId": str(UUID(int=99))}, (404, "not-found")),
        ({"associationId": str(SHUT)}, (409, "conflict")),
        ({"handedOutOn": "2024-02-29"}, (422, "invalid")),
        ({"handedOut": 0}, (422, "invalid")),
    ],
)
async def test_a_questionnaire_that_cannot_be_leaves_nothing(
    service: Pairing, desk: Desk, changed: dict[str, Any], kind: tuple[int, str]
) -> None:
    assert problem(await desk.send("POST", "/questionnaires", HANDED | changed)) == kind
    assert await told(service) == []


async def test_all_of_it_is_told_again(service: Pairing, desk: Desk) -> None:
    await desk.send("POST", "/visits", ROUND)
    await desk.send("POST", "/namings", DECISION)
    await desk.send("POST", "/questionnaires", HANDED)
    before = await told(service)
    async with service.database.transaction() as transaction:
        await transaction.connection.execute("TRUNCATE outbox")
    for source in sources(service.clock):
        await republish(service.database, source, lambda _done, _total: None)
    assert sorted(await told(service), key=lambda one: one.key) == sorted(before, key=lambda one: one.key)
