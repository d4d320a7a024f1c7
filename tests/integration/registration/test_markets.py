"""Specialised markets, who operates them, and who trades where."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.events.registration import EntityChanged
from contracts.events.registration.markets import (
    MarketChanged,
    MarketClosed,
    MarketRecorded,
    StallOccupied,
    StallVacated,
)
from tests.integration.registration.desk import ELSEWHERE, HOUSEHOLD, TOWNSHIP, A, B, Desk, pointers, problem

pytestmark = pytest.mark.servers


def market(operator: UUID, **changed: object) -> dict[str, Any]:
    return {"name": "龙水五金市场", "operatorEntityId": str(operator), "divisionCode": TOWNSHIP, **changed}


def stall(place: UUID, entity: UUID, number: str = "A-1", **changed: object) -> dict[str, Any]:
    return {"marketId": str(place), "entityId": str(entity), "number": number, **changed}


async def kind_of(front: Desk, entity: UUID) -> tuple[str, int]:
    found = await front.read(f"/entities/{entity}")
    return found["kind"], found["version"]


async def test_recording_a_market_classifies_its_operator_which_is_told_as_a_change(front: Desk) -> None:
    operator = await front.registers()
    answer = await front.send("POST", "/markets", market(operator))
    assert [one["aggregate"] for one in answer.json()["aggregates"]] == ["registration-market", "registration-entity"]
    [told] = await front.told(MarketRecorded)
    assert (told.operator_entity_id, told.operator_uscc, told.state, told.version) == (operator, A, "OPEN", 1)
    [changed] = await front.told(EntityChanged)
    assert (changed.entity_id, changed.kind, changed.version) == (operator, "SPECIALISED_MARKET", 2)
    second = await front.send("POST", "/markets", market(operator, name="二号市场"))
    assert [one["aggregate"] for one in second.json()["aggregates"]] == ["registration-market"], "it counts so already"


async def test_what_a_market_made_of_its_operator_goes_before_what_its_source_says(front: Desk) -> None:
    operator = await front.registers()
    await front.made("/markets", market(operator))
    batch = {"entities": [{"uscc": A, "name": "新名", "divisionCode": TOWNSHIP, "legalForm": "小微企业"}]}
    assert (await front.send("POST", "/entities/batch", batch)).json()["outcomes"][0]["outcome"] == "CHANGED"
    assert await kind_of(front, operator) == ("SPECIALISED_MARKET", 3)
    change = {"uscc": B, "name": "新名", "divisionCode": TOWNSHIP, "expectedVersion": 3}
    assert (await front.send("PUT", f"/entities/{operator}", change)).status_code == 200
    assert await kind_of(front, operator) == ("SPECIALISED_MARKET", 4)
    [renamed] = await front.told(MarketChanged)
    assert (renamed.operator_uscc, renamed.version) == (B, 2), "the market follows its operator's code"


async def test_an_operator_is_bound_by_its_market_until_that_closes(front: Desk) -> None:
    operator = await front.registers()
    place = await front.made("/markets", market(operator))
    classification = f"/entities/{operator}/classification"
    refused = await front.send("POST", classification, {"kind": "MICRO_SMALL_ENTERPRISE", "expectedVersion": 2})
    assert (problem(refused), refused.json()["marketId"]) == ((409, "conflict"), str(place))
    gone = f"/entities/{operator}/deregistration"
    assert problem(await front.send("POST", gone, {"expectedVersion": 2})) == (409, "conflict")
    closed = await front.send("POST", f"/markets/{place}/closing", {"expectedVersion": 1})
    assert closed.status_code == 200
    assert await kind_of(front, operator) == ("SPECIALISED_MARKET", 2), "what it is now somebody must say"
    assert (
        await front.send("POST", classification, {"kind": "MICRO_SMALL_ENTERPRISE", "expectedVersion": 2})
    ).status_code == 200
    assert await kind_of(front, operator) == ("MICRO_SMALL_ENTERPRISE", 3)
    assert problem(await front.send("POST", f"/markets/{place}/closing", {"expectedVersion": 2})) == (409, "conflict")
    change = market(operator, expectedVersion=2)
    assert problem(await front.send("PUT", f"/markets/{place}", change)) == (409, "conflict")


@pytest.mark.parametrize(
    ("uscc", "kind", "taken"),
    [
        (A, "MICRO_SMALL_ENTERPRISE", True),
        (A, "OTHER", True),
        (A, "INDIVIDUAL_HOUSEHOLD", False),
        (A, "SPECIALISED_MARKET", False),
        (HOUSEHOLD, "MICRO_SMALL_ENTERPRISE", False),
        (HOUSEHOLD, "UNKNOWN", False),
    ],
)
async def test_an_entity_is_classified_as_its_code_allows(front: Desk, uscc: str, kind: str, *, taken: bool) -> None:
    entity = await front.registers(uscc)
    body = {"kind": kind, "expectedVersion": 1}
    answer = await front.send("POST", f"/entities/{entity}/classification", body)
    assert answer.status_code == (200 if taken else 422)
    assert (await kind_of(front, entity))[1] == (2 if taken else 1)


async def test_stallholders_move_in_and_out_and_may_have_several_stalls(front: Desk) -> None:
    place = await front.made("/markets", market(await front.registers()))
    holder = await front.registers(HOUSEHOLD)
    first = await front.made("/stalls", stall(place, holder, since="2024-02-01"))
    await front.made("/stalls", stall(place, holder, "A-2"))
    taken = await front.send("POST", "/stalls", stall(place, await front.registers(B)))
    assert (problem(taken), taken.json()["stallId"]) == ((409, "conflict"), str(first))
    path = f"/stalls/{first}/vacating"
    assert pointers(await front.send("POST", path, {"expectedVersion": 1, "until": "2024-01-31"})) == ["/until"]
    assert pointers(await front.send("POST", path, {"expectedVersion": 1, "until": "2024-02-29"})) == ["/until"]
    assert (await front.send("POST", path, {"expectedVersion": 1, "until": "2024-02-20"})).status_code == 200
    [vacated] = await front.told(StallVacated)
    assert (str(vacated.since), str(vacated.until), vacated.version) == ("2024-02-01", "2024-02-20", 2)
    assert problem(await front.send("POST", path, {"expectedVersion": 2})) == (409, "conflict")
    found = await front.read(f"/stalls/{first}", role="READER", division=TOWNSHIP)
    assert (found["state"], found["until"], found["number"]) == ("VACATED", "2024-02-20", "A-1")
    await front.made("/stalls", stall(place, holder))


async def test_a_stall_goes_to_one_of_those_who_want_it_at_once(front: Desk) -> None:
    place = await front.made("/markets", market(await front.registers()))
    holders = [await front.registers(code) for code in (B, HOUSEHOLD)]
    for number in range(8):
        answers = await asyncio.gather(
            *(front.send("POST", "/stalls", stall(place, one, f"B-{number}")) for one in holders)
        )
        assert sorted(one.status_code for one in answers) == [201, 409]
    assert len(await front.told(StallOccupied)) == 8


async def test_closing_a_market_ends_its_stalls_and_takes_no_more(front: Desk) -> None:
    place = await front.made("/markets", market(await front.registers()))
    holder = await front.registers(HOUSEHOLD)
    stalls = {await front.made("/stalls", stall(place, holder, number)) for number in ("A-1", "A-2")}
    assert (await front.send("POST", f"/markets/{place}/closing", {"expectedVersion": 1})).status_code == 200
    [closed] = await front.told(MarketClosed)
    assert (closed.state, closed.version) == ("CLOSED", 2)
    assert {one.stall_id for one in await front.told(StallVacated)} == stalls
    assert pointers(await front.send("POST", "/stalls", stall(place, holder, "A-3"))) == ["/marketId"]


async def test_a_stall_and_a_closing_at_once_leave_no_stall_in_a_closed_market(front: Desk) -> None:
    operator, holder = await front.registers(), await front.registers(HOUSEHOLD)
    for number in range(6):
        place = await front.made("/markets", market(operator, name=f"市场{number}"))
        await asyncio.gather(
            front.send("POST", "/stalls", stall(place, holder)),
            front.send("POST", f"/markets/{place}/closing", {"expectedVersion": 1}),
        )
    query = "SELECT FROM stall JOIN market USING (market_id) WHERE stall.state = 'OCCUPIED' AND market.state = 'CLOSED'"
    assert await front.rows(query) == []
    assert len(await front.told(MarketClosed)) == 6


async def test_a_stallholder_who_is_deregistered_leaves_its_stalls(front: Desk) -> None:
    place = await front.made("/markets", market(await front.registers()))
    holder = await front.registers(HOUSEHOLD)
    await front.made("/stalls", stall(place, holder))
    await front.send("POST", f"/entities/{holder}/deregistration", {"expectedVersion": 1})
    [vacated] = await front.told(StallVacated)
    assert (vacated.entity_id, str(vacated.until)) == (holder, "2024-02-28")
    assert pointers(await front.send("POST", "/stalls", stall(place, holder, "A-9"))) == ["/entityId"]


async def test_a_market_changes_and_its_stalls_follow_it_to_another_division(front: Desk) -> None:
    place = await front.made("/markets", market(await front.registers()))
    await front.made("/stalls", stall(place, await front.registers(HOUSEHOLD)))
    other = await front.registers(B)
    change = market(other, name="新市场", divisionCode=ELSEWHERE, expectedVersion=1)
    answer = await front.send("PUT", f"/markets/{place}", change)
    assert [one["aggregate"] for one in answer.json()["aggregates"]] == ["registration-market", "registration-entity"]
    found = await front.read(f"/markets/{place}")
    assert (found["name"], found["operatorUscc"], found["divisionCode"]) == ("新市场", B, ELSEWHERE)
    assert [(one.version, one.division_code) for one in await front.told(StallOccupied)] == [
        (1, TOWNSHIP),
        (2, ELSEWHERE),
    ]
    stale = await front.send("PUT", f"/markets/{place}", change)
    assert problem(stale) == (409, "version-conflict")


async def test_who_may_record_a_market_and_of_whom(front: Desk) -> None:
    operator = await front.registers()
    assert problem(await front.send("POST", "/markets", market(operator), role="TOWNSHIP")) == (403, "forbidden")

    async def by_station(**changed: object) -> httpx.Response:
        return await front.send("POST", "/markets", market(operator, **changed), role="STATION", division=ELSEWHERE)

    assert problem(await by_station()) == (403, "forbidden")
    assert problem(await by_station(divisionCode=ELSEWHERE)) == (403, "forbidden"), "the operator is another's"
    assert pointers(await front.send("POST", "/markets", market(UUID(int=1)))) == ["/operatorEntityId"]
    assert problem(await front.send("GET", f"/markets/{UUID(int=1)}")) == (404, "not-found")
    assert await front.told(MarketRecorded) == []
