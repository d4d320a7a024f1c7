"""The log of changes: positions in the order of commits, one sequencer at a time, an end to what is kept."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from gateway.changes import log
from gateway.changes.log import ROWS, Session, number, prune, state
from gateway.changes.sequencing import Sequencer
from gateway.changes.watching import AwayError, Watch
from kit.clock import ManualClock
from kit.ids import new_id
from tests.conftest import Eventually
from tests.integration.gateway.subscriptions.conftest import NOW

pytestmark = pytest.mark.servers

NOTE = """
    INSERT INTO public.change (topic, aggregate_id, version, event_type, division_code, bureau, recorded_at)
    SELECT 'ledgers-coverage', gen_random_uuid(), 1, 'x', '500111000000', 'MARKET_REGULATION', now()
    FROM generate_series(1, $1)
"""


@pytest.fixture
async def sessions(url: str) -> AsyncIterator[list[Session]]:
    """Four sessions on the gateway's database."""
    made = [await asyncpg.connect(url) for _ in range(4)]
    yield made
    for one in made:
        one.terminate()


async def positions(session: Session) -> list[int | None]:
    """Return the positions from the log's beginning, in the order of identities."""
    begun = await session.fetchval("SELECT last - (SELECT count(position) FROM public.change) FROM public.change_log")
    rows = await session.fetch("SELECT position - $1 AS position FROM public.change ORDER BY id", begun)
    return [row["position"] for row in rows]


async def test_what_commits_late_is_behind_what_was_told_before(sessions: list[Session]) -> None:
    early, late, sequencer, reader = sessions
    transaction = late.transaction()
    await transaction.start()
    await late.execute(NOTE, 1)
    await early.execute(NOTE, 2)
    begun = (await state(reader)).last
    seen_id = await reader.fetchval("SELECT max(id) FROM public.change")
    assert await number(sequencer) == 2
    seen = (await state(reader)).last
    assert seen == begun + 2
    await transaction.commit()
    assert await reader.fetch("SELECT id FROM public.change WHERE id > $1", seen_id) == [], "by identity it is lost"
    assert await number(sequencer) == 1
    found = await reader.fetch("SELECT id, position FROM public.change WHERE position > $1", seen)
    assert [(row["id"] < seen_id, row["position"]) for row in found] == [(True, begun + 3)]
    assert await positions(reader) == [3, 1, 2]


async def test_sequencers_at_once_give_each_change_one_position_without_a_gap(sessions: list[Session]) -> None:
    writer, *sequencers = sessions
    done = asyncio.Event()

    async def write() -> None:
        for count in (1, 3, 700, 2, 40, 1, 1, 9):
            await writer.execute(NOTE, count)
        done.set()

    async def sequence(session: Session) -> int:
        numbered = 0
        while not done.is_set() or await number(session):
            numbered += await number(session)
        return numbered

    await asyncio.gather(write(), *(sequence(one) for one in sequencers))
    while await number(writer):
        pass
    found = await positions(writer)
    assert sorted(one for one in found if one is not None) == list(range(1, 758))


async def test_a_second_sequencer_goes_on_behind_the_first_also_with_what_was_begun_before(
    sessions: list[Session],
) -> None:
    late, writer, first, second = sessions
    begun_before = late.transaction()
    await begun_before.start()
    await late.execute(NOTE, 1)
    await writer.execute(NOTE, 3)
    numbering = first.transaction()
    await numbering.start()
    last = await first.fetchval(log._HOLD)
    assert await first.fetchval(log._NUMBER, last, ROWS) == 3
    await begun_before.commit()
    waiting = asyncio.create_task(number(second))
    await asyncio.sleep(0.2)
    await numbering.commit()
    assert await waiting == 1
    assert await positions(writer) == [4, 1, 2, 3]


async def test_a_sequencer_that_dies_in_the_middle_leaves_its_work_to_the_next(sessions: list[Session]) -> None:
    writer, first, second, _ = sessions
    await writer.execute(NOTE, 3)
    begun = await first.fetchval("SELECT last FROM public.change_log")
    await first.execute("BEGIN")
    await first.execute("UPDATE public.change_log SET last = last + 3")
    await first.execute("UPDATE public.change SET position = $1 + id, numbered_at = now()", begun)
    waiting = asyncio.create_task(number(second))
    await asyncio.sleep(0.1)
    assert not waiting.done(), "one at a time"
    first.terminate()
    assert await asyncio.wait_for(waiting, 30) == 3
    assert await positions(writer) == [1, 2, 3]


