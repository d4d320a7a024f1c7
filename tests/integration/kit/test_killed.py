"""Consumers killed with SIGKILL at exact points: after the restart every event was once in effect.

The last tests take one guard away each, and see the effect go wrong in the way that the guard is there for.
"""

from uuid import UUID

import pytest

from kit import broker
from kit.ids import new_id
from tests.conftest import Eventually
from tests.integration.kit.conftest import MakePlace, Start
from tests.integration.kit.process import Guard, Moment, Plan
from tests.integration.kit.tally import AmountGiven, Place, Replica, TotalChanged, totals
from tests.integration.kit.wire import (
    assigned,
    committed_offsets,
    count,
    end_offsets,
    holds,
    produce,
    rows,
    running,
    wire,
)

pytestmark = pytest.mark.servers

ACCOUNTS = [new_id() for _ in range(3)]
GIVEN = [AmountGiven(account=ACCOUNTS[place % 3], amount=place + 1) for place in range(60)]


def plan(place: Place, at: Moment = "never", *, batch: int = 2, without: Guard = "none") -> Plan:
    return Plan(
        role="consumer",
        kafka=place.kafka,
        prefix=place.prefix,
        database_url=place.database_url,
        at=at,
        count=batch,
        without=without,
    )


async def run_until_killed(start: Start, wanted: Plan) -> None:
    assert await start(wanted).ended() == -9


async def state(place: Place) -> dict[UUID, int]:
    return {
        UUID(str(account)): int(str(total)) for account, total in await rows(place, "SELECT id, total FROM account")
    }


async def finish(place: Place, eventually: Eventually) -> None:
    async def caught_up() -> bool:
        return await committed_offsets(place) == await end_offsets(place)

    replica = Replica(place, batch_size=10)
    async with running(replica.subscription):
        await eventually(caught_up)


async def test_killed_anywhere_every_event_is_once_in_effect(
    place: Place, start: Start, eventually: Eventually
) -> None:
    await produce(place, [wire(one) for one in GIVEN])
    await run_until_killed(start, plan(place, "inside a transaction"))
    assert (await count(place, "given"), await committed_offsets(place)) == (10, {0: 10})
    await run_until_killed(start, plan(place, "between database and offsets"))
    assert (await count(place, "given"), await committed_offsets(place)) == (30, {0: 20})
    await run_until_killed(start, plan(place, "before a batch"))
    assert (await count(place, "given"), await committed_offsets(place)) == (30, {0: 30})
    await finish(place, eventually)
    assert await state(place) == totals(GIVEN)
    told = [
        TotalChanged.model_validate_json(bytes(payload))  # type: ignore[call-overload]
        for (payload,) in await rows(place, "SELECT payload FROM outbox ORDER BY id")
    ]
    for account in ACCOUNTS:
        amounts = [one.amount for one in GIVEN if one.account == account]
        steps = [(one.version, one.total) for one in told if one.account == account]
        assert steps == [(at, sum(amounts[:at])) for at in range(1, 21)]
    assert await rows(place, "SELECT count(DISTINCT event_id) FROM outbox") == [(60,)]


async def test_without_the_inbox_the_batch_between_database_and_offsets_counts_twice(
    place: Place, start: Start, eventually: Eventually
) -> None:
    await produce(place, [wire(one) for one in GIVEN])
    await run_until_killed(start, plan(place, "between database and offsets", without="inbox"))
    assert (await count(place, "given"), await committed_offsets(place)) == (20, {0: 10})
    again = start(plan(place, without="inbox"))
    await eventually(holds(place, "SELECT count(*) FROM given", 70))
    await again.stop()
    assert await state(place) == totals([*GIVEN, *GIVEN[10:20]])


async def test_with_offsets_before_the_database_the_batch_under_way_is_lost(
    place: Place, start: Start, eventually: Eventually
) -> None:
    await produce(place, [wire(one) for one in GIVEN])
    await run_until_killed(start, plan(place, "inside a transaction", without="offsets after the database"))
    assert (await count(place, "given"), await committed_offsets(place)) == (10, {0: 20})
    await finish(place, eventually)
    assert await state(place) == totals([*GIVEN[:10], *GIVEN[20:]])


async def test_what_a_killed_replica_had_is_taken_over_by_another(
    make_place: MakePlace, start: Start, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "SESSION_TIMEOUT_MS", 2000)
    place = await make_place(4)
    other = Replica(place, instance="1", batch_size=10)
    killed = start(plan(place, "between database and offsets", batch=3).model_copy(update={"session_timeout_ms": 2000}))
    async with running(other.subscription):

        async def shared() -> bool:
            return len(assigned(other)) == 2

        await eventually(shared)
        given = [AmountGiven(account=new_id(), amount=amount) for amount in range(200)]
        await produce(place, [wire(one) for one in given])
        assert await killed.ended() == -9
        await eventually(holds(place, "SELECT count(*) FROM given", 200))

        async def caught_up() -> bool:
            return await committed_offsets(place) == await end_offsets(place)

        await eventually(caught_up)
    assert await state(place) == totals(given)
