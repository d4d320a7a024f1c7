"""A read model of a test's own, and its consumers."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import MakeDatabase
from tests.integration.gateway.hearing import Projection


@pytest.fixture
async def projection(make_database: MakeDatabase) -> AsyncIterator[Projection]:
    """The consumers on an empty read model."""
    projection = Projection(await make_database("gateway"))
    yield projection
    await projection.close()
