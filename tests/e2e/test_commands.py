"""A command on the whole stack: from a token of the command line to the graph."""

import asyncio
import json
import shlex
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.stack import running

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


async def _answered(client: httpx.AsyncClient, facts: dict[str, str]) -> httpx.Response:
    for _ in range(100):
        try:
            return await client.post("/entities", json=facts)
        except httpx.TransportError:
            await asyncio.sleep(0.2)
    pytest.fail("registration did not come back")
