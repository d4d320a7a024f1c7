"""Each service down in turn: queries answer, commands to it say so, and nothing is lost when it is back."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.stack import Stack, running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(500)]

TOWNSHIP = "500111101000"
USCCS = ("91999999MA0000001N", "91999999MA0000002R", "92999999MA0000003R")

REGISTER = ("registerEntity", "$e: EntityInput!", "entity: $e")
CHANGE = ("changeEntity", "$i: ID!, $e: EntityInput!, $v: Int!", "id: $i, entity: $e, expectedVersion: $v")
FOUND = ("foundOrganisation", "$o: OrganisationInput!", "organisation: $o")
ALLY = ("formAlliance", "$a: AllianceInput!", "alliance: $a")
PUBLISH = ("publishScheme", "$i: ID!, $s: SchemeInput!, $v: Int!", "id: $i, scheme: $s, expectedVersion: $v")


class Frontend:
    """Somebody with a token at the gateway."""

    def __init__(self, stack: Stack) -> None:
        token = stack.run("token", "--role", "organisation_department", "--division", "500111").strip()
        self._client = httpx.AsyncClient(
            base_url=stack.state().addresses["gateway"],
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=60,
        )
        district = stack.run("token", "--role", "district", "--division", "500111").strip()
        self._district = {"Authorization": f"Bearer {district}"}

    async def ask(self, query: str, variables: dict[str, Any], **headers: str) -> dict[str, Any]:
        answer = await self._client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        body = answer.json()
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data

    async def does(self, command: tuple[str, str, str], key: str, **values: Any) -> dict[str, Any]:
        name, types, arguments = command
        query = (
            f"mutation ($k: String!, {types}) {{ {name}({arguments}, idempotencyKey: $k) "
            "{ status aggregates { id version } problem { type detailZh } } }"
        )
        headers = self._district if name.endswith("Entity") else {}
        found: dict[str, Any] = (await self.ask(query, {"k": key, **values}, **headers))[name]
        return found


@contextmanager
def down(stack: Stack, *processes: str) -> Iterator[None]:
    """Keep processes of the stack down: who would start them again is held."""
    runner = stack.state().pid
    pids = [stack.pid(one) for one in processes]
    os.kill(runner, signal.SIGSTOP)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    try:
        yield
    finally:
        os.kill(runner, signal.SIGCONT)


async def test_each_service_may_be_away(tmp_path: Path) -> None:
    with running(tmp_path / "data") as stack:
        frontend = Frontend(stack)
        commands: dict[str, tuple[tuple[str, str, str], dict[str, Any]]] = {
            "registration": (REGISTER, {"e": {"uscc": USCCS[1], "name": "乙", "divisionCode": TOWNSHIP}}),
            "ledgers": (FOUND, {"o": {"name": "某村支部", "form": "BRANCH", "external": True}}),
            "pairing": (ALLY, {"a": {"name": "联合体", "divisionCode": TOWNSHIP, "parties": [{"side": "MASSES"}]}}),
            "assessment": (PUBLISH, {"i": str(uuid4()), "v": 1, "s": SCHEME}),
        }
        first = await frontend.does(REGISTER, "first", e={"uscc": USCCS[0], "name": "甲", "divisionCode": TOWNSHIP})
        assert first["status"] == "APPLIED", first
        for number, (service, (command, values)) in enumerate(commands.items()):
            processes = [service, f"{service}-relay"] if service in {"registration", "ledgers"} else [service]
            with down(stack, *processes):
                found = await frontend.ask('{ entities(filter: {nameContains: "甲"}) { totalCount } }', {})
                assert found == {"entities": {"totalCount": 1}}, "queries answer"
                away = await frontend.does(command, f"away-{service}", **values)
                assert (away["status"], away["problem"]["type"]) == ("REFUSED", "urn:lianhe:problem:unavailable")
                if service != "registration":
                    facts = {"uscc": USCCS[2], "name": f"丙{number}", "divisionCode": TOWNSHIP}
                    done = await _registered_or_renamed(frontend, facts, number)
                    assert done["status"] in {"APPLIED", "PENDING"}, done
            again = await _answered(frontend, command, f"away-{service}", values)
            if service in {"registration", "ledgers"}:
                assert again["status"] in {"APPLIED", "PENDING"}, again
            else:  # it answers again: what it says of a wrong command is its own word
                assert again["problem"]["type"] != "urn:lianhe:problem:unavailable", again
        process = stack.lianhe("check", "--json", "--wait", "60")
        out, error = process.communicate(timeout=180)
        assert process.returncode == 0, out + error
        counted = {one["name"]: one["rows"] for one in json.loads(out)["comparisons"]}
        assert counted["registration.entity = ledgers.entity"] == 3
        assert counted["ledgers.organisation = gateway.organisation"] == 1


SCHEME = {
    "name": "x",
    "nameZh": "某",
    "source": "x",
    "parts": [{"part": "SIZE", "points": "100", "rule": "x", "ruleZh": "某"}],
    "bands": [{"band": "A", "atLeast": "0"}],
    "validFrom": "2030-01-01",
}


async def _registered_or_renamed(frontend: Frontend, facts: dict[str, str], number: int) -> dict[str, Any]:
    if number == 1:
        return await frontend.does(REGISTER, "third", e=facts)
    query = "query ($c: String!) { entity(uscc: $c) { id version } }"
    entity = (await frontend.ask(query, {"c": facts["uscc"]}))["entity"]
    return await frontend.does(CHANGE, f"renamed-{number}", i=entity["id"], e=facts, v=entity["version"])


async def _answered(
    frontend: Frontend, command: tuple[str, str, str], key: str, values: dict[str, Any]
) -> dict[str, Any]:
    """Give the same command again until its owner is back."""
    found: dict[str, Any] = {}
    for _ in range(300):
        found = await frontend.does(command, key, **values)
        if found["problem"] is None or found["problem"]["type"] != "urn:lianhe:problem:unavailable":
            return found
        await asyncio.sleep(0.1)
    pytest.fail(f"{command[0]} stayed unavailable: {found}")
