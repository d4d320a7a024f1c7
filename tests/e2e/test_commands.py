"""A command on the whole stack: from a token of the command line to the graph."""

import asyncio
import json
import shlex
import signal
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.stack import Stack, running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

ROOT = Path(__file__).parent.parent.parent
USCC = "91999999MA0000001N"


async def test_what_is_commanded_is_seen_in_the_graph(tmp_path: Path) -> None:
    shown = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8").split("```console\n")[1].splitlines()[0]
    with running(tmp_path / "data") as stack:
        token = stack.run(*shlex.split(shown)[1:]).strip()
        address = stack.state().addresses["registration"]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        facts = {"uscc": USCC, "name": "龙水五金", "divisionCode": "500111101003"}
        async with httpx.AsyncClient(base_url=address, trust_env=False, headers=headers) as client:
            assert (await client.get("/entities/" + str(uuid4()), headers={"Authorization": ""})).status_code == 401
            answer = await client.post("/entities", json=facts)
            assert answer.status_code == 201, answer.text
            stack.kill("registration")
            again = await _answered(client, facts)
            assert again.content == answer.content, "a retry after a crash has no second effect"
        entity = answer.json()["aggregates"][0]["id"]
        found: object = None
        for _ in range(100):
            found = (await stack.graph(f'{{ entity(id: "{entity}") {{ name uscc }} }}'))["entity"]
            if found is not None:
                break
            await asyncio.sleep(0.1)
        assert found == {"name": "龙水五金", "uscc": USCC}
        assert len(await stack.event_ids("registration-entity")) == 1
        made = json.loads(stack.run("token", "--role", "reader", "--division", "500111", "--json"))
        assert set(made) == {"token", "expiresAt"}

        renamed = await changed(stack, token, entity, "改名", 1)
        assert (renamed["status"], renamed["problem"]) == ("APPLIED", None)
        assert renamed["aggregates"][0] == {"id": entity, "version": 2}
        seen = await stack.graph(f'{{ entity(id: "{entity}") {{ name version }} }}')
        assert seen == {"entity": {"name": "改名", "version": 2}}, "what was answered as applied is there"
        stale = await changed(stack, token, entity, "又改", 1)
        assert (stale["status"], problem(stale)["currentVersion"]) == ("REFUSED", 2)
        nobody = await changed(stack, made["token"], entity, "又改", 2)
        assert problem(nobody)["type"] == "urn:lianhe:problem:forbidden"
        stack.kill("registration", signal.SIGSTOP)
        try:
            away = await changed(stack, token, entity, "又改", 2)
            shown_meanwhile = await stack.graph(f'{{ entity(id: "{entity}") {{ name }} }}')
        finally:
            stack.kill("registration", signal.SIGCONT)
        assert problem(away)["type"] == "urn:lianhe:problem:unavailable"
        assert shown_meanwhile == {"entity": {"name": "改名"}}


async def changed(stack: Stack, token: str, entity: str, name: str, version: int) -> dict[str, Any]:
    """Change an entity's name through the graph; return the answer."""
    mutation = """
        mutation ($id: ID!, $entity: EntityInput!, $version: Int!, $key: String!) {
          changeEntity(id: $id, entity: $entity, expectedVersion: $version, idempotencyKey: $key) {
            status aggregates { id version } problem { type detailZh currentVersion }
          }
        }
    """
    variables = {
        "id": entity,
        "entity": {"uscc": USCC, "name": name, "divisionCode": "500111101003", "capital": {"amount": "50.5"}},
        "version": version,
        "key": str(uuid4()),
    }
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(trust_env=False, timeout=60, headers=headers) as client:
        address = stack.state().addresses["gateway"]
        answer = await client.post(f"{address}/graphql", json={"query": mutation, "variables": variables})
    found: dict[str, object] = answer.json()["data"]["changeEntity"]
    return found


def problem(answer: dict[str, object]) -> dict[str, object]:
    """Return why a command was refused."""
    found = answer["problem"]
    assert isinstance(found, dict), answer
    return found


async def _answered(client: httpx.AsyncClient, facts: dict[str, str]) -> httpx.Response:
    for _ in range(100):
        try:
            return await client.post("/entities", json=facts)
        except httpx.TransportError:
            await asyncio.sleep(0.2)
    pytest.fail("registration did not come back")
