"""Credit commitments: signed, and then fulfilled, or broken and repaired; due by the day that was promised."""

import asyncio
from uuid import UUID

import httpx
import pytest

from contracts.events.registration.commitments import CommitmentMoved
from tests.integration.registration.desk import ELSEWHERE, TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers


def promise(entity: UUID, **changed: object) -> dict[str, object]:
    return {"entityId": str(entity), "kind": "MISSING_PAPERS", "promisedUntil": "2024-03-15", **changed}


async def step(front: Desk, commitment: UUID, version: int, action: str, **given: object) -> httpx.Response:
    body = {"expectedVersion": version, "action": action, **given}
    return await front.send("POST", f"/commitments/{commitment}/steps", body)


async def test_a_commitment_is_due_at_the_end_of_the_promised_day_and_is_fulfilled(front: Desk) -> None:
    commitment = await front.made("/commitments", promise(await front.registers(), note="容缺受理"))
    found = await front.read(f"/commitments/{commitment}", role="STATION", division=TOWNSHIP)
    assert (found["state"], found["dueAt"], found["promisedUntil"]) == ("SIGNED", "2024-03-15T16:00:00Z", "2024-03-15")
    assert [one["action"] for one in found["allowedActions"]] == ["FULFIL", "BREAK"]
    assert found["steps"][0]["note"] == "容缺受理"
    assert (await step(front, commitment, 1, "FULFIL")).status_code == 200
    told = await front.told(CommitmentMoved)
    assert [(one.version, one.state) for one in told] == [(1, "SIGNED"), (2, "FULFILLED")]
    assert told[-1].due_at is None
    assert problem(await step(front, commitment, 2, "REPAIR")) == (409, "illegal-step")


async def test_a_broken_one_needs_a_note_and_may_be_repaired(front: Desk) -> None:
    commitment = await front.made("/commitments", promise(await front.registers()))
    assert pointers(await step(front, commitment, 1, "BREAK")) == ["/note"]
    assert (await step(front, commitment, 1, "BREAK", note="逾期未补交材料")).status_code == 200
    assert (await step(front, commitment, 2, "REPAIR")).status_code == 200
    assert [one.state for one in await front.told(CommitmentMoved)] == ["SIGNED", "BROKEN", "REPAIRED"]
    outbox = b"".join(row["payload"] for row in await front.rows("SELECT payload FROM outbox")).decode()
    assert "逾期未补交" not in outbox


async def test_of_each_kind_an_entity_has_one_under_way(front: Desk) -> None:
    entity = await front.registers()
    answers = await asyncio.gather(*(front.send("POST", "/commitments", promise(entity)) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201] + [409] * 5
    [first] = [one.json()["aggregates"][0]["id"] for one in answers if one.status_code == 201]
    again = await front.send("POST", "/commitments", promise(entity))
    assert (problem(again), again.json()["processId"]) == ((409, "conflict"), first)
    assert (await front.send("POST", "/commitments", promise(entity, kind="PUBLIC"))).status_code == 201
    await step(front, UUID(first), 1, "FULFIL")
    assert (await front.send("POST", "/commitments", promise(entity))).status_code == 201


async def test_what_can_t_be_promised_is_refused(front: Desk) -> None:
    entity = await front.registers()
    assert pointers(await front.send("POST", "/commitments", promise(entity, promisedUntil="2024-02-27"))) == [
        "/promisedUntil"
    ]
    assert pointers(await front.send("POST", "/commitments", promise(entity, kind="HONEST"))) == ["/kind"]
    assert pointers(await front.send("POST", "/commitments", promise(UUID(int=1)))) == ["/entityId"]
    elsewhere = await front.send("POST", "/commitments", promise(entity), role="STATION", division=ELSEWHERE)
    assert problem(elsewhere) == (403, "forbidden")
    await front.send("POST", f"/entities/{entity}/deregistration", {"expectedVersion": 1})
    assert pointers(await front.send("POST", "/commitments", promise(entity))) == ["/entityId"]
    assert await front.told(CommitmentMoved) == []
