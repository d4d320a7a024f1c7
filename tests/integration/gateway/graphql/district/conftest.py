"""The graph on the made-up district, which the gateway's own consumers wrote; tests only read it."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import asyncpg
import pytest

from cli.migrate import FOLDERS
from kit import migrations
from tests.conftest import RunningServers
from tests.integration.gateway.graphql.district.district import ALL
from tests.integration.gateway.hearing import Projection


@pytest.fixture(scope="session")
def database_url(servers: RunningServers) -> Iterator[str]:
    """Address of a gateway's database with the facts of the district."""
    name = f"test_district_{uuid4().hex[:12]}"
    url = servers.postgres.rpartition("/")[0] + f"/{name}"

    async def fill() -> None:
        await _admin(servers.postgres, f"CREATE DATABASE {name}")
        await migrations.upgrade(url, FOLDERS["gateway"])
        projection = Projection(url)
        await projection.hears(*ALL)
        await projection.close()

    asyncio.run(fill())
    yield url
    asyncio.run(_admin(servers.postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _admin(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
