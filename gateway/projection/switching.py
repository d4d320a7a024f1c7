"""What a switch from one build to another does to the one that was read: it is held, and counted."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final, TypeAlias

import asyncpg

from gateway.read_model import checked
from kit.database import CONNECT_SECONDS, SERVER_SETTINGS

LOCK_SECONDS: Final = 10

Session: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@asynccontextmanager
async def frozen(database_url: str, build: str) -> AsyncIterator[Session]:
    """Keep everybody from writing to a build while the block runs; it is read all the same.

    A process that dies in the block lets go with its connection; one that hangs, after a minute.

    Args:
        database_url: the gateway's database.
        build: its schema.

    Raises:
        asyncpg.PostgresError: a writer did not let go, or the database is away.
    """
    session: Session = await asyncpg.connect(
        database_url,
        timeout=CONNECT_SECONDS,
        server_settings={**SERVER_SETTINGS, "lock_timeout": f"{LOCK_SECONDS}s", "application_name": "gateway switch"},
    )
    try:
        async with session.transaction():
            tables = [f'{build}."{name}"' for name in await _tables(session, build)]
            if tables:
                await session.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE MODE")
            yield session
    finally:
        session.terminate()


async def count_rows(session: Session, before: str, now: str) -> Mapping[str, tuple[int | None, int | None]]:
    """Return of each table of two builds how many rows it has in each; None where it is not there."""
    old, new = [await _count(session, build) for build in (before, now)]
    return {table: (old.get(table), new.get(table)) for table in sorted(old.keys() | new.keys())}


async def _count(session: Session, build: str) -> dict[str, int]:
    return {
        table: int(await session.fetchval(f'SELECT count(*) FROM {build}."{table}"'))  # noqa: S608 - names of ours
        for table in await _tables(session, build)
    }


async def _tables(session: Session, build: str) -> list[str]:
    rows = await session.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY tablename", checked(build)
    )
    return [str(row["tablename"]) for row in rows]
