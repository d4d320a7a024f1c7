"""Dead letters that are redriven: each has its effect once, whatever happens meanwhile."""

import asyncio
from uuid import UUID

import pytest

from kit import consumer as consumer_module
from kit import redriving
from kit.dead_letters import Kept, Outcome
from tests.conftest import Eventually
from tests.integration.kit.conftest import Start
from tests.integration.kit.letters import (
    ACCOUNT,
    NAME,
    NOW,
    STATES,
    ask,
    counted,
    crash,
    drain,
    history,
    mended,
    set_aside,
)
from tests.integration.kit.process import Moment, Plan
from tests.integration.kit.tally import AmountGiven, Place
from tests.integration.kit.wire import (
    count,
    holds,
    locked,
    rewind,
    rows,
    running,
    wire,
)

pytestmark = pytest.mark.servers


async def test_what_a_mended_handler_can_take_in_is_applied_once_in_order_and_told(
    place: Place, eventually: Eventually, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redriving, "FALLBACK_SECONDS", 600)  # so it is the asking that wakes it
    await set_aside(place, eventually, [crash(amount) for amount in (1, 2, 3)])
    before = counted("lianhe_dead_letters_redriven_total", consumer="tally.amount")
    replica = mended(place)

    async def ready() -> bool:
        return replica.redriver._progress.ready

    async with running(replica.redriver):
        await eventually(ready)
        asked = await ask(place)
        assert len(asked) == 3
        await eventually(holds(place, "SELECT count(*) FROM dead_letter WHERE state = 'REDRIVEN'", 3))
    assert await rows(place, "SELECT amount FROM given ORDER BY place") == [(1,), (2,), (3,)]
    assert await rows(place, "SELECT total, version FROM account") == [(6, 3)]
    assert await rows(place, "SELECT count(*) FROM outbox WHERE topic = 'tally-total'") == [(3,)]
    assert counted("lianhe_dead_letters_redriven_total", consumer="tally.amount") - before == 3
    [one] = await history(place, asked[0])
    assert (one.number, one.outcome, one.reason, one.asked_by, one.asked_at) == (
        1,
        Outcome.APPLIED,
        None,
        "somebody",
        NOW,
    )
    assert NAME not in "".join(capfd.readouterr())


async def test_a_word_that_was_missed_is_made_up_for(
    place: Place, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redriving, "FALLBACK_SECONDS", 0.05)
    await set_aside(place, eventually, [crash(1)])
    async with running(mended(place).redriver):
        await rows(place, "UPDATE dead_letter SET state = 'ASKED_FOR', asked_by = 'x', asked_at = $1", NOW)
        await eventually(holds(place, "SELECT state FROM dead_letter", "REDRIVEN"))
    assert await rows(place, "SELECT total FROM account") == [(1,)]


async def test_asked_for_twice_asked_for_again_or_heard_again_it_has_one_effect(
    place: Place, eventually: Eventually
) -> None:
    await set_aside(place, eventually, [crash(5)])
    first = await ask(place)
    assert await ask(place, ids=first) == first
    replica = mended(place)
    assert await drain(replica.redriver) == 1
    assert await ask(place, ids=first) == []
    assert await drain(replica.redriver) == 0
    await rewind(place)
    await set_aside(place, eventually, [wire(AmountGiven(account=ACCOUNT, amount=1))])
    assert await rows(place, "SELECT total, version FROM account") == [(6, 2)]


async def test_of_two_redrivers_at_once_each_letter_is_taken_in_by_one_and_the_order_stays(
    place: Place, eventually: Eventually
) -> None:
    await set_aside(place, eventually, [crash(amount) for amount in range(1, 31)])
    one, other = (mended(place, instance=name) for name in "01")
    async with running(one.redriver, other.redriver):
        await ask(place)
        await eventually(holds(place, "SELECT count(*) FROM dead_letter WHERE state = 'REDRIVEN'", 30))
    assert await rows(place, "SELECT amount FROM given ORDER BY place") == [(one,) for one in range(1, 31)]
    assert await rows(place, "SELECT total, version FROM account") == [(465, 30)]
    assert await rows(place, "SELECT max(tries) FROM dead_letter") == [(1,)]


