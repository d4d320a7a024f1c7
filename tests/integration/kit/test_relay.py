"""The relay: what the outbox held arrives, once, in the order of each key; killed, nothing is lost or reordered."""

import asyncio
import random
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import pytest
from prometheus_client import REGISTRY

from kit import waiting
from kit.ids import new_id
from tests.conftest import Eventually
from tests.integration.kit.conftest import MakePlace, Start
from tests.integration.kit.process import Guard, Moment, Plan
from tests.integration.kit.tally import Place, TotalChanged
from tests.integration.kit.wire import Wire, connected, holds, read, rows, running, tell_total, versions

pytestmark = pytest.mark.servers

EMPTY = "SELECT count(*) FROM outbox"
ACCOUNTS = sorted(new_id() for _ in range(4))


def plan(place: Place, at: Moment, *, count: int = 1, without: Guard = "none", stand_still: bool = False) -> Plan:
    return Plan(
        role="relay",
        kafka=place.kafka,
        prefix=place.prefix,
        database_url=place.database_url,
        hung_seconds=1,
        at=at,
        count=count,
        without=without,
        stand_still=stand_still,
    )


async def tell_versions(place: Place, account: UUID, told: Sequence[int]) -> list[UUID]:
    async with connected(place) as connection, connection.transaction():
        return [
            await tell_total(connection, TotalChanged(account=account, version=version, total=0)) for version in told
        ]


async def change(connection: "asyncpg.Connection[asyncpg.Record]", account: UUID) -> UUID:
    version = await connection.fetchval(
        "INSERT INTO account VALUES ($1, 1, 0) ON CONFLICT (id) DO UPDATE SET version = account.version + 1 "
        "RETURNING version",
        account,
    )
    return await tell_total(connection, TotalChanged(account=account, version=version, total=0))


async def test_under_concurrent_writers_each_key_arrives_whole_and_in_order(
    make_place: MakePlace, eventually: Eventually
) -> None:
    place = await make_place(3)
    chance = random.Random(7)  # noqa: S311 - the same every run
    told: list[UUID] = []

    async def write(times: int) -> None:
        async with connected(place) as connection:
            for _ in range(times):
                async with connection.transaction():
                    told.append(await change(connection, chance.choice(ACCOUNTS)))
                    await asyncio.sleep(chance.random() / 50)

    async with running(place.relay()):
        await asyncio.gather(*(write(25) for _ in range(8)))
        await eventually(holds(place, EMPTY, 0))
    found = await read(place, TotalChanged.topic)
    assert sorted(one.event_id for one in found) == sorted(told)
    arrived = versions(found)
    for steps in arrived.values():
        assert steps == list(range(1, len(steps) + 1))
    assert sum(map(len, arrived.values())) == 200


async def test_a_transaction_that_took_an_earlier_id_and_commits_late_is_not_skipped(
    place: Place, eventually: Eventually
) -> None:
    async with running(place.relay()), connected(place) as slow:
        late = slow.transaction()
        await late.start()
        first = await change(slow, ACCOUNTS[0])
        second = (await tell_versions(place, ACCOUNTS[1], [1]))[0]

        async def arrived() -> bool:
            return [one.event_id for one in await read(place, TotalChanged.topic)] == [second]

        await eventually(arrived)
        await late.commit()
        await eventually(holds(place, EMPTY, 0))
    assert [one.event_id for one in await read(place, TotalChanged.topic)] == [second, first]


async def test_a_commit_wakes_the_relay(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    idle = asyncio.Event()
    waited = waiting.either

    async def idling(first: asyncio.Event, second: asyncio.Event, _seconds: float) -> None:
        idle.set()
        await waited(first, second, 3600)

    monkeypatch.setattr(waiting, "either", idling)
    async with running(place.relay()):
        await idle.wait()
        for version in (1, 2, 3):
            idle.clear()
            await tell_versions(place, ACCOUNTS[0], [version])
            await asyncio.wait_for(idle.wait(), 30)
            assert await rows(place, EMPTY) == [(0,)]
    assert versions(await read(place, TotalChanged.topic)) == {str(ACCOUNTS[0]): [1, 2, 3]}


@pytest.mark.parametrize(
    ("at", "arrived_twice"), [("inside a relayed batch", []), ("between broker and outbox", list(range(1, 31)))]
)
async def test_killed_nothing_is_lost_and_what_comes_twice_is_known_by_its_id(
    place: Place, start: Start, eventually: Eventually, at: Moment, arrived_twice: list[int]
) -> None:
    told = await tell_versions(place, ACCOUNTS[0], range(1, 31))
    assert await start(plan(place, at, count=15 if at == "inside a relayed batch" else 1)).ended() == -9
    assert await rows(place, EMPTY) == [(30,)], "nothing leaves the outbox before its transaction commits"
    async with running(place.relay()):
        await eventually(holds(place, EMPTY, 0))
    found = await read(place, TotalChanged.topic)
    assert versions(found) == {str(ACCOUNTS[0]): [*arrived_twice, *range(1, 31)]}
    assert {one.event_id for one in found} == set(told)


async def test_a_standby_takes_over_when_the_leader_dies(place: Place, start: Start, eventually: Eventually) -> None:
    standby = place.relay()
    leader = start(plan(place, "never"))

    async def leads() -> bool:
        return await leader.has_logged("relay leads")

    await eventually(leads)
    async with running(standby):

        async def ready() -> bool:
            return standby._progress.ready

        await eventually(ready)
        await tell_versions(place, ACCOUNTS[0], [1])
        await eventually(holds(place, EMPTY, 0))
        assert REGISTRY.get_sample_value("lianhe_relay_leader", {"service": "tally"}) == 0, "one leads at a time"
        leader.kill()
        await tell_versions(place, ACCOUNTS[0], [2])
        await eventually(holds(place, EMPTY, 0))
    assert versions(await read(place, TotalChanged.topic)) == {str(ACCOUNTS[0]): [1, 2]}


async def _overtaken(place: Place, start: Start, eventually: Eventually, *, without: Guard) -> list[Wire]:
    """Let a relay stand still inside a batch until a successor has sent it and more, then let it go on."""
    await tell_versions(place, ACCOUNTS[0], [1, 2, 3, 4])
    stuck = start(plan(place, "inside a relayed batch", count=2, without=without, stand_still=True))
    await eventually(stuck.stands_still)
    async with running(place.relay(hung_seconds=1)):
        await eventually(holds(place, EMPTY, 0))
        await tell_versions(place, ACCOUNTS[0], [5])
        await eventually(holds(place, EMPTY, 0))
        stuck.goes_on()

        async def gave_up() -> bool:
            return await stuck.has_logged("relay starts over")

        await eventually(gave_up)
    await stuck.stop()
    return await read(place, TotalChanged.topic)


async def test_a_relay_that_stood_still_is_fenced_off_when_it_goes_on(
    place: Place, start: Start, eventually: Eventually
) -> None:
    found = await _overtaken(place, start, eventually, without="none")
    assert versions(found) == {str(ACCOUNTS[0]): [1, 2, 3, 4, 5]}


async def test_without_the_fence_it_appends_old_versions_after_new_ones(
    place: Place, start: Start, eventually: Eventually
) -> None:
    found = await _overtaken(place, start, eventually, without="fence")
    assert versions(found) == {str(ACCOUNTS[0]): [1, 2, 1, 2, 3, 4, 5, 3, 4]}
