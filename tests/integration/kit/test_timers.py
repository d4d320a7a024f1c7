"""Durable timers: each due step fires once, in order, also after a week, a crash, and with two processes at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from asyncpg import InterfaceError

from kit.clock import ManualClock
from kit.database import Database, Failure, Transaction, failure_of
from kit.health import Progress
from kit.housekeeping import housekeeping
from kit.timers import Due, OnDue, Timers, set_timer
from tests.conftest import Eventually, MakeDatabase

pytestmark = pytest.mark.servers

START = datetime(2026, 7, 1, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
async def database(make_database: MakeDatabase) -> AsyncIterator[Database]:
    opened = Database(await make_database("ledgers"), application_name="timers", pool_size=4)
    async with opened.transaction() as transaction:
        await transaction.connection.execute("CREATE TABLE done (step text, merged int)")
    yield opened
    await opened.close()


async def note(transaction: Transaction, due: Due) -> None:
    await transaction.connection.execute("INSERT INTO done VALUES ($1, $2)", due.step, due.merged)


def timers(database: Database, clock: ManualClock, on_due: OnDue = note) -> Timers:
    return Timers(
        service="tally", database=database, clock=clock, processes={"reminders": on_due}, progress=Progress("timers")
    )


async def put(database: Database, *times: tuple[str, datetime], process: str = "reminders") -> None:
    async with database.transaction() as transaction:
        for step, due in times:
            await set_timer(transaction.connection, process, step, due)


async def done(database: Database) -> list[tuple[str, int]]:
    async with database.transaction() as transaction:
        return [(row["step"], row["merged"]) for row in await transaction.connection.fetch("SELECT * FROM done")]


async def test_a_step_fires_once_when_it_is_due_and_not_before(database: Database, clock: ManualClock) -> None:
    await put(database, ("first", START + DAY))
    assert await timers(database, clock).fire_due() == []
    clock.advance(DAY - timedelta(microseconds=1))
    assert await timers(database, clock).fire_due() == []
    clock.advance(timedelta(microseconds=1))
    assert await timers(database, clock).fire_due() == [Due("reminders", "first", START + DAY, 1)]
    assert await timers(database, clock).fire_due() == []
    await put(database, ("first", START + DAY))
    assert await timers(database, clock).fire_due() == [], "the same timer, set again after it fired, is the same"


async def test_after_a_week_each_step_fires_once_in_order_with_its_reminders_merged(
    database: Database, clock: ManualClock
) -> None:
    await put(database, *(("b", START + day * DAY) for day in range(2, 7)))
    await put(database, ("c", START + 3 * DAY), ("a", START + 2 * DAY), ("later", START + 8 * DAY))
    await put(database, ("unknown", START + DAY), process="somebody-else")
    clock.advance(7 * DAY)
    assert await timers(database, clock).fire_due() == [
        Due("reminders", "a", START + 2 * DAY, 1),
        Due("reminders", "b", START + 6 * DAY, 5),
        Due("reminders", "c", START + 3 * DAY, 1),
    ]
    assert await done(database) == [("a", 1), ("b", 5), ("c", 1)]


async def test_a_step_cut_off_in_the_middle_fires_again_and_holds_back_what_is_due_after_it(
    database: Database, clock: ManualClock
) -> None:
    async def dies(transaction: Transaction, due: Due) -> None:
        await note(transaction, due)
        if due.step == "second":  # for the database the same as a process that is killed here
            await transaction.connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    await put(database, *((step, START + timedelta(hours=at)) for at, step in enumerate(("first", "second", "third"))))
    clock.advance(DAY)
    with pytest.raises(InterfaceError) as cut_off:
        await timers(database, clock, dies).fire_due()
    assert failure_of(cut_off.value) is Failure.RETRY, "the loop waits and tries again"
    assert await done(database) == [("first", 1)]
    assert [due.step for due in await timers(database, clock).fire_due()] == ["second", "third"]
    assert await done(database) == [("first", 1), ("second", 1), ("third", 1)]


async def test_two_processes_at_once_fire_each_step_once_in_order(database: Database, clock: ManualClock) -> None:
    steps = [f"step {number:02}" for number in range(20)]
    await put(database, *((step, START + at * timedelta(minutes=1)) for at, step in enumerate(steps)))
    clock.advance(DAY)

    async def slowly(transaction: Transaction, due: Due) -> None:
        await note(transaction, due)
        await asyncio.sleep(0.01)

    fired: list[Due] = []
    while len(await done(database)) < len(steps):
        for one in await asyncio.gather(*(timers(database, clock, slowly).fire_due() for _ in range(3))):
            fired += one
    assert sorted(due.step for due in fired) == steps
    assert await done(database) == [(step, 1) for step in steps]


async def test_the_loop_sets_its_timers_once_and_outlives_a_database_that_is_away(
    database: Database, clock: ManualClock, eventually: Eventually
) -> None:
    progress = Progress("timers")
    running = housekeeping("tally", database, clock, progress)
    stop = asyncio.Event()
    begin = running._begin
    assert begin is not None
    tries = 0

    async def refused_at_first(transaction: Transaction) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ConnectionRefusedError
        await begin(transaction)

    running._begin = refused_at_first
    task = asyncio.create_task(running.run(stop))

    async def told() -> bool:
        return progress.waiting_for == "database 数据库: ConnectionRefusedError"

    async def ready() -> bool:
        return progress.ready

    await eventually(told)
    await eventually(ready)
    clock.advance(3 * DAY)

    async def next_set() -> bool:
        async with database.transaction() as transaction:
            rows = await transaction.connection.fetch("SELECT due, fired_at FROM timer ORDER BY due")
        return [row["due"] for row in rows] == [
            datetime(2026, 7, 1, 19, 30, tzinfo=UTC),
            datetime(2026, 7, 4, 19, 30, tzinfo=UTC),
        ] and [row["fired_at"] for row in rows] == [START + 3 * DAY, None]

    await eventually(next_set)
    stop.set()
    await task
