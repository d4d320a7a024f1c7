"""A gateway's database and topics of a test's own, with events on them, and the processes that work there."""

import asyncio
import base64
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from socket import socket
from typing import Any, Final
from uuid import UUID, uuid5

import asyncpg
import httpx
import orjson
from aiokafka.admin import AIOKafkaAdminClient

from contracts.events.base import EventData
from contracts.events.ledgers.coverage import CoverageChanged
from contracts.events.ledgers.entities import EntityRecorded
from contracts.events.registration import EntityChanged, EntityRegistered
from contracts.vocabulary import Bureau, CoverageDuty, EntityKind, EntityState, OrganisationCoverage
from tests.integration.kit.tally import Place
from tests.integration.kit.wire import Wire, produce, wire

ROOT: Final = Path(__file__).parents[4]
NAMESPACE: Final = UUID("5b4f7a52-0000-4000-8000-000000000001")
MOMENT: Final = datetime(2026, 7, 2, 1, 2, 3, tzinfo=UTC)
DAY: Final = date(2024, 2, 28)
START_SECONDS: Final = 60
USCC: Final = "91500111MA5U5JXT9H"


def groups_of(*builds: str) -> set[str]:
    """Return the consumer groups of builds; those of the first have the names from before there were others."""
    consumers = (
        "entity",
        "entity-ledger",
        "lines",
        "ledgers",
        "assessment",
        "pairing",
        "processes",
        "records",
        "life",
        "markets",
        "annual-reports",
    )
    places = ["gateway." if build == "model_1" else f"gateway.{build.replace('_', '-')}." for build in builds]
    return {place + consumer for place in places for consumer in consumers}


def entity_id(number: int) -> UUID:
    """Return the id of an entity."""
    return uuid5(NAMESPACE, str(number))


def registered(number: int, version: int = 1) -> EntityRegistered | EntityChanged:
    """Return the event of an entity's version."""
    kind = EntityRegistered if version == 1 else EntityChanged
    return kind(
        entity_id=entity_id(number),
        version=version,
        uscc=USCC,
        name=f"棠香五金{number} 第{version}版",
        kind=EntityKind.INDIVIDUAL_HOUSEHOLD,
        state=EntityState.ACTIVE,
        division_code="500111001001",
        bureau=Bureau.MARKET_REGULATION,
        effective_on=DAY,
        recorded_at=MOMENT,
    )


def recorded(number: int, version: int = 1) -> EntityRecorded:
    """Return the event of an entity's ledger record."""
    one = registered(number, version)
    return EntityRecorded(
        entity_id=one.entity_id,
        version=version,
        registration_version=version,
        uscc=one.uscc,
        name=one.name,
        kind=one.kind,
        state=one.state,
        division_code=one.division_code,
        bureau=one.bureau,
        effective_on=DAY,
        recorded_at=MOMENT,
    )


def covered(number: int, version: int = 1) -> CoverageChanged:
    """Return the event of an entity's coverage."""
    return CoverageChanged(
        entity_id=entity_id(number),
        uscc=USCC,
        version=version,
        kind=EntityKind.INDIVIDUAL_HOUSEHOLD,
        state=EntityState.ACTIVE,
        full_members=version,
        probationary_members=0,
        organisation_coverage=OrganisationCoverage.NONE,
        organisation_ids=(),
        work_coverage=False,
        duty=CoverageDuty.OUTSIDE,
        division_code="500111001001",
        bureau=Bureau.MARKET_REGULATION,
        effective_on=DAY,
        recorded_at=MOMENT,
    )


_AT_A_TERMINAL = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from cli.main import main; main()"
)


