"""When a consumer must not go on: an event that only a newer release reads, and more bad records than can be true."""

import asyncio
from typing import ClassVar

import pytest

from kit.faults import Limits
from kit.ids import new_id
from tests.conftest import Eventually
from tests.integration.kit.conftest import MakePlace
from tests.integration.kit.tally import EVENTS, AmountGiven, AmountGivenSecond, Place, Replica
from tests.integration.kit.wire import Wire, assigned, committed_offsets, count, holds, produce, rows, running, wire

pytestmark = pytest.mark.servers

ACCOUNTS = [new_id(), new_id()]
GIVEN = "SELECT count(*) FROM given"


class AmountGivenMisread(AmountGiven):
    """What a bad release takes the first version for."""

    event_type: ClassVar[str] = AmountGiven.event_type
    unheard_of: int


def first(amount: int, partition: int) -> Wire:
    return wire(AmountGiven(account=ACCOUNTS[partition], amount=amount), partition=partition)


def second(amount: int, partition: int) -> Wire:
    event = AmountGivenSecond(account=ACCOUNTS[partition], amount=amount, currency="CNY")
    return wire(event, partition=partition)


async def test_a_partition_waits_at_a_higher_version_and_the_others_go_on(
    make_place: MakePlace, eventually: Eventually
) -> None:
    place = await make_place(2)
    waiting = [*(first(amount, 0) for amount in range(5)), second(5, 0), *(first(amount, 0) for amount in range(6, 10))]
    await produce(place, [*waiting, *(first(amount, 1) for amount in range(20))])
    old = Replica(place, batch_size=7)
    async with running(old.subscription):
        await eventually(holds(place, GIVEN, 25))
        await produce(place, [first(amount, 1) for amount in range(20, 25)])
        await eventually(holds(place, GIVEN, 30))

        async def committed() -> bool:
            return await committed_offsets(place) == {0: 5, 1: 25}

        await eventually(committed)
        assert (old.progress.ready, old.progress.alive) == (False, True)
        assert old.progress.waiting_for == "a newer release 需要新版本"
    assert await committed_offsets(place) == {0: 5, 1: 25}
    assert await count(place, "dead_letter") == 0

    newer = Replica(place, batch_size=7, versions=(1, 2))
    async with running(newer.subscription):
        await eventually(holds(place, GIVEN, 35))

        async def ready() -> bool:
            return newer.progress.ready

        await eventually(ready)
    amounts = await rows(place, "SELECT amount FROM given WHERE account = $1 ORDER BY place", ACCOUNTS[0])
    assert amounts == [(amount,) for amount in range(10)]
    assert await count(place, "dead_letter") == 0


@pytest.mark.parametrize(("batch_size", "set_aside"), [(500, 0), (20, 100)])
async def test_a_bad_release_halts_before_it_empties_the_topic_and_a_good_one_goes_on(
    place: Place, eventually: Eventually, monkeypatch: pytest.MonkeyPatch, batch_size: int, set_aside: int
) -> None:
    monkeypatch.setitem(EVENTS, 1, AmountGivenMisread)
    await produce(place, [first(amount, 0) for amount in range(150)])
    bad = Replica(place, batch_size=batch_size)

    async def halted() -> bool:
        return str(bad.progress.waiting_for).startswith("halted 已停止: ")

    async with running(bad.subscription):
        await eventually(halted)
        await produce(place, [first(amount, 0) for amount in range(150, 160)])
        await asyncio.sleep(0.5)
        assert (await halted(), bad.progress.ready, bad.progress.alive) == (True, False, True)
    assert await count(place, "dead_letter") == set_aside
    assert (await committed_offsets(place)).get(0, 0) == set_aside
    monkeypatch.undo()

    good = Replica(place, batch_size=batch_size)
    async with running(good.subscription):
        await eventually(holds(place, GIVEN, 160 - set_aside))
    assert await rows(place, "SELECT amount FROM given ORDER BY place") == [(one,) for one in range(set_aside, 160)]
    assert await count(place, "dead_letter") == set_aside


async def test_a_halted_consumer_takes_nothing_until_it_is_restarted_even_after_a_rebalance(
    make_place: MakePlace, eventually: Eventually
) -> None:
    place = await make_place(2)
    await produce(place, [wire(AmountGiven(account=ACCOUNTS[1], amount=-1), partition=1) for _ in range(7)])
    first_one, second_one = (Replica(place, instance=name, limits=Limits(in_a_row=5)) for name in ("0", "1"))

    async def halted() -> bool:
        return str(first_one.progress.waiting_for).startswith("halted 已停止: ")

    async with running(first_one.subscription):
        await eventually(halted)
        async with running(second_one.subscription):

            async def shared() -> bool:
                return all(len(assigned(one)) == 1 for one in (first_one, second_one))

            await eventually(shared)
            assert {one.partition for one in assigned(first_one)} == {0}, "the bad ones are now with the other"
            await produce(place, [first(amount, 0) for amount in range(3)])

            async def paused() -> bool:
                return set(first_one.subscription._kafka.paused()) == assigned(first_one)

            await eventually(paused)
            assert await halted()
    assert await count(place, "given") == 0
    assert (await committed_offsets(place)).get(0, 0) == 0
