"""`lianhe dead-letters` on the real database, and with the services' own processes behind it."""

import asyncio
import base64
import json
import os
import pwd
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from cli.main import command_line
from contracts.envelope import Envelope
from contracts.events.dead_letters import DeadLetter, GatewayDeadLetterRecorded, LedgersDeadLetterRecorded
from contracts.events.registration import EntityRegistered
from contracts.vocabulary import Bureau, EntityKind, EntityState
from kit.clock import ManualClock
from kit.database import Database
from kit.dead_letters import DeadLetters, Kept
from kit.decoding import Fault
from kit.faults import Reason
from kit.ids import new_id
from kit.sealing import Sealer
from tests.conftest import Eventually, MakeDatabase, RunningServers

pytestmark = pytest.mark.servers

KEY: Final = base64.b64encode(bytes(range(32))).decode()
NOW: Final = datetime(2026, 7, 2, 1, 2, 3, tzinfo=UTC)
ME: Final = pwd.getpwuid(os.getuid()).pw_name
EVENTS: Final[Mapping[str, type[DeadLetter]]] = {
    "ledgers": LedgersDeadLetterRecorded,
    "gateway": GatewayDeadLetterRecorded,
}


@dataclass(slots=True)
class Desk:
    """The command line, beside one service's database with dead letters."""

    service: str
    url: str
    environment: dict[str, str] = field(default_factory=dict)
    kept: int = 0

    async def keep(self, reason: Reason, *, entity: UUID | None = None, value: bytes | None = None) -> UUID:
        """Set a record aside as the service does: a good one, or one with a body of its own; return its id."""
        event = EntityRegistered(
            entity_id=entity or new_id(),
            version=1,
            uscc="91350211M000100Y43",
            name="五金店",
            kind=EntityKind.INDIVIDUAL_HOUSEHOLD,
            state=EntityState.ACTIVE,
            division_code="350211001000",
            bureau=Bureau.MARKET_REGULATION,
            effective_on=NOW.date(),
            recorded_at=NOW,
        )
        envelope = Envelope(new_id(), "/lianhe/registration", event.event_type, NOW, event.key)
        body = event.model_dump_json(exclude_none=True).encode() if value is None else value
        record = Kept(
            event.topic, 0, self.kept, event.key.encode(), body, tuple(envelope.encode()), int(NOW.timestamp() * 1000)
        )
        self.kept += 1
        database = Database(self.url, application_name="tests", pool_size=1)
        letters = DeadLetters(EVENTS[self.service], Sealer(SecretStr(KEY)), ManualClock(NOW))
        try:
            async with database.transaction() as transaction:
                fault = Fault(record, reason, "name: missing", event.event_type)
                await letters.set_aside(transaction.connection, f"{self.service}.entity", [fault])
        finally:
            await database.close()
        [(letter,)] = await self.rows("SELECT id FROM dead_letter WHERE record_offset = $1", self.kept - 1)
        assert isinstance(letter, UUID)
        return letter

    async def rows(self, query: str, *args: object) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        connection = await asyncpg.connect(self.url)
        try:
            return [tuple(row.values()) for row in await connection.fetch(query, *args)]
        finally:
            await connection.close()

    async def run(self, *arguments: str | UUID) -> Result:
        """Run a command to its end."""
        environment = {f"DATABASE_URL_{self.service.upper()}": self.url, "DEAD_LETTER_KEY": KEY, **self.environment}
        return await asyncio.to_thread(
            CliRunner().invoke,
            command_line("dead-letters"),
            ["dead-letters", *map(str, arguments)],
            env={"COLUMNS": "240", "TERM": "dumb", **environment},
        )

    async def lines(self, *arguments: str | UUID) -> list[dict[str, object]]:
        """Run a command with --json; return what it printed."""
        result = await self.run(*arguments, "--json")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
async def ledgers(make_database: MakeDatabase) -> Desk:
    """The ledgers' database."""
    return Desk("ledgers", await make_database("ledgers"))


async def test_an_empty_list_says_so_in_both_languages(ledgers: Desk) -> None:
    result = await ledgers.run("list")
    assert (result.exit_code, result.stdout) == (0, "no dead letters 没有死信\n")
    assert await ledgers.lines("list", "ledgers") == []
    result = await ledgers.run("redrive", "ledgers", "--all")
    assert (result.exit_code, result.stdout) == (0, "no dead letters to redrive 没有可重新投递的死信\n")


