"""SQLModel sessions: for what loads and stores aggregates by their tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from kit.database import CONNECT_SECONDS, POOL_SECONDS, SERVER_SETTINGS, Connection, Transaction


@dataclass(frozen=True, slots=True)
class SessionTransaction(Transaction):
    """One open transaction, as the driver's connection and as a session."""

    session: AsyncSession


class Sessions:
    """A pool of sessions on one service's database.

    Args:
        url: `postgresql://user:password@host:port/database`.
        application_name: how the server names its sessions.
        pool_size: the most connections; made as they are needed.
    """

    def __init__(self, url: str, *, application_name: str, pool_size: int = 5) -> None:
        self._engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
            hide_parameters=True,  # what is stored stays out of error messages, and so of the logs
            connect_args={
                "server_settings": {**SERVER_SETTINGS, "application_name": application_name},
                "timeout": CONNECT_SECONDS,
            },
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SessionTransaction]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        Application code never commits by itself.

        Raises:
            TimeoutError: no connection came free.
        """
        try:
            async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
                connection = await session.connection()
                # SQLAlchemy begins with its first statement: this one, so that the driver's connection is inside too.
                await connection.exec_driver_sql("SELECT 1")
                raw = await connection.get_raw_connection()
                yield SessionTransaction(cast("Connection", raw.driver_connection), session)
        except PoolTimeoutError as error:
            raise TimeoutError("no connection to the database came free") from error

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def sqlalchemy_url(url: str) -> str:
    """Return a `postgresql://` address in the form that SQLAlchemy's asyncpg dialect wants."""
    return "postgresql+asyncpg://" + url.split("://", 1)[1]