@dataclass(frozen=True, slots=True)
class GatewayPlace(Place):
    """Where a gateway works: a broker, the prefix of its topics, its database."""

    async def tell(self, events: Sequence[EventData]) -> None:
        """Append events to their topics, in their order."""
        by_topic: dict[str, list[Wire]] = {}
        for event in events:
            by_topic.setdefault(event.topic, []).append(wire(event))
        for topic, records in by_topic.items():
            await produce(self, records, topic)

    def environment(self, **more: str) -> dict[str, str]:
        """Return the settings of a process."""
        ours = ("KAFKA_", "DATABASE_URL", "LIANHE_", "AUTH_", "INSTANCE_ID")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "KAFKA_TOPIC_PREFIX": self.prefix,
            "DATABASE_URL_GATEWAY": self.database_url,
            "DEAD_LETTER_KEY": base64.b64encode(bytes(range(32))).decode(),
            "LIANHE_ENVIRONMENT": "development",
            **more,
        }

    def rebuild(self, *options: str) -> "subprocess.Popen[str]":
        """Start `lianhe rebuild` as from a terminal: a background job would hand down that SIGINT is ignored."""
        return subprocess.Popen(
            [sys.executable, "-c", _AT_A_TERMINAL, "rebuild", "--json", *options],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    async def rebuilt(self, *options: str) -> dict[str, Any]:
        """Run `lianhe rebuild` to its end; return what it says."""
        process = self.rebuild(*options)
        try:
            out, error = await asyncio.to_thread(process.communicate, timeout=200)
        finally:
            process.kill()
        assert process.returncode == 0, error
        found: dict[str, Any] = orjson.loads(out)
        return found

    async def value(self, query: str, *values: object) -> Any:
        """Return the first value of a query; None where a table of it is not there."""
        connection = await asyncpg.connect(self.database_url)
        try:
            return await connection.fetchval(query, *values)
        except asyncpg.UndefinedTableError:
            return None
        finally:
            await connection.close()

    async def builds(self) -> set[str]:
        """Return the schemas of the builds that are there."""
        found = await self.value(r"SELECT array_agg(nspname::text) FROM pg_namespace WHERE nspname LIKE 'model\_%'")
        return set(found or [])

    async def live(self) -> str:
        """Return the build that is read."""
        return str(await self.value("SELECT live FROM public.read_model"))

    async def groups(self) -> set[str]:
        """Return the names of the consumer groups that the broker has, without the prefix."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        try:
            names = [name for name, _ in await admin.list_consumer_groups()]
        finally:
            await admin.close()
        return {name.removeprefix(self.prefix) for name in names if name.startswith(self.prefix)}

    def _serve(self, port: int, instance: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "cli.main", "serve", "gateway", "--role", "service"],
            cwd=ROOT,
            env=self.environment(HTTP_PORT=str(port), INSTANCE_ID=instance, LOG_LEVEL="INFO"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    @asynccontextmanager
    async def gateway(self, instance: str = "0", *, ready: bool = True) -> AsyncIterator["Gateway"]:
        """Run a gateway's process while the block runs.

        Args:
            instance: its INSTANCE_ID.
            ready: whether to wait until it says that it takes work; else until it answers.
        """
        port = _free_port()
        process = self._serve(port, instance)
        lines: list[str] = []
        reading = asyncio.create_task(asyncio.to_thread(_read, process, lines))
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as client:
                gateway = Gateway(process, client, lines)
                await gateway.until_it_answers(ready=ready)
                yield gateway
        finally:
            process.terminate()
            try:
                await asyncio.to_thread(process.wait, 60)
            finally:
                process.kill()
                await reading


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway's process."""

    process: "subprocess.Popen[str]"
    client: httpx.AsyncClient
    lines: list[str]

    async def ready(self) -> bool:
        """Return whether it says that it takes work."""
        return (await self.client.get("/health/ready")).status_code == httpx.codes.OK

    async def until_it_answers(self, *, ready: bool) -> None:
        """Wait for its first answer, or the first that says that it takes work."""
        for _ in range(START_SECONDS * 10):
            assert self.process.poll() is None, self.lines
            try:
                if await self.ready() or not ready:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
        raise AssertionError(self.lines)

    async def ask(self, query: str) -> Any:
        """Return the data of a query; anything else fails the test."""
        answer = await self.client.post("/graphql", json={"query": query})
        assert answer.status_code == httpx.codes.OK, answer.text
        content = answer.json()
        assert "errors" not in content, content
        return content["data"]

    async def version(self, number: int) -> int:
        """Return the version of an entity that the graph shows; 0 where it shows none."""
        entity = (await self.ask(f'{{ entity(id: "{entity_id(number)}") {{ version }} }}'))["entity"]
        return 0 if entity is None else int(entity["version"])

    def consumers(self) -> set[str]:
        """Return the builds whose consumers the health page shows."""
        components = httpx.get(str(self.client.base_url.join("/health/ready")), trust_env=False).json()["components"]
        names = [one["name"] for one in components if one["name"].startswith("gateway.")]
        return {match[1] if (match := re.match(r"gateway\.(model-\d+)\.", name)) else "model-1" for name in names}


def _read(process: "subprocess.Popen[str]", lines: list[str]) -> None:
    assert process.stderr is not None
    lines.extend(process.stderr)


def _free_port() -> int:
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
