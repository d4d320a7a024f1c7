"""kill -9 of what decides, while members and organisations are recorded: every number is what its owners make it."""

import asyncio
import json
import signal
from collections import Counter
from typing import Any

import httpx
import pytest
from stdnum.cn import uscc

from tests.stack import Stack

pytestmark = [pytest.mark.servers, pytest.mark.timeout(500)]

TOWNSHIP = "500111101000"
ENTITIES, MEMBERS = 30, 3
VICTIMS = ("ledgers", "assessment", "pairing", "ledgers-relay", "gateway", "kafka", "assessment", "pairing")


class Clerk:
    """Somebody who gives commands at one owner, and again, under the same key, until it answers."""

    def __init__(self, stack: Stack, owner: str, role: str) -> None:
        token = stack.run("token", "--role", role, "--division", "500111").strip()
        self._client = httpx.AsyncClient(
            base_url=stack.state().addresses[owner],
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=30,
        )

    async def does(self, path: str, body: dict[str, Any], key: str) -> str:
        """Give a command until it is done; return the id of what it made."""
        for _ in range(600):
            try:
                answer = await self._client.post(path, json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == 201:
                made: str = answer.json()["aggregates"][0]["id"]
                return made
            assert answer.status_code in {422, 503}, answer.text  # an entity that the ledgers haven't heard of yet
            await asyncio.sleep(0.1)
        pytest.fail(f"{path} was never answered")


async def test_who_decides_is_killed_in_turn(stack: Stack) -> None:
    registrar, department = Clerk(stack, "registration", "district"), Clerk(stack, "ledgers", "organisation_department")

    async def entity(number: int) -> None:
        facts = {"uscc": _uscc(number), "name": f"户{number}", "divisionCode": TOWNSHIP}
        known = await registrar.does("/entities", facts, f"entity-{number}")
        for member in range(MEMBERS):
            body = {"name": "王小明", "standing": "FULL", "workplaceEntityId": known}
            await department.does("/members", body, f"member-{number}-{member}")
        if number % 2:
            founding = {"name": f"支部{number}", "form": "BRANCH", "mode": "SINGLE", "entityIds": [known]}
            await department.does("/organisations", founding, f"organisation-{number}")

    async def kill() -> None:
        for victim in VICTIMS:
            await asyncio.sleep(0.7)
            stack.kill(victim, signal.SIGKILL)

    killing = asyncio.create_task(kill())
    for first in range(0, ENTITIES, 3):
        await asyncio.gather(*(entity(number) for number in range(first, first + 3)))
    await killing

    process = stack.lianhe("check", "--json", "--wait", "120")
    out, error = process.communicate(timeout=300)
    assert process.returncode == 0, out + error
    rows = {one["name"]: one["rows"] for one in json.loads(out)["comparisons"]}
    assert rows["ledgers.member = gateway.member"] == ENTITIES * MEMBERS
    assert rows["ledgers.coverage = gateway.coverage"] == ENTITIES
    assert rows["assessment.rating = gateway.rating"] == ENTITIES // 2
    async with stack.database("gateway") as gateway:
        duties = await gateway.fetch("SELECT duty, count(*) AS count FROM model_1.coverage GROUP BY 1")
        assert {row["duty"]: row["count"] for row in duties} == {"MUST_FOUND": 15, "MET": 15}
        for service in ("ledgers", "assessment", "pairing", "gateway"):
            async with stack.database(service) as connection:
                assert await connection.fetchval("SELECT count(*) FROM dead_letter") == 0, service
    told = Counter(headers["ce_type"] for headers in await _distinct(stack, "ledgers-coverage", "pairing-suggestion"))
    assert told["cn.lianhe.ledgers.coverage.founding-required.v1"] == ENTITIES, "once for each, however often told"
    assert told["cn.lianhe.ledgers.coverage.founding-settled.v1"] == ENTITIES // 2


async def _distinct(stack: Stack, *topics: str) -> list[dict[str, str]]:
    """Return the headers of each event once: the relay tells at least once."""
    return list({headers["ce_id"]: headers for headers in await stack.headers(*topics)}.values())


def _uscc(number: int) -> str:
    """Return the code of a made-up household."""
    body = f"92999999MA{number:07d}"
    return body + uscc.calc_check_digit(body)
