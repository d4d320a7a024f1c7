"""A gateway of a test's own: its database, its projection, its sequencer and watch, and the graph on them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from starlette.applications import Starlette

from gateway.auth import Scopes
from gateway.changes.sequencing import Sequencer
from gateway.changes.watching import Watch
from gateway.graphql.http import graphql_app
from gateway.graphql.pool import read_pool
from gateway.graphql.websocket import Limits
from kit.callers import Verifier
from kit.clock import ManualClock
from tests.conftest import Eventually, MakeDatabase
from tests.integration.gateway.hearing import Projection
from tests.integration.gateway.subscriptions.socket import PROTOCOL, Socket
from tests.tokens import ISSUER, Issuer

NOW = datetime(2026, 7, 2, tzinfo=UTC)


@dataclass(slots=True)
class Gateway:
    """A gateway without its broker: events are given to its consumers by hand."""

    url: str
    projection: Projection
    pool: asyncpg.Pool
    issuer: Issuer
    scopes: Scopes
    app: Starlette = field(init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, limits: Limits | None = None, *, anonymous: bool = True, sequencer: bool = True) -> None:
        """Run the sequencer and the watch, and serve the graph."""
        self._stop = asyncio.Event()
        watch = Watch(self.url)
        self._tasks = [asyncio.create_task(watch.run(self._stop))]
        if sequencer:
            self._tasks.append(asyncio.create_task(Sequencer(self.url, ManualClock(NOW)).run(self._stop)))
        scope_of = self.scopes if anonymous else Scopes(self.scopes._verifier, anonymous=False)
        self.app = graphql_app(self.pool, scope_of=scope_of, watch=watch, limits=limits)
        await watch.known()

    async def stop(self) -> None:
        """End what was started."""
        self._stop.set()
        await asyncio.gather(*self._tasks)

    def socket(self, headers: Mapping[str, str] | None = None, protocols: Sequence[str] = (PROTOCOL,)) -> Socket:
        """Return a connection that is to be entered."""
        return Socket(self.app, headers, protocols)

    async def position(self) -> str:
        """Return where the log is."""
        [(last,)] = await self.rows("SELECT last FROM public.change_log")
        return str(last)

    async def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        return await self.projection.rows(query, *values)


@pytest.fixture
async def url(make_database: MakeDatabase) -> str:
    """Address of a migrated database of the gateway."""
    return await make_database("gateway")


@pytest.fixture
async def gateway(url: str, tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway that runs."""
    issuer = Issuer()
    verifier = Verifier.of(ISSUER, str(issuer.publish(tmp_path)))
    pool = await read_pool(url, size=4)
    made = Gateway(url, Projection(url), pool, issuer, Scopes(verifier, anonymous=True))
    await made.start()
    yield made
    await made.stop()
    await made.projection.close()
    await pool.close()


Numbered = Callable[[int], Awaitable[None]]


@pytest.fixture
def numbered(gateway: Gateway, eventually: Eventually) -> Numbered:
    """Wait until so many changes have a position."""

    async def wait(count: int) -> None:
        async def reached() -> bool:
            return await gateway.rows("SELECT count(*) FROM public.change WHERE position IS NOT NULL") == [(count,)]

        await eventually(reached)

    return wait


@pytest.fixture
async def statements(gateway: Gateway) -> list[str]:
    """The text of every statement that reads the read model, from now on."""
    sent: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        sent.append(record.query)

    held = [await gateway.pool.acquire() for _ in range(gateway.pool.get_max_size())]
    for connection in held:
        connection.add_query_logger(note)
        await gateway.pool.release(connection)
    return sent
