"""A gateway's database of its own, which the tests of organisational life write to."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import asyncpg
import pytest

from cli.migrate import FOLDERS
from kit import migrations
from tests.conftest import RunningServers


@pytest.fixture(scope="session")
def database_url(servers: RunningServers) -> Iterator[str]:
    """Address of a gateway's database that is empty."""
    name = f"test_life_{uuid4().hex[:12]}"
    url = servers.postgres.rpartition("/")[0] + f"/{name}"

    async def make() -> None:
        await _admin(servers.postgres, f"CREATE DATABASE {name}")
        await migrations.upgrade(url, FOLDERS["gateway"])

    asyncio.run(make())
    yield url
    asyncio.run(_admin(servers.postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _admin(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