async def test_many_changes_get_their_positions_in_parts(sessions: list[Session]) -> None:
    session = sessions[0]
    await session.execute(NOTE, ROWS + 7)
    assert [await number(session) for _ in range(3)] == [ROWS, 7, 0]
    assert await positions(session) == list(range(1, ROWS + 8))


async def test_old_changes_are_deleted_from_the_front_and_positions_go_on(sessions: list[Session]) -> None:
    session = sessions[0]
    begun = (await state(session)).last
    for _ in range(4):
        await session.execute(NOTE, 1)
        await number(session)
    # the clock of the server was set back between the second and the third
    for place, days in ((1, 9), (2, 6), (3, 8), (4, 1)):
        await session.execute(
            "UPDATE public.change SET numbered_at = $2 WHERE position = $1", begun + place, NOW - timedelta(days=days)
        )
    assert await prune(session, NOW - timedelta(days=7)) == 3
    found = await state(session)
    assert (found.pruned - begun, found.last - begun) == (3, 4)
    assert await prune(session, NOW - timedelta(days=7)) == 0
    assert await prune(session, NOW) == 1
    await session.execute(NOTE, 1)
    await number(session)
    found = await state(session)
    assert (found.pruned - begun, found.last - begun) == (4, 5), "an empty log goes on where it was"


async def test_a_sequencer_numbers_at_once_forgets_what_is_old_and_comes_back_after_a_loss(
    url: str, sessions: list[Session], eventually: Eventually
) -> None:
    session, other, *_ = sessions
    await session.execute(NOTE, 1)
    await number(session)
    await session.execute("UPDATE public.change SET numbered_at = $1", NOW - timedelta(days=7, seconds=1))
    stop = asyncio.Event()
    running = [asyncio.create_task(Sequencer(url, ManualClock(NOW)).run(stop)) for _ in range(2)]

    async def numbered(count: int) -> None:
        async def reached() -> bool:
            found = await session.fetchval("SELECT count(*) FROM public.change WHERE position IS NOT NULL")
            return bool(found == count)

        await eventually(reached)

    await numbered(0)
    await session.execute(NOTE, 3)
    await numbered(3)
    ended = await other.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'gateway-sequencer' AND datname = current_database()"
    )
    assert len(ended) == 2
    await session.execute(NOTE, 2)
    await numbered(5)
    stop.set()
    await asyncio.gather(*running)
    assert await positions(session) == [1, 2, 3, 4, 5]


async def test_the_watch_knows_how_far_it_goes_and_says_when_it_does_not(url: str, sessions: list[Session]) -> None:
    session, other, *_ = sessions
    watch, stop = Watch(url), asyncio.Event()
    with pytest.raises(AwayError):
        _ = watch.state
    running = asyncio.create_task(watch.run(stop))
    begun = (await watch.known()).last
    waiting = asyncio.create_task(watch.beyond(begun))
    await session.execute(NOTE, 2)
    await number(session)
    assert (await asyncio.wait_for(waiting, 30)).last == begun + 2
    assert (await watch.beyond(begun)).build == "model_1"
    waiting = asyncio.create_task(watch.beyond(begun + 2))
    await asyncio.sleep(0)
    await other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'gateway-changes' AND datname = current_database()"
    )
    with pytest.raises(AwayError):
        await asyncio.wait_for(waiting, 30)
    assert (await watch.known()).last == begun + 2, "it comes back"
    stop.set()
    await running


async def test_the_same_version_of_an_aggregate_stands_in_the_log_once(sessions: list[Session]) -> None:
    session = sessions[0]
    statement = (
        "INSERT INTO public.change (topic, aggregate_id, version, event_type, division_code, bureau, recorded_at) "
        "VALUES ('ledgers-coverage', $1, 1, 'x', '500111000000', 'MARKET_REGULATION', now())"
    )
    key = new_id()
    await session.execute(statement, key)
    with pytest.raises(asyncpg.UniqueViolationError):
        await session.execute(statement, key)
