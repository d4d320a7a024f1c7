"""A place of a test's own."""

import pytest

from tests.conftest import MakeDatabase, RunningServers
from tests.integration.gateway.rebuild.place import GatewayPlace


@pytest.fixture
async def place(servers: RunningServers, make_database: MakeDatabase, topic_prefix: str) -> GatewayPlace:
    """An empty gateway's database, and empty topics."""
    return GatewayPlace(servers.kafka, topic_prefix, await make_database("gateway"))
