"""A whole stack, seen and handled from outside."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import asyncpg
import httpx
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts import catalogue
from demo.registry import RegistryAnswers
from embedded.environment import read_environment
from embedded.logfile import last_lines
from embedded.state import RunState

LIANHE: Final = (sys.executable, "-m", "cli.main")
SETTLE_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Counts:
    """Entities in each place, and the traces that a second effect would leave."""

    registered: int
    recorded: int
    history: int
    recorded_twice: int
    projected: int
    projected_ledger: int
    waiting: int
    dead_letters: int


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack, seen from outside."""

    directory: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    def lianhe(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command of the command line on this stack."""
        return subprocess.Popen(
            [*LIANHE, *arguments, "--data-dir", str(self.directory)],
            env={**os.environ, **self.extra},
            cwd=self.directory.parent,  # a rejects file goes where no other test writes one
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        """Run a command of the command line to its end; return what it printed."""
        process = self.lianhe(*arguments)
        out, error = process.communicate(timeout=300)
        assert process.returncode == 0, f"{arguments}: {out}\n{error}"
        return out

    def pid(self, name: str) -> int:
        """Return the pid of a process of the stack."""
        pid = {one.name: one.pid for one in self.state().processes}[name]
        assert pid is not None, f"{name} does not run: {self.state()}"
        return pid

    def state(self) -> RunState:
        """Return what the stack says of itself, whether or not all of it is ready."""
        out, _ = self.lianhe("status", "--json").communicate(timeout=120)
        return RunState.model_validate_json(out)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to a process of the stack; return its pid."""
        pid = self.pid(name)
        os.kill(pid, number)
        return pid

    @property
    def environment(self) -> dict[str, str]:
        """Addresses of the servers."""
        return read_environment(self.directory)

    async def counts(self) -> Counts:
        """Count everything."""
        async with (
            self.database("registration") as registration,
            self.database("ledgers") as ledgers,
            self.database("gateway") as gateway,
        ):
            return Counts(
                registered=await registration.fetchval("SELECT count(*) FROM entity"),
                recorded=await ledgers.fetchval("SELECT count(*) FROM entity"),
                history=await ledgers.fetchval("SELECT count(*) FROM entity_history"),
                recorded_twice=await ledgers.fetchval("SELECT count(*) FROM entity WHERE version > 1"),
                projected=await gateway.fetchval("SELECT count(*) FROM model_1.entity"),
                projected_ledger=await gateway.fetchval("SELECT count(*) FROM model_1.entity_ledger"),
                waiting=await registration.fetchval("SELECT count(*) FROM outbox")
                + await ledgers.fetchval("SELECT count(*) FROM outbox"),
                dead_letters=await ledgers.fetchval("SELECT count(*) FROM dead_letter")
                + await gateway.fetchval("SELECT count(*) FROM dead_letter"),
            )

    @asynccontextmanager
    async def database(self, service: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        """Connect to a service's database; waits while the server restarts."""
        url = self.environment[f"DATABASE_URL_{service.upper()}"]
        connection = await _connect(url)
        try:
            yield connection
        finally:
            await connection.close()

    async def reached(self, service: str, table: str, rows: int) -> None:
        """Wait until a table has so many rows: the moment to kill something in the middle."""
        for _ in range(1200):
            async with self.database(service) as connection:
                if await connection.fetchval(f"SELECT count(*) FROM {table}") >= rows:  # noqa: S608 - a test's constant
                    return
            await asyncio.sleep(0.05)
        pytest.fail(f"{service}.{table} did not reach {rows} rows: {await self.counts()}")

    async def settled(self, entities: int) -> Counts:
        """Wait until so many entities are everywhere; return the counts."""
        deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS
        while True:
            counts = await self.counts()
            places = (counts.registered, counts.recorded, counts.projected, counts.projected_ledger)
            if counts.waiting == 0 and all(place == entities for place in places):
                return counts
            if asyncio.get_running_loop().time() > deadline:
                pytest.fail(f"not everywhere after {SETTLE_SECONDS} s: {counts}\n{self.why()}")
            await asyncio.sleep(0.2)

    def why(self) -> str:
        """Say how each process is, and what those that aren't ready said last."""
        state = self.state()
        said = [f"{one.name}: {one.phase}, {one.restarts} restarts, last {one.last_exit}" for one in state.processes]
        for one in state.processes:
            if not one.ready:
                said += [f"── {one.name}", *last_lines(self.directory / "logs" / f"{one.name}.log", 15)]
        return "\n".join(said)

    async def event_ids(self, topic: str) -> list[str]:
        """Read a topic from its start to its end; return every record's event id."""
        return [headers["ce_id"] for headers in await self.headers(topic)]

    async def headers(self, *topics: str) -> list[dict[str, str]]:
        """Read topics, or all, from their start to their end; return every record's headers."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.environment["KAFKA_BOOTSTRAP_SERVERS"],
            group_id=f"reads-{'-'.join(topics) or 'all'}",  # without a group, aiokafka's stop() raises CancelledError
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        await consumer.start()
        try:
            every = catalogue.topics()
            places = [
                TopicPartition(topic, number) for topic in topics or every for number in range(every[topic].partitions)
            ]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            found: list[dict[str, str]] = []
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=500, max_records=5000)).values():
                    found += [{name: value.decode() for name, value in record.headers} for record in records]
            return found
        finally:
            await consumer.stop()

    async def graph(self, query: str, token: str | None = None) -> dict[str, object]:
        """Ask the gateway, again while it says to try again: it may have just lost its database."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        answer = httpx.Response(httpx.codes.SERVICE_UNAVAILABLE)
        for _ in range(40):
            address = self.state().addresses["gateway"]
            async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
                try:
                    answer = await client.post(f"{address}/graphql", json={"query": query}, headers=headers)
                except httpx.TransportError:
                    answer = httpx.Response(httpx.codes.SERVICE_UNAVAILABLE)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(0.5)
        body = answer.json()
        assert "errors" not in body, body
        data = body["data"]
        assert isinstance(data, dict)
        return data


@contextmanager
def running(directory: Path, extra: Mapping[str, str] | None = None, options: Sequence[str] = ()) -> Iterator[Stack]:
    """Run a stack of its own below a directory; afterwards nothing of it is left.

    Args:
        directory: where its data goes.
        extra: settings for its processes and commands.
        options: of `lianhe up`.
    """
    stack = Stack(directory, extra or {})
    pids: list[int] = []
    try:
        stack.run("up", *options)
        yield stack
    finally:
        pids = [one.pid for one in psutil.process_iter(["cmdline"]) if str(directory) in str(one.info["cmdline"])]
        stack.lianhe("down", "--wipe", "--yes").communicate(timeout=120)
        left = [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]
    assert left == []


@dataclass(frozen=True, slots=True)
class Register:
    """A made-up register and its known answers."""

    directory: Path
    answers: RegistryAnswers


async def _connect(url: str, attempts: int = 100) -> "asyncpg.Connection[asyncpg.Record]":
    while True:
        try:
            return await asyncpg.connect(url)
        except (OSError, asyncpg.PostgresError):
            attempts -= 1
            if not attempts:
                raise
            await asyncio.sleep(0.2)
