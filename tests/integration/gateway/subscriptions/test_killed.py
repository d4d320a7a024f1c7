"""The gateway's process, killed while it tells: one who comes back misses nothing and is told nothing twice."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from socket import socket
from typing import Any

import asyncpg
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from tests.conftest import MakeDatabase, RunningServers
from tests.integration.gateway.hearing import KEY
from tests.integration.gateway.subscriptions.test_changes import changed
from tests.integration.kit.tally import Place
from tests.integration.kit.wire import produce, wire

pytestmark = pytest.mark.servers

ENTITIES = 400
CHANGED = """subscription ($after: Position) {
  coverageChanged(after: $after) { position coverage { id version } }
}"""


def free_port() -> int:
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def serving(place: Place, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the gateway as its users do; it is killed at the end."""
    environment = {
        **os.environ,
        "KAFKA_BOOTSTRAP_SERVERS": place.kafka,
        "KAFKA_TOPIC_PREFIX": place.prefix,
        "DATABASE_URL_GATEWAY": place.database_url,
        "DEAD_LETTER_KEY": KEY.get_secret_value(),
        "HTTP_PORT": str(port),
        "LIANHE_ENVIRONMENT": "development",
    }
    command = [sys.executable, "-m", "cli.main", "serve", "gateway", "--role", "service"]
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@asynccontextmanager
async def subscribed(port: int, after: str) -> AsyncIterator[ClientConnection]:
    """Subscribe behind a position, as soon as the gateway answers."""
    while True:
        try:
            connection = await connect(
                f"ws://127.0.0.1:{port}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]
            )
        except (OSError, InvalidStatus):
            await asyncio.sleep(0.1)
            continue
        break
    async with connection:
        await connection.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await connection.recv()) == {"type": "connection_ack"}
        payload = {"query": CHANGED, "variables": {"after": after}}
        await connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        yield connection


async def told(connection: ClientConnection) -> dict[str, Any] | None:
    """Return the next change; None where the connection breaks."""
    try:
        while (message := json.loads(await asyncio.wait_for(connection.recv(), 60)))["type"] == "ping":
            await connection.send(json.dumps({"type": "pong"}))
    except ConnectionClosed:
        return None
    assert message["type"] == "next", message
    change: dict[str, Any] = message["payload"]["data"]["coverageChanged"]
    return change


@pytest.mark.timeout(180)
async def test_nothing_is_lost_and_nothing_told_twice(
    servers: RunningServers, make_database: MakeDatabase, topic_prefix: str, tmp_path: Path
) -> None:
    place = Place(servers.kafka, topic_prefix, await make_database("gateway"))
    database = await asyncpg.connect(place.database_url)
    begun = str(await database.fetchval("SELECT last FROM public.change_log"))
    port, found = free_port(), list[dict[str, Any]]()
    written = asyncio.create_task(_write(place))
    for until in (ENTITIES // 4, ENTITIES // 2, ENTITIES):
        with serving(place, port, tmp_path / "gateway.log") as process:
            async with subscribed(port, found[-1]["position"] if found else begun) as connection:
                while len(found) < until and (change := await told(connection)) is not None:
                    found.append(change)
                process.kill()
                while (change := await told(connection)) is not None:  # what was on the line
                    found.append(change)
    await written
    positions = [int(one["position"]) for one in found]
    assert positions == list(range(int(begun) + 1, int(begun) + ENTITIES + 1))
    assert len({one["coverage"]["id"] for one in found}) == ENTITIES
    assert await database.fetchval("SELECT count(*) FROM public.change") == ENTITIES
    await database.close()


async def _write(place: Place) -> None:
    for number in range(ENTITIES):
        event = changed(f"E{number}")
        await produce(place, [wire(event)], event.topic)
