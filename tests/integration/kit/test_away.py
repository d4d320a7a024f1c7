"""Servers that go away and come back: waited for, told by health, nothing lost, nothing out of order.

These have a broker or a database of their own, for the run's are shared with the tests at the other worker.
"""

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest

from cli.migrate import FOLDERS
from embedded.ports import PortBook
from embedded.servers import start_kafka, start_postgres
from embedded.supervisor import Supervisor
from kit import broker, migrations
from kit.ids import new_id
from kit.topics import apply
from tests.conftest import Eventually
from tests.integration.kit.tally import TABLES, AmountGiven, Place, Replica, TotalChanged, topics, totals
from tests.integration.kit.wire import (
    committed_offsets,
    connected,
    end_offsets,
    holds,
    once,
    produce,
    read,
    rows,
    running,
    tell_total,
    versions,
    wire,
)

pytestmark = pytest.mark.servers

ACCOUNT, TOLD = new_id(), new_id()
EMPTY = "SELECT count(*) FROM outbox"


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A broker or database of one test's own."""

    address: str
    supervisor: Supervisor

    def signal(self, number: signal.Signals) -> None:
        """Send its process a signal."""
        [state] = self.supervisor.processes
        assert state.pid is not None
        os.kill(state.pid, number)


@pytest.fixture
async def own_broker(tmp_path: Path) -> AsyncIterator[OwnServer]:
    """A broker that the test may stop and kill."""
    supervisor = Supervisor(tmp_path / "logs")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("KAFKA_")}
    try:
        address = await start_kafka(supervisor, tmp_path, PortBook(tmp_path / "run" / "ports.json"), environ)
        await apply(address, topics(1))
        yield OwnServer(address, supervisor)
    finally:
        await supervisor.stop()


async def tell(place: Place, version: int) -> None:
    async with connected(place) as connection, connection.transaction():
        await tell_total(connection, TotalChanged(account=TOLD, version=version, total=0))


async def test_a_broker_that_goes_away_is_waited_for_by_relay_and_consumer(
    place: Place, own_broker: OwnServer, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "SILENT_SECONDS", 1.0)
    monkeypatch.setattr(broker, "TICK_SECONDS", 0.2)
    here = replace(place, kafka=own_broker.address, prefix="")
    relay, consumer = here.relay(hung_seconds=1), Replica(here)
    given = [AmountGiven(account=ACCOUNT, amount=amount) for amount in range(20)]
    async with running(relay, consumer.subscription):

        async def ready() -> bool:
            return relay._progress.ready and consumer.progress.ready

        async def neither() -> bool:
            return not relay._progress.ready and not consumer.progress.ready

        await produce(here, [wire(one) for one in given[:10]])
        await eventually(holds(here, "SELECT count(*) FROM given", 10))
        await tell(here, 1)
        await eventually(ready)

        own_broker.signal(signal.SIGSTOP)
        await tell(here, 2)
        await eventually(neither)
        assert relay._progress.waiting_for == "broker or database 消息代理或数据库: no answer 无应答"
        assert consumer.progress.waiting_for == "broker 消息代理: no answer 无应答"
        assert relay._progress.alive
        assert consumer.progress.alive
        own_broker.signal(signal.SIGCONT)
        await eventually(ready)

        own_broker.signal(signal.SIGKILL)
        await tell(here, 3)
        await eventually(neither)
        await eventually(ready)
        await eventually(holds(here, EMPTY, 0))
        await produce(here, [wire(one) for one in given[10:]])
        await eventually(holds(here, "SELECT count(*) FROM given", 20))

        async def caught_up() -> bool:
            return await committed_offsets(here) == await end_offsets(here)

        await eventually(caught_up)
    assert await rows(here, "SELECT total FROM account") == [(totals(given)[ACCOUNT],)]
    told = versions(once(await read(here, TotalChanged.topic)))
    assert told[str(TOLD)] == [1, 2, 3], "an acknowledgement that was lost leads to a repetition, known by its id"


@pytest.fixture
async def own_database(tmp_path: Path) -> AsyncIterator[OwnServer]:
    """A migrated database on a server that the test may stop and kill."""
    supervisor = Supervisor(tmp_path / "logs")
    try:
        ports = PortBook(tmp_path / "run" / "ports.json")
        address = await start_postgres(supervisor, tmp_path / "data", ports, {})
        await migrations.upgrade(address, FOLDERS["ledgers"])
        yield OwnServer(address, supervisor)
    finally:
        await supervisor.stop()


async def test_a_database_that_is_restarted_at_once_loses_and_doubles_nothing(
    place: Place, own_database: OwnServer, eventually: Eventually
) -> None:
    here = replace(place, database_url=own_database.address)
    for statement in TABLES:
        await rows(here, statement)
    given = [AmountGiven(account=ACCOUNT, amount=amount) for amount in range(200)]
    relay, consumer = here.relay(), Replica(here, batch_size=10)
    async with running(relay, consumer.subscription):
        for part in range(2):
            await produce(here, [wire(one) for one in given[part * 100 : part * 100 + 50]])
            await eventually(holds(here, "SELECT max(amount) >= $1 FROM given", True, part * 100))
            own_database.signal(signal.SIGQUIT)
            await produce(here, [wire(one) for one in given[part * 100 + 50 : part * 100 + 100]])

            async def waits() -> bool:
                return not relay._progress.ready or not consumer.progress.ready

            await eventually(waits)
            await eventually(_answers(here))
        await eventually(holds(here, "SELECT count(*) FROM given", 200))
        await eventually(holds(here, EMPTY, 0))

        async def ready() -> bool:
            return relay._progress.ready and consumer.progress.ready

        await eventually(ready)
    assert await rows(here, "SELECT version, total FROM account") == [(200, totals(given)[ACCOUNT])]
    assert await rows(here, "SELECT count(*) FROM dead_letter") == [(0,)]
    found = await read(here, TotalChanged.topic)
    assert versions(once(found)) == {str(ACCOUNT): list(range(1, 201))}, "what comes twice is known by its id"


def _answers(here: Place) -> Callable[[], Awaitable[bool]]:
    async def condition() -> bool:
        try:
            return await rows(here, "SELECT 1") == [(1,)]
        except (OSError, asyncpg.PostgresError):
            return False

    return condition
