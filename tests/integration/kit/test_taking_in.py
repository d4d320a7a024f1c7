"""Consumers on a real broker and database: every event once in effect, offsets to the end, health as it is."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer

from kit import broker
from kit.consumer import Heard
from kit.ids import new_id
from tests.conftest import Eventually
from tests.integration.kit.conftest import MakePlace
from tests.integration.kit.tally import AmountGiven, Place, Replica, Tally, totals
from tests.integration.kit.wire import (
    assigned,
    committed_offsets,
    count,
    end_offsets,
    holds,
    locked,
    produce,
    rows,
    running,
    wire,
)

pytestmark = pytest.mark.servers

ACCOUNTS = [new_id() for _ in range(5)]
GIVEN = "SELECT count(*) FROM given"


def amounts(number: int) -> list[AmountGiven]:
    return [AmountGiven(account=ACCOUNTS[place % len(ACCOUNTS)], amount=place) for place in range(number)]


async def state(place: Place) -> dict[UUID, int]:
    return {
        UUID(str(account)): int(str(total)) for account, total in await rows(place, "SELECT id, total FROM account")
    }


async def caught_up(place: Place) -> bool:
    return await committed_offsets(place) == await end_offsets(place)


async def test_every_event_has_its_effect_once_and_its_effect_is_told_once(
    make_place: MakePlace, eventually: Eventually
) -> None:
    place = await make_place(3)
    given = amounts(120)
    records = [wire(one) for one in given]
    await produce(place, [*records, *records[:40]])
    async with running(Replica(place, batch_size=50).subscription):
        await eventually(holds(place, GIVEN, 120))
        await eventually(lambda: caught_up(place))
    assert await state(place) == totals(given)
    told = await rows(place, "SELECT key, count(*), count(DISTINCT event_id) FROM outbox GROUP BY key")
    assert sorted(told) == sorted((str(account), 24, 24) for account in ACCOUNTS)


@pytest.mark.parametrize("tail", ["marker after a full batch", "aborted transaction"])
async def test_offsets_are_committed_to_the_end_past_what_is_no_record(
    place: Place, eventually: Eventually, tail: str
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=place.kafka, transactional_id=f"{place.prefix}-tests")
    await producer.start()
    try:
        await producer.begin_transaction()
        await _send(producer, place, amounts(10))
        await producer.commit_transaction()
        if tail == "aborted transaction":
            await producer.begin_transaction()
            await _send(producer, place, amounts(7))
            await producer.abort_transaction()
    finally:
        await producer.stop()
    replica = Replica(place, batch_size=10)
    async with running(replica.subscription):
        await eventually(lambda: caught_up(place))
    assert await count(place, "given") == 10
    assert await committed_offsets(place) == {0: 11 if tail == "marker after a full batch" else 19}


async def _send(producer: AIOKafkaProducer, place: Place, given: Sequence[AmountGiven]) -> None:
    for one in map(wire, given):
        await producer.send_and_wait(place.prefix + AmountGiven.topic, one.value, key=one.key, headers=[*one.headers])


async def test_a_database_that_is_away_is_waited_for_and_nothing_is_skipped(
    place: Place, eventually: Eventually
) -> None:
    given = amounts(60)
    replica = Replica(place, batch_size=10)
    name = place.database_url.rpartition("/")[2]
    admin = Place(place.kafka, place.prefix, place.database_url.rpartition("/")[0] + "/postgres")
    async with running(replica.subscription):
        await produce(place, [wire(one) for one in given[:30]])
        await eventually(holds(place, GIVEN, 30))
        await eventually(lambda: caught_up(place))
        await rows(admin, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await rows(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        await produce(place, [wire(one) for one in given[30:]])

        async def waits() -> bool:
            return len(replica.waits.seconds) >= 5

        await eventually(waits)
        assert (replica.progress.ready, replica.progress.alive) == (False, True)
        assert str(replica.progress.waiting_for).startswith("database 数据库: ")
        assert replica.waits.seconds[:5] == [0.2, 0.4, 0.8, 1.6, 3.2]
        assert await committed_offsets(place) == {0: 30}
        await rows(admin, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await eventually(holds(place, GIVEN, 60))
        await eventually(lambda: caught_up(place))
        assert (replica.progress.ready, replica.progress.waiting_for) == (True, None)
    assert await state(place) == totals(given)
    assert await count(place, "dead_letter") == 0


async def test_a_broker_that_was_away_at_the_start_leaves_no_mark_on_an_idle_consumer(
    place: Place, eventually: Eventually
) -> None:
    replica = Replica(place)
    connect = replica.subscription._connect
    tries = 0

    async def refused_twice() -> None:
        nonlocal tries
        tries += 1
        if tries <= 2:
            raise ConnectionRefusedError
        await connect()

    replica.subscription._connect = refused_twice  # type: ignore[method-assign]
    async with running(replica.subscription):

        async def told() -> bool:
            return replica.progress.waiting_for == "broker 消息代理: ConnectionRefusedError"

        async def ready() -> bool:
            return replica.progress.ready

        await eventually(told)
        await eventually(ready)
    assert tries == 3


async def test_an_idle_consumer_stays_ready_and_a_replica_without_partitions_is_ready_too(
    place: Place, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "TICK_SECONDS", 0.05)
    monkeypatch.setattr(broker, "SILENT_SECONDS", 0.5)
    first, second = Replica(place, instance="0"), Replica(place, instance="1")
    async with running(first.subscription, second.subscription):

        async def ready() -> bool:
            return first.progress.ready and second.progress.ready

        await eventually(ready)
        assert sorted(len(assigned(one)) for one in (first, second)) == [0, 1]
        for _ in range(20):
            await asyncio.sleep(0.05)
            assert (first.progress.waiting_for, second.progress.waiting_for) == (None, None)


async def test_a_handler_that_hangs_is_seen_by_its_pending_work(
    place: Place, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "TICK_SECONDS", 0.05)
    replica = Replica(place)
    async with running(replica.subscription):

        async def ready() -> bool:
            return replica.progress.ready

        await eventually(ready)
        async with locked(place):
            await produce(place, [wire(one) for one in amounts(3)])

            async def pending() -> bool:
                return replica.progress.pending == 3

            await eventually(pending)
            moved_at = replica.progress._moved_at
            await asyncio.sleep(0.3)
            assert replica.progress.pending == 3
            assert replica.progress._moved_at == moved_at, "standing still must not count as moving"
            monkeypatch.setattr(replica.progress, "clock", lambda: moved_at + 120)
            assert not replica.progress.alive
        await eventually(holds(place, GIVEN, 3))


async def test_a_batch_longer_than_the_poll_interval_is_applied_once_and_the_consumer_goes_on(
    place: Place, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "SESSION_TIMEOUT_MS", 1000)
    monkeypatch.setattr(broker, "MAX_POLL_INTERVAL_MS", 1000)
    heard: list[int] = []

    def seen(batch: Sequence[Heard[AmountGiven]]) -> None:
        heard.extend(one.event.amount for one in batch)

    given = amounts(30)
    replica = Replica(place, batch_size=10, handler=Tally(seen))
    async with running(replica.subscription):
        async with locked(place):
            await produce(place, [wire(one) for one in given])
            await asyncio.sleep(3)  # past both limits: the broker has given the partition up
        await eventually(holds(place, GIVEN, 30))
        await eventually(lambda: caught_up(place))
    assert await state(place) == totals(given)
    assert sorted(heard) == list(range(30))
