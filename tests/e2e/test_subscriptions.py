"""A subscription on the whole stack: a member is recorded through the graph, and the coverage that follows is told."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.stack import Stack, running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

TOWNSHIP = "500111101000"
CHANGED = """subscription ($after: Position) {
  coverageChanged(after: $after, filter: {division: {under: "500111101"}}) {
    position coverage { version fullMembers duty entity { name } }
  }
}"""


class Frontend:
    """A frontend with a token: asks by HTTP, and listens."""

    def __init__(self, stack: Stack, role: str) -> None:
        self.token = stack.run("token", "--role", role, "--division", "500111").strip()
        self.address = stack.state().addresses["gateway"]

    async def ask(self, query: str, **variables: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(trust_env=False, timeout=60, headers=headers) as client:
            answer = await client.post(f"{self.address}/graphql", json={"query": query, "variables": variables})
        body: dict[str, Any] = answer.json()
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data

    async def does(self, mutation: str, arguments: str, types: str, **variables: object) -> str:
        """Give a command; return the id of what it changed first."""
        query = (
            f"mutation ($key: String!, {types}) {{ {mutation}({arguments}, idempotencyKey: $key) "
            "{ status aggregates { id } problem { detail } } }"
        )
        found = (await self.ask(query, key=str(uuid4()), **variables))[mutation]
        assert found["status"] == "APPLIED", found
        made: str = found["aggregates"][0]["id"]
        return made

    async def listen(self, connection: ClientConnection, after: str) -> None:
        payload = {"authorization": f"Bearer {self.token}"}
        await connection.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(await connection.recv()) == {"type": "connection_ack"}
        operation = {"query": CHANGED, "variables": {"after": after}}
        await connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": operation}))

    def connection(self) -> connect:
        return connect(
            self.address.replace("http", "ws", 1) + "/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]
        )


async def until(connection: ClientConnection, members: int | None) -> dict[str, Any]:
    """Return the first change that tells of so many members."""
    while True:
        message = json.loads(await asyncio.wait_for(connection.recv(), 60))
        if message["type"] == "ping":
            continue
        change: dict[str, Any] = message["payload"]["data"]["coverageChanged"]
        if change["coverage"]["fullMembers"] == members:
            return change


async def test_a_member_recorded_is_told_as_coverage_to_each_as_they_may_see_it(tmp_path: Path) -> None:
    with running(tmp_path / "data") as stack:
        district, department = Frontend(stack, "district"), Frontend(stack, "organisation_department")
        facts = {"uscc": "91999999MA0000001N", "name": "龙水锋刃五金", "divisionCode": TOWNSHIP}
        entity = await district.does("registerEntity", "entity: $e", "$e: EntityInput!", e=facts)
        await known(district, entity)
        placement = {"standing": "FULL", "workplaceEntityId": entity}

        async def record_member() -> None:
            arguments, types = "name: $n, placement: $p", "$n: String!, $p: PlacementInput!"
            await department.does("recordMember", arguments, types, n="王小明", p=placement)

        begun = (await district.ask("{ changePosition }"))["changePosition"]
        async with department.connection() as sees, district.connection() as sees_less:
            await department.listen(sees, begun)
            await district.listen(sees_less, begun)
            await record_member()
            first = await until(sees, 1)
            assert first["coverage"]["entity"] == {"name": "龙水锋刃五金"}
            assert (await until(sees_less, None))["position"] == first["position"], "one member is its owner"
            for _ in range(2):
                await record_member()
            last = await until(sees, 3)
            assert last["coverage"]["duty"] == "MUST_FOUND"
            assert await until(sees_less, 3) == last
        stack.kill("gateway")
        again: list[dict[str, Any]] = []
        async for connection in department.connection():  # again and again, until the gateway is back
            await department.listen(connection, first["position"])
            again = [await until(connection, 3) for _ in range(2)]
            break
        positions = [int(first["position"]), *(int(one["position"]) for one in again)]
        assert positions == sorted(set(positions)), "what came after the first, and only that"
        assert again[-1] == last
        assert again[0]["coverage"] == last["coverage"], "a change is told as its row is now"


async def known(district: Frontend, entity: str) -> None:
    """Wait until the ledgers know the entity."""
    for _ in range(300):
        found = await district.ask("query ($id: ID!) { entity(id: $id) { ledger { version } } }", id=entity)
        if found["entity"] and found["entity"]["ledger"]:
            return
        await asyncio.sleep(0.1)
    pytest.fail("the ledgers never heard of the entity")
