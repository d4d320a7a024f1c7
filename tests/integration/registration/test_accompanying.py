"""What is under way about an entity goes with it: to another division, and to the end of what it promised."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from tests.integration.registration.desk import ELSEWHERE, TOWNSHIP, A, B, Desk, problem
from tests.integration.registration.test_import import row, take_in, write

pytestmark = pytest.mark.servers

CITY, WANZHOU = "500000000000", "500101000000"
PROMISE = {"kind": "MISSING_PAPERS", "promisedUntil": "2024-03-15"}


async def promise(front: Desk, entity: UUID, **changed: object) -> UUID:
    return await front.made("/commitments", PROMISE | {"entityId": str(entity)} | changed)


async def deregister(front: Desk, entity: UUID, version: int = 1) -> Any:
    return await front.send("POST", f"/entities/{entity}/deregistration", {"expectedVersion": version})


async def states(front: Desk, *commitments: UUID) -> list[tuple[str, str]]:
    found = [await front.read(f"/commitments/{one}", division=CITY) for one in commitments]
    return [(one["state"], one["divisionCode"]) for one in found]


async def test_what_an_entity_promised_ends_when_it_is_deregistered(front: Desk) -> None:
    entity, other = await front.registers(), await front.registers(B)
    promised, public = await promise(front, entity), await promise(front, entity, kind="PUBLIC")
    broken, kept = await promise(front, entity, kind="INDUSTRY"), await promise(front, other)
    step = {"expectedVersion": 1, "action": "BREAK", "note": "逾期"}
    assert (await front.send("POST", f"/commitments/{broken}/steps", step)).status_code == 200
    assert (await deregister(front, entity)).status_code == 200

    assert [state for state, _ in await states(front, promised, public, broken, kept)] == [
        "ENDED",
        "ENDED",
        "BROKEN",
        "SIGNED",
    ]
    ended = [one for one in await front.told(CommitmentMoved) if one.state == "ENDED"]
    assert {(one.process_id, one.version, one.action, one.due_at) for one in ended} == {
        (promised, 2, "END_WITH_ENTITY", None),
        (public, 2, "END_WITH_ENTITY", None),
    }
    now = await front.read(f"/commitments/{promised}")
    assert (now["steps"][-1]["action"], now["allowedActions"]) == ("END_WITH_ENTITY", [])
    fulfil = {"expectedVersion": 2, "action": "FULFIL"}
    assert problem(await front.send("POST", f"/commitments/{promised}/steps", fulfil)) == (409, "illegal-step")
    by_hand = {"expectedVersion": 1, "action": "END_WITH_ENTITY"}
    assert problem(await front.send("POST", f"/commitments/{kept}/steps", by_hand)) == (409, "illegal-step")


async def test_who_signs_while_it_is_deregistered_comes_before_or_after(front: Desk) -> None:
    entity = await front.registers()
    body = PROMISE | {"entityId": str(entity)}
    signing, ending = await asyncio.gather(front.send("POST", "/commitments", body), deregister(front, entity))
    assert ending.status_code == 200
    assert signing.status_code in {201, 422}
    assert [
        row for row in await front.rows("SELECT state FROM process WHERE under_way") if row["state"] == "SIGNED"
    ] == []


async def moved_by(front: Desk, tmp_path: Path, by: str, entity: UUID) -> str:
    """Move an entity; return its division."""
    facts = {"uscc": A, "name": "搬家的店", "divisionCode": ELSEWHERE}
    if by == "file":
        register = write(tmp_path / "register.csv", row(A, "搬家的店"))
        assert [one.counts.changed for one in await take_in(front.url, register)] == [1]
        return WANZHOU
    if by == "batch":
        body = {"entities": [facts], "carriedOver": True}
        assert (await front.send("POST", "/entities/batch", body)).json()["outcomes"][0]["outcome"] == "CHANGED"
    else:
        answer = await front.send("PUT", f"/entities/{entity}", facts | {"expectedVersion": 1})
        assert answer.status_code == 200, answer.text
    return ELSEWHERE


@pytest.mark.parametrize("by", ["batch", "file", "change"])
async def test_what_is_under_way_is_where_its_entity_is(front: Desk, tmp_path: Path, by: str) -> None:
    entity = await front.registers()
    promised = await promise(front, entity)
    [before] = await front.told(FormMoved)
    where = await moved_by(front, tmp_path, by, entity)

    assert await states(front, promised) == [("SIGNED", where)]
    told = [one for one in await front.told(FormMoved) if one.version > 1 or one.process_id != before.process_id]
    if by == "change":
        assert [(one.state, one.division_code) for one in told] == [("SUPERSEDED", TOWNSHIP), ("OPEN", ELSEWHERE)]
        return
    [form] = told
    assert (form.process_id, form.version, form.state, form.action) == (
        before.process_id,
        2,
        "OPEN",
        "MOVE_WITH_ENTITY",
    )
    assert (form.division_code, form.due_at) == (where, before.due_at), "asked then, it is due then"
    last = (await front.told(CommitmentMoved))[-1]
    assert (last.action, last.division_code, last.due_at is None) == ("MOVE_WITH_ENTITY", where, False)


async def test_what_stays_where_it_is_is_not_told_again(front: Desk) -> None:
    await front.registers()
    facts = {"uscc": A, "name": "改名的店", "divisionCode": TOWNSHIP}
    await front.send("POST", "/entities/batch", {"entities": [facts], "carriedOver": True})
    assert [one.version for one in await front.told(FormMoved)] == [1]
