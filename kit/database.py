"""PostgreSQL: one transaction a command or a batch, and what an error from it means.

A `Transaction` offers the same transaction twice: as a SQLModel session, for commands that load and store aggregates,
and as the driver's connection, for batches that write by `unnest` (8,000 rows/s by `add_all`, 63,000 by `unnest`).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Protocol, cast

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

_TRANSACTION_TIMEOUT: Final = "SET LOCAL idle_in_transaction_session_timeout = '60s'"


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


@dataclass(frozen=True, slots=True)
class Transaction:
    """One open transaction, as a session and as the driver's connection."""

    session: AsyncSession
    connection: Connection


class Database:
    """A pool of connections to one service's database."""

    def __init__(self, url: str, *, application_name: str, pool_size: int = 5) -> None:
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=False,
            hide_parameters=True,  # what is stored stays out of error messages, and so of the logs
            connect_args={"server_settings": {"application_name": application_name, "timezone": "UTC"}, "timeout": 10},
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        Application code never commits by itself.
        """
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            connection = await session.connection()
            # SQLAlchemy begins with its first statement: this one, so that the driver's connection is inside too.
            await connection.exec_driver_sql(_TRANSACTION_TIMEOUT)
            raw = await connection.get_raw_connection()
            yield Transaction(session, cast("Connection", raw.driver_connection))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


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
        if isinstance(cause, OSError | asyncpg.InterfaceError | InterfaceError | PoolTimeoutError):
            return Failure.RETRY
        if isinstance(cause, asyncpg.InternalClientError):
            return Failure.MISMATCH  # the driver's view of the schema is out of date: a rollout, not the data
        cause = (cause.orig if isinstance(cause, DBAPIError) else None) or cause.__cause__
    return Failure.CODE


def sqlalchemy_url(url: str) -> str:
    """Return a `postgresql://` address in the form that SQLAlchemy's asyncpg dialect wants."""
    return "postgresql+asyncpg://" + url.split("://", 1)[1]
