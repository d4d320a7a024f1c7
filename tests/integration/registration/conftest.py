from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import MakeDatabase
from tests.integration.registration.desk import Desk, desk_on


@pytest.fixture
async def front(make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    """The front door of registration on a database of its own."""
    async with desk_on(await make_database("registration"), tmp_path) as opened:
        yield opened
