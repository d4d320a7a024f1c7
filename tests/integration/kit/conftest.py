"""Fixtures of the kit's tests: a place of one test's own on the run's broker and database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from kit.topics import apply
from tests.conftest import MakeDatabase, RunningServers
from tests.integration.kit.tally import TABLES, Place, topics

MakePlace = Callable[[int], Awaitable[Place]]


@pytest.fixture
async def make_place(servers: RunningServers, make_database: MakeDatabase) -> AsyncIterator[MakePlace]:
    """Make a place whose topics have as many partitions as asked for."""
    prefix = f"t{uuid4().hex[:10]}-"
    made: list[str] = []

    async def make(partitions: int) -> Place:
        wanted = topics(partitions)
        await apply(servers.kafka, wanted, prefix=prefix)
        made.extend(prefix + one.topic for one in wanted)
        url = await make_database("ledgers")
        connection = await asyncpg.connect(url)
        try:
            for statement in TABLES:
                await connection.execute(statement)
        finally:
            await connection.close()
        return Place(servers.kafka, prefix, url)

    yield make
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.kafka)
    await admin.start()
    try:
        await admin.delete_topics(made)
    finally:
        await admin.close()


@pytest.fixture
async def place(make_place: MakePlace) -> Place:
    """A place with one partition a topic, where everything has one order."""
    return await make_place(1)
