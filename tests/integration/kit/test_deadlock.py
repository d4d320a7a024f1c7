"""A command that the database ends for a deadlock is tried again, from its beginning, and has its effect once."""

import asyncio

import asyncpg
import pytest
from pydantic import BaseModel
from starlette.requests import Request

from contracts.vocabulary import CallerRole
from kit.callers import Caller
from kit.clock import SystemClock
from kit.command_routes import Commanded, Commands
from kit.database import Database
from kit.ids import new_id
from tests.conftest import MakeDatabase

pytestmark = pytest.mark.servers

CALLER = Caller(subject="clerk", role=CallerRole.DISTRICT, division_code="500111000000")
TABLE = "CREATE TABLE counted (name text PRIMARY KEY, value int NOT NULL)"
ROWS = "INSERT INTO counted VALUES ('first', 0), ('second', 0)"
ADD = "UPDATE counted SET value = value + 1 WHERE name = $1"


class Done(BaseModel):
    """An answer."""

    attempt: int


def _request() -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/x", "headers": [], "query_string": b"", "server": ("a", 1)}
    return Request({**scope, "scheme": "http"}, receive)


async def test_a_command_that_was_ended_for_a_deadlock_is_tried_again(make_database: MakeDatabase) -> None:
    url = await make_database("ledgers")
    database = Database(url, application_name="test")
    other = await asyncpg.connect(url)
    await other.execute(TABLE)
    await other.execute(ROWS)
    waits, attempts = asyncio.Event(), 0

    async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
        nonlocal attempts
        attempts += 1
        await commanded.connection.execute(ADD, "first")
        waits.set()
        await commanded.connection.execute(ADD, "second")
        return 200, Done(attempt=attempts)

    async def stands_in_the_way() -> None:
        await waits.wait()
        await asyncio.sleep(0.3)  # the command waits first, so it is the one that looks for a deadlock and is ended
        await other.execute(ADD, "first")

    held = other.transaction()
    await held.start()
    await other.execute(ADD, "second")
    in_the_way = asyncio.create_task(stands_in_the_way())
    commands = Commands("test", database, SystemClock())
    command = asyncio.create_task(commands.carry_out(_request(), CALLER, str(new_id()), None, decide))
    await in_the_way
    await held.commit()

    answer = await command

    assert (answer.status_code, answer.body) == (200, b'{"attempt":2}')
    assert [row["value"] for row in await other.fetch("SELECT value FROM counted ORDER BY name")] == [2, 2]
    assert await other.fetchval("SELECT count(*) FROM command") == 1
    await other.close()
    await database.close()
