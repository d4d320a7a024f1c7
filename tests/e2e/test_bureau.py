"""A bureau's first consumer beside the whole stack: killed, started again, compared; and what its page says is so."""

import asyncio
import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from demo.registry import write_registry
from tests.stack import Stack, running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

ROOT: Final = Path(__file__).parents[2]
EXAMPLE: Final = ROOT / "docs" / "examples" / "first_consumer.py"
PAGE: Final = ROOT / "docs" / "bureau.md"
EVENTS: Final = ROOT / "contracts" / "examples" / "cn.lianhe.ledgers.entity.recorded.v1"
ENTITIES, MEMBERS, ORGANISATIONS = "ledgers-entity", "ledgers-member", "ledgers-organisation"
REGISTERED: Final = 400
USCC: Final = "91999999MA0000001N"
SAME: Final = "the same: nothing is missing 一致，没有遗漏"


def shown(language: str) -> list[str]:
    """Return the blocks of the page that are in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_page_shows_a_record_and_a_hash_as_they_are() -> None:
    minimal, full = (EVENTS / f"{name}.json" for name in ("unassigned-household-minimal", "after-change-full"))
    assert shown("json") == [minimal.read_text(encoding="utf-8")]
    (lines,) = shown("text")
    assert f"the hash is `{hashlib.sha256(lines.encode()).hexdigest()}`" in PAGE.read_text(encoding="utf-8")
    (fields,) = re.findall(
        r"^\| `ledgers-entity` \| (`entity_id` .*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = [json.loads(one.read_text(encoding="utf-8"))["data"] for one in (full, minimal)]
    assert [json.loads(line) for line in lines.splitlines()] == [
        [data.get(name) for name in fields.replace("`", "").split()] for data in told
    ]


def test_the_page_and_the_example_name_the_same_fields() -> None:
    example = EXAMPLE.read_text(encoding="utf-8")
    for topic in (ENTITIES, MEMBERS, ORGANISATIONS):
        (fields,) = re.findall(
            rf"^\| `{topic}` \| (`[a-z_]+_id` .*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
        )
        (written,) = re.findall(rf'^    "{topic}": ("[a-z]+_id .*(?:\n    ".*)?),$', example, re.MULTILINE)
        assert re.findall(r"[a-z_]+", written) == re.findall(r"[a-z_]+", fields)


@dataclass(frozen=True, slots=True)
class Bureau:
    """A bureau's machine: where it runs the example, and the stack that it reads from."""

    stack: Stack
    directory: Path
    token: str

    def start(self, topic: str, state: str = "bureau.sqlite") -> subprocess.Popen[str]:
        """Start the example."""
        addresses = self.stack.state().addresses
        options = {"bootstrap": addresses["kafka"], "ledgers": addresses["ledgers"], "topic": topic, "state": state}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        return subprocess.Popen(
            [sys.executable, str(EXAMPLE), *arguments],
            cwd=self.directory,
            env=os.environ | {"LIANHE_TOKEN": self.token},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def reads(self, topic: str, state: str = "bureau.sqlite") -> tuple[int, list[str]]:
        """Run the example to its end; return its status, and the lines of its report."""
        process = self.start(topic, state)
        out, _ = process.communicate(timeout=120)
        return process.returncode, [
            line for line in out.splitlines() if not line.startswith(("at ", "the ledgers moved"))
        ]

    def kept(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement on the state file."""
        with closing(sqlite3.connect(self.directory / "bureau.sqlite")) as database, database:
            return database.execute(query, values).fetchall()

    @asynccontextmanager
    async def asks(self, service: str) -> AsyncIterator[httpx.AsyncClient]:
        """Open a client of a service."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = self.stack.state().addresses[service]
        async with httpx.AsyncClient(base_url=address, headers=headers, trust_env=False, timeout=30) as client:
            yield client

    async def commands(self, service: str, method: str, path: str, body: dict[str, Any]) -> str:
        """Give a command; return the id of what it changed first."""
        async with self.asks(service) as client:
            answer = await client.request(method, path, json=body, headers={"Idempotency-Key": str(uuid4())})
        assert answer.is_success, answer.text
        changed: str = answer.json()["aggregates"][0]["id"]
        return changed

    async def known(self, entity: str, name: str, state: str = "ACTIVE") -> None:
        """Wait until the ledgers have an entity as it is now."""
        for _ in range(600):
            async with self.stack.database("ledgers") as ledgers:
                if await ledgers.fetchval(
                    "SELECT EXISTS (SELECT FROM entity WHERE entity_id = $1 AND name = $2 AND state = $3)",
                    entity,
                    name,
                    state,
                ):
                    return
            await asyncio.sleep(0.1)
        pytest.fail(f"the ledgers did not hear of {name}")


async def test_a_first_consumer_has_what_the_ledgers_have_whatever_happens(tmp_path: Path) -> None:
    write_registry(tmp_path / "register", entities=REGISTERED, seed=11)
    with running(tmp_path / "data") as stack:
        token = stack.run("token", "--role", "system", "--division", "500111").strip()
        bureau = Bureau(stack, tmp_path, token)
        stack.run("import", str(tmp_path / "register"))
        registered = (await stack.settled((await stack.counts()).registered)).registered
        facts = {"uscc": USCC, "name": "龙水五金", "divisionCode": "500111101003"}
        entity = await bureau.commands("registration", "POST", "/entities", facts)
        await bureau.known(entity, "龙水五金")
        await stack.settled(registered + 1)

        await killed_with_a_part(bureau, entity, facts)
        left = bureau.kept("SELECT sum(next) FROM position")
        stack.run("republish", "ledgers")
        await stack.settled(registered + 1)
        status, report = bureau.reads(ENTITIES)
        assert (status, report[-1]) == (0, SAME), report
        assert report[1] == f"kept 已保存: {registered} ACTIVE, 1 DEREGISTERED"
        assert report[0] == f"records of this run 本次消息: 2 new 新状态, {registered + 1} told again 重复"
        assert bureau.kept("SELECT sum(next) FROM position") > left

        await read_restricted(bureau, entity)
        as_the_page_shows(bureau)

        bureau.kept("UPDATE newest SET state = json_set(state, '$.name', '改') WHERE id = ?", entity)
        status, report = bureau.reads(ENTITIES)
        assert status == 1
        assert report[-1].startswith("NOT the same: read into a new file")
        assert bureau.reads(ENTITIES, "new.sqlite")[0] == 0, "the way out works"


async def killed_with_a_part(bureau: Bureau, entity: str, facts: dict[str, str]) -> None:
    """Kill the example when it read all but what the ledgers hold back."""
    bureau.stack.kill("ledgers-relay", signal.SIGSTOP)
    try:
        changed = facts | {"name": "龙水五金商行", "expectedVersion": 1}
        await bureau.commands("registration", "PUT", f"/entities/{entity}", changed)
        await bureau.known(entity, "龙水五金商行")
        await bureau.commands("registration", "POST", f"/entities/{entity}/deregistration", {"expectedVersion": 2})
        await bureau.known(entity, "龙水五金商行", "DEREGISTERED")
        with bureau.start(ENTITIES) as process:
            assert process.stdout is not None
            lines = iter(process.stdout)
            waits = next((line for line in lines if not line.startswith("at ")), None)
            process.kill()
        assert waits == "the ledgers moved on, or have more to send 台账有新变化或尚未全部发送\n"
        assert process.returncode == -signal.SIGKILL
    finally:
        bureau.stack.kill("ledgers-relay", signal.SIGCONT)
    assert bureau.kept("SELECT version FROM newest WHERE id = ?", entity) == [(1,)], "the rest is still to come"


async def read_restricted(bureau: Bureau, closed: str) -> None:
    """Read members and organisations, before and after one of them is erased."""
    facts = {"uscc": "91999999MA0000002R", "name": "万古五金", "divisionCode": "500111101003"}
    entity = await bureau.commands("registration", "POST", "/entities", facts)
    await bureau.known(entity, "万古五金")
    founding = {"name": "万古支部", "form": "BRANCH", "mode": "SINGLE", "entityIds": [entity]}
    organisation = await bureau.commands("ledgers", "POST", "/organisations", founding)
    places = {"workplaceEntityId": entity, "relationOrganisationId": organisation, "standing": "FULL"}
    members = [
        await bureau.commands("ledgers", "POST", "/members", {"name": name, **places}) for name in ("罕明", "王芳")
    ]
    assert bureau.reads(MEMBERS)[1][1:2] == ["kept 已保存: 2 ACTIVE"]
    assert "罕*".encode() in (bureau.directory / "bureau.sqlite").read_bytes()
    await bureau.commands("ledgers", "POST", f"/members/{members[0]}/erasure", {"expectedVersion": 1})
    status, report = bureau.reads(MEMBERS)
    assert (status, report[-1], report[1]) == (0, SAME, "kept 已保存: 1 ACTIVE, 1 ERASED")
    assert "罕*".encode() not in (bureau.directory / "bureau.sqlite").read_bytes()
    status, report = bureau.reads(ORGANISATIONS)
    assert (status, report[-1], report[1]) == (0, SAME, "kept 已保存: 1 ACTIVE")
    assert entity != closed


def as_the_page_shows(bureau: Bureau) -> None:
    """Run the page's commands as they stand there, from where a clone of the repository would be."""
    for name in (".venv", "docs"):
        (bureau.directory / name).symlink_to(ROOT / name)
    (commands,) = shown("console")
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=bureau.directory,
        env=os.environ | {"LIANHE_DATA": str(bureau.stack.directory)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == SAME
