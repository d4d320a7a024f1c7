"""Migrations: Alembic, a folder a service, run by hand or as a job, never by a service that starts.

Two runs at once wait for each other by an advisory lock. `0001` of every service creates the kit's tables too.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from kit.sessions import sqlalchemy_url

LOCK: Final = 0x4C49414E_4D494752


def configuration(folder: Path) -> Config:
    """Return Alembic's configuration for a service's `migrations` folder."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    return config


def head(folder: Path) -> str:
    """Return the newest revision of a folder."""
    revision = ScriptDirectory.from_config(configuration(folder)).get_current_head()
    if revision is None:
        raise ValueError(f"{folder} holds no migration")
    return revision


async def current(url: str) -> str | None:
    """Return the revision a database is at, or None where it was never migrated."""
    engine = create_async_engine(sqlalchemy_url(url), poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    finally:
        await engine.dispose()


async def upgrade(url: str, folder: Path) -> tuple[str | None, str]:
    """Bring a database to the newest revision; return the revisions before and after.

    Everything happens in one transaction: a crash leaves the database as it was.
    """
    engine = create_async_engine(sqlalchemy_url(url), poolclass=pool.NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_upgrade, folder)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, folder: Path) -> tuple[str | None, str]:
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    before = MigrationContext.configure(connection).get_current_revision()
    config = configuration(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before, head(folder)