async def test_the_list_is_newest_first_and_filtered(ledgers: Desk) -> None:
    letters = [await ledgers.keep(reason) for reason in (Reason.BODY_INVALID, Reason.RULE_BROKEN, Reason.RULE_BROKEN)]
    await ledgers.rows("UPDATE dead_letter SET recorded_at = recorded_at + record_offset * interval '1 min'")
    await ledgers.rows("UPDATE dead_letter SET consumer = 'ledgers.other', topic = 'x-other' WHERE record_offset = 1")

    async def listed(*filters: str) -> list[object]:
        return [one["id"] for one in await ledgers.lines("list", "ledgers", *filters)]

    first, second, third = map(str, letters)
    assert await listed() == [third, second, first]
    assert await listed("--limit", "2") == [third, second]
    assert await listed("--reason", "RULE_BROKEN") == [third, second]
    assert await listed("--consumer", "ledgers.other") == [second]
    assert await listed("--topic", "registration-entity") == [third, first]
    [newest, *_] = await ledgers.lines("list")
    assert newest == {
        "service": "ledgers",
        "id": third,
        "consumer": "ledgers.entity",
        "topic": "registration-entity",
        "partition": 0,
        "offset": 2,
        "type": "cn.lianhe.registration.entity.registered.v1",
        "reason": "RULE_BROKEN",
        "detail": "name: missing",
        "first_reason": None,
        "first_detail": None,
        "state": "SET_ASIDE",
        "tries": 0,
        "recorded_at": "2026-07-02T01:04:03+00:00",
        "asked_by": None,
        "asked_at": None,
        "redriven_at": None,
    }
    table = (await ledgers.run("list")).stdout
    for words in (first, "registration-entity/0/0", "BODY_INVALID", "2026-07-02 09:02:03", "set aside 已搁置"):
        assert words in table


async def test_a_record_is_shown_only_when_asked_for_with_a_purpose_and_the_look_is_noted(ledgers: Desk) -> None:
    letter = await ledgers.keep(Reason.BODY_INVALID, value="王小明 \x1b[2J".encode())
    closed = await ledgers.run("show", "ledgers", letter)
    assert "BODY_INVALID: name: missing" in closed.stdout
    assert "王小明" not in closed.stdout
    assert await ledgers.rows("SELECT count(*) FROM dead_letter_look") == [(0,)]

    opened = await ledgers.run("show", "ledgers", letter, "--reveal", "--purpose", "ticket 12")
    assert "王小明 \\x1b[2J" in opened.stdout
    assert "\x1b" not in opened.stdout
    assert await ledgers.rows("SELECT dead_letter_id, looked_by, purpose FROM dead_letter_look") == [
        (letter, ME, "ticket 12")
    ]
    [whole] = await ledgers.lines("show", "ledgers", letter, "--reveal", "--purpose", "ticket 13")
    record = whole["record"]
    assert isinstance(record, dict)
    assert record["value"] == {"text": "王小明 \x1b[2J"}
    assert record["headers"][0] == {"name": "ce_specversion", "value": {"text": "1.0"}}


async def test_with_another_key_nothing_is_shown_and_no_look_is_noted(ledgers: Desk) -> None:
    letter = await ledgers.keep(Reason.BODY_INVALID, value=b"x")
    ledgers.environment["DEAD_LETTER_KEY"] = base64.b64encode(bytes(32)).decode()
    result = await ledgers.run("show", "ledgers", letter, "--reveal", "--purpose", "ticket 12")
    assert result.exit_code == 1
    assert "密钥" in result.stderr or "DEAD_LETTER_KEY" in result.stderr
    assert result.stdout == ""
    assert await ledgers.rows("SELECT count(*) FROM dead_letter_look") == [(0,)]


async def test_an_id_that_is_not_there_is_told_and_nothing_is_asked_for(ledgers: Desk) -> None:
    letter, absent = await ledgers.keep(Reason.RULE_BROKEN), new_id()
    for result in (
        await ledgers.run("show", "ledgers", absent),
        await ledgers.run("redrive", "ledgers", letter, absent),
    ):
        assert result.exit_code == 1
        assert str(absent) in result.stderr
    assert await ledgers.rows("SELECT state FROM dead_letter") == [("SET_ASIDE",)]