async def test_while_one_redriver_works_the_other_stands_by(place: Place, eventually: Eventually) -> None:
    await set_aside(place, eventually, [crash(1), crash(2)])
    await ask(place)
    one, other = mended(place, instance="0"), mended(place, instance="1")
    async with locked(place):
        working = asyncio.create_task(one.redriver.redrive_next())

        async def under_way() -> bool:
            return await rows(place, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(1,)]

        await eventually(under_way)
        assert await other.redriver.redrive_next() is False
    assert await working is True
    assert await drain(other.redriver) == 1
    assert await rows(place, "SELECT amount FROM given ORDER BY place") == [(1,), (2,)]


@pytest.mark.parametrize(
    ("at", "effect"),
    [("inside a transaction", 1), ("between mark and commit", 1), ("after the commit", 2)],
)
async def test_killed_anywhere_each_letter_is_once_in_effect(
    place: Place, start: Start, eventually: Eventually, at: Moment, effect: int
) -> None:
    await set_aside(place, eventually, [crash(amount) for amount in (1, 2, 3)])
    await ask(place)
    plan = Plan(
        role="redriver",
        kafka=place.kafka,
        prefix=place.prefix,
        database_url=place.database_url,
        at=at,
        count=2,
        mended=True,
    )
    assert await start(plan).ended() == -9
    assert await count(place, "given") == effect
    assert await rows(place, STATES) == [("ASKED_FOR", 3 - effect), ("REDRIVEN", effect)]
    again = start(plan.model_copy(update={"at": "never"}))
    await eventually(holds(place, "SELECT count(*) FROM dead_letter WHERE state = 'REDRIVEN'", 3))
    await again.stop()
    assert await rows(place, "SELECT amount FROM given ORDER BY place") == [(1,), (2,), (3,)]
    assert await rows(place, "SELECT count(*) FROM outbox WHERE topic = 'tally-total'") == [(3,)]


async def test_killed_between_a_failure_and_its_mark_the_try_is_made_again_and_counted_once(
    place: Place, start: Start, eventually: Eventually
) -> None:
    await set_aside(place, eventually, [crash(1)])
    [letter] = await ask(place)
    plan = Plan(role="redriver", kafka=place.kafka, prefix=place.prefix, database_url=place.database_url)
    assert await start(plan.model_copy(update={"at": "between a failure and its mark"})).ended() == -9
    assert await rows(place, STATES) == [("ASKED_FOR", 1)]
    again = start(plan)
    await eventually(holds(place, "SELECT state FROM dead_letter", "FAILED_AGAIN"))
    await again.stop()
    assert [one.outcome for one in await history(place, letter)] == [Outcome.FAILED]


async def test_a_record_that_came_again_by_kafka_has_no_second_effect(place: Place, eventually: Eventually) -> None:
    record = crash(9)
    await set_aside(place, eventually, [record])
    await rewind(place)
    replica = mended(place)
    async with running(replica.subscription):
        await eventually(holds(place, "SELECT total FROM account", 9))
    [letter] = await ask(place)
    assert await drain(replica.redriver) == 1
    assert await rows(place, "SELECT total, version FROM account") == [(9, 1)]
    assert await rows(place, "SELECT state FROM dead_letter") == [("REDRIVEN",)]
    assert [one.outcome for one in await history(place, letter)] == [Outcome.KNOWN]


async def test_without_the_inbox_the_record_that_came_again_counts_twice(
    place: Place, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_aside(place, eventually, [crash(9)])
    await rewind(place)
    replica = mended(place)
    async with running(replica.subscription):
        await eventually(holds(place, "SELECT total FROM account", 9))
    await ask(place)

    async def everything_is_new(*_args: object) -> set[UUID]:
        return set()

    monkeypatch.setattr(consumer_module, "take_in", everything_is_new)
    assert await drain(replica.redriver) == 1
    assert await rows(place, "SELECT total FROM account") == [(18,)]


async def test_a_record_heard_from_kafka_while_it_is_redriven_counts_once(place: Place, eventually: Eventually) -> None:
    record = crash(4)
    await set_aside(place, eventually, [record])
    await ask(place)
    one, other = mended(place, instance="0"), mended(place, instance="1")
    async with locked(place):
        redriven = asyncio.create_task(one.redriver.redrive_next())
        heard = Kept(place.prefix + AmountGiven.topic, 0, 0, record.key, record.value, record.headers, timestamp=0)
        taken = asyncio.create_task(other.consumer.take([heard]))

        async def both_wait() -> bool:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
            return await rows(place, waiting) == [(2,)]

        await eventually(both_wait)
    await asyncio.gather(redriven, taken)
    assert await rows(place, "SELECT total, version FROM account") == [(4, 1)]
    assert await rows(place, "SELECT state FROM dead_letter") == [("REDRIVEN",)]
