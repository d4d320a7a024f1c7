"""A gateway's database with entities that came and went, and the periods of their coverage; tests only read it."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import asyncpg
import pytest

from cli.migrate import FOLDERS
from kit import migrations
from tests.conftest import RunningServers
from tests.integration.gateway.graphql.over_time.made_up import EVENTS
from tests.integration.gateway.hearing import Projection


@pytest.fixture(scope="session")
def database_url(servers: RunningServers) -> Iterator[str]:
    """Address of the database."""
    name = f"test_over_time_{uuid4().hex[:12]}"
    url = servers.postgres.rpartition("/")[0] + f"/{name}"

    async def make() -> None:
        await _admin(servers.postgres, f"CREATE DATABASE {name}")
        await migrations.upgrade(url, FOLDERS["gateway"])
        projection = Projection(url)
        await projection.hears(*EVENTS)
        await projection.close()

    asyncio.run(make())
    yield url
    asyncio.run(_admin(servers.postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _admin(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
