from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import MakeDatabase
from tests.integration.ledgers.desk import Desk, desk_on


@pytest.fixture
async def desk(make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_on(await make_database("ledgers"), tmp_path) as opened:
        yield opened
