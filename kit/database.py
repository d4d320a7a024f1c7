"""PostgreSQL: one transaction a command or a batch, and what an error from it means.

Batches go by the driver's connection and `unnest`: 63,000 rows/s where a session's `add_all` writes 8,000. What loads
and stores aggregates by their tables uses a session (`kit.sessions`), on the same connection as the batch's statements.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from time import perf_counter
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import asyncpg

from kit import metrics
from kit.vitals import forget_pool, watch_pool

CONNECT_SECONDS: Final = 10
POOL_SECONDS: Final = 30
"""How long a transaction waits for a free connection."""

SERVER_SETTINGS: Final = {"timezone": "UTC", "idle_in_transaction_session_timeout": "60s"}
"""A process that hangs in the middle of a transaction lets go of its locks after a minute."""


class Connection(Protocol):
    """The part of the driver's connection that batches use. Values go as parameters, `$1` and so on."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement and return its command tag."""
        ...

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """Run a statement and return its rows."""
        ...

    async def fetchval(self, query: str, *args: object) -> Any:
        """Run a statement and return the first column of its first row."""
        ...

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        """Run a statement and return its first row."""
        ...

    async def copy_records_to_table(
        self, table_name: str, *, records: Iterable[Sequence[object]], columns: Sequence[str]
    ) -> str:
        """Add rows by COPY, in order: half the cost of `unnest` where nothing can conflict. Returns the tag."""
        ...


@dataclass(frozen=True, slots=True)
class Transaction:
    """One open transaction."""

    connection: Connection


class _Session(asyncpg.Connection):
    """A connection that goes back to its pool as it is: nothing here sets anything beyond its transaction."""

    def get_reset_query(self) -> str:
        """Return no statement: the default ones would be a round trip a transaction."""
        return ""


class Database:
    """A pool of connections to one service's database.

    Args:
        url: `postgresql://user:password@host:port/database`.
        application_name: how the server names its sessions, and the metrics its pool.
        pool_size: the most connections; made as they are needed.
    """

    def __init__(self, url: str, *, application_name: str, pool_size: int = 5) -> None:
        self._url = url
        self._place = urlsplit(url).netloc.rpartition("@")[2]
        self._name = application_name
        self._settings = {**SERVER_SETTINGS, "application_name": application_name}
        self._size = pool_size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        Application code never commits by itself.

        Raises:
            ConnectionError: no connection came free or could be made; the text names the server.
        """
        pool = await self._opened()
        asked = perf_counter()
        try:
            connection = await pool.acquire(timeout=POOL_SECONDS)
            metrics.POOL_WAIT_SECONDS.labels(self._name).observe(perf_counter() - asked)
        except OSError as error:  # uvloop's own says neither who refused nor where
            raise ConnectionError(f"database 数据库 {self._place}: {str(error) or type(error).__name__}") from error
        try:
            async with connection.transaction():
                yield Transaction(connection)
        finally:
            await pool.release(connection)

    async def close(self) -> None:
        """Close every connection."""
        if self._pool is not None:
            await self._pool.close()
            forget_pool(self._name)

    async def _opened(self) -> "asyncpg.Pool[asyncpg.Record]":
        if self._pool is None:
            # Opens no connection yet: a server that is away is waited for by whoever asks for a transaction.
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=0,
                max_size=self._size,
                connection_class=_Session,
                server_settings=self._settings,
                timeout=CONNECT_SECONDS,
            )
            watch_pool(self._name, self._pool)
        return self._pool


AWAY: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a session of its own fails with when its server goes away, in whichever state it was; a new one is opened then.

The last: a statement that begins while the server's parting words are still being read.
"""


class Failure(Enum):
    """What an error from the database, or on the way to it, asks for."""

    DATA = "data"
    """The data is refused: the same data will be refused again."""
    RETRY = "retry"
    """The server or the way to it is away, or asks to try again: the same data may be taken later."""
    MISMATCH = "mismatch"
    """The statement and the database don't fit, as in the middle of a rollout: waiting is right, loudly."""
    CODE = "code"
    """No error of the database at all: our own code failed."""


_RETRY_CLASSES: Final = frozenset({"08", "40", "53", "55", "57", "58"})
_DATA_CLASSES: Final = frozenset({"22", "23"})


def failure_of(error: BaseException) -> Failure:
    """Say what an exception asks for, by its SQLSTATE class where it has one (PostgreSQL, appendix A)."""
    cause: BaseException | None = error
    while cause is not None:
        state = getattr(cause, "sqlstate", None)
        if isinstance(state, str):
            if state[:2] in _DATA_CLASSES:
                return Failure.DATA
            return Failure.RETRY if state[:2] in _RETRY_CLASSES else Failure.MISMATCH
        if isinstance(cause, asyncpg.DataError):
            return Failure.DATA  # raised by the driver itself: a value that doesn't fit its parameter
        if isinstance(cause, asyncpg.OutdatedSchemaCacheError):
            return Failure.MISMATCH  # the driver's view of the schema is out of date: a rollout, not the data
        if isinstance(cause, AWAY):
            return Failure.RETRY
        cause = getattr(cause, "orig", None) or cause.__cause__  # SQLAlchemy keeps the driver's error in `orig`
    return Failure.CODE