async def test_a_database_of_another_release_says_to_migrate(make_database: MakeDatabase) -> None:
    desk = Desk("ledgers", await make_database("ledgers"))
    await desk.rows("DROP TABLE dead_letter CASCADE")
    result = await desk.run("list", "ledgers")
    assert result.exit_code == 1
    assert "lianhe migrate" in result.stderr


async def test_where_no_process_runs_it_says_so_and_the_marks_stay(ledgers: Desk) -> None:
    letter = await ledgers.keep(Reason.RULE_BROKEN)
    result = await ledgers.run("redrive", "ledgers", letter, "--wait", "0.3")
    assert result.exit_code == 3
    assert "no process of ledgers is connected" in result.stdout
    assert "标记保留" in result.stdout
    assert await ledgers.rows("SELECT state, asked_by FROM dead_letter") == [("ASKED_FOR", ME)]
    assert await ledgers.lines("redrive", "ledgers", "--all", "--wait", "0") == [
        {"service": "ledgers", "id": str(letter), "outcome": None}
    ]


@pytest.mark.parametrize(("service", "table"), [("ledgers", "entity"), ("gateway", "model_1.entity")])
async def test_the_services_own_process_redrives_what_is_asked_for(
    service: str,
    table: str,
    servers: RunningServers,
    make_database: MakeDatabase,
    topic_prefix: str,
    tmp_path: Path,
    eventually: Eventually,
) -> None:
    desk = Desk(service, await make_database(service))
    entity = new_id()
    good = await desk.keep(Reason.HANDLER_FAILED, entity=entity)
    bad = await desk.keep(Reason.HANDLER_FAILED, value=b"{")
    async with serving(desk, servers.kafka, topic_prefix, tmp_path / "process.log"):
        done = {one["id"]: one for one in await desk.lines("redrive", service, "--all", "--wait", "60")}
        result = await desk.run("redrive", service, good)
        assert (result.exit_code, result.stdout, result.stderr) == (
            0,
            f"{good}: was redriven before 此前已重新投递\n",
            "",
        )
        again = await desk.run("redrive", service, bad, "--wait", "60")
        shown = await desk.run("show", service, bad, "--reveal", "--purpose", "ticket 12")

        async def logged() -> bool:
            return await desk.rows("SELECT count(*) FROM dead_letter_look WHERE logged_at IS NOT NULL") == [(1,)]

        await eventually(logged)
    assert (done[str(good)]["outcome"], done[str(good)]["asked_by"]) == ("APPLIED", ME)
    assert (done[str(bad)]["outcome"], done[str(bad)]["reason"]) == ("FAILED", "BODY_INVALID")
    assert again.exit_code == 1
    assert again.stdout.startswith(f"{bad}: failed again 再次失败 (BODY_INVALID: ")
    assert await desk.rows(f"SELECT entity_id FROM {table}") == [(entity,)]  # noqa: S608 - the test's own words
    assert "first reason 最初原因" in shown.stdout
    log = [json.loads(line) for line in _lines(tmp_path / "process.log")]
    [look] = [one for one in log if one["event"] == "dead letter looked at"]
    assert (look["looked_by"], look["purpose"], look["dead_letter"]) == (ME, "ticket 12", str(bad))


@asynccontextmanager
async def serving(desk: Desk, kafka: str, prefix: str, log: Path) -> AsyncIterator[None]:
    """Run the real process of a service while the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "KAFKA_BOOTSTRAP_SERVERS": kafka,
        "KAFKA_TOPIC_PREFIX": prefix,
        f"DATABASE_URL_{desk.service.upper()}": desk.url,
        "DEAD_LETTER_KEY": KEY,
        "PERSONAL_DATA_KEY": KEY,
        "AUTH_ISSUER": "https://issuer.invalid",  # nobody gives a command here
        "AUTH_JWKS": "https://issuer.invalid/keys",
        "HTTP_PORT": str(port),
    }
    process = _start(desk.service, settings, log)
    try:
        yield
    finally:
        process.terminate()
        ended = await asyncio.to_thread(process.wait, 60)
    assert ended == 0, _lines(log)


def _start(service: str, settings: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "cli.main", "serve", service, "--role", "service")
    with log.open("wb") as output:
        return subprocess.Popen(command, env={**os.environ, **settings}, stdout=output, stderr=output)


def _lines(log: Path) -> list[str]:
    return log.read_text().splitlines()
