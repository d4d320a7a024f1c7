"""Fixtures of the kit's tests: a place of one test's own on the run's broker and database."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from kit.topics import apply
from tests.conftest import MakeDatabase, RunningServers
from tests.integration.kit.process import Plan
from tests.integration.kit.tally import TABLES, Place, topics

MakePlace = Callable[[int], Awaitable[Place]]


@pytest.fixture
async def make_place(servers: RunningServers, make_database: MakeDatabase) -> AsyncIterator[MakePlace]:
    """Make a place whose topics have as many partitions as asked for."""
    prefix = f"t{uuid4().hex[:10]}-"
    made: list[str] = []

    async def make(partitions: int) -> Place:
        wanted = topics(partitions)
        await apply(servers.kafka, wanted, prefix=prefix)
        made.extend(prefix + one.topic for one in wanted)
        url = await make_database("ledgers")
        connection = await asyncpg.connect(url)
        try:
            for statement in TABLES:
                await connection.execute(statement)
        finally:
            await connection.close()
        return Place(servers.kafka, prefix, url)

    yield make
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.kafka)
    await admin.start()
    try:
        await admin.delete_topics(made)
    finally:
        await admin.close()


@pytest.fixture
async def place(make_place: MakePlace) -> Place:
    """A place with one partition a topic, where everything has one order."""
    return await make_place(1)


@dataclass(slots=True)
class Started:
    """A process of the tally that a test started."""

    process: subprocess.Popen[bytes]
    log: Path

    async def ended(self) -> int:
        """Wait for its end; return its exit code, minus the signal that ended it."""
        return await asyncio.to_thread(self.process.wait, 60)

    async def stands_still(self) -> bool:
        """Whether it was stopped by SIGSTOP."""
        return psutil.Process(self.process.pid).status() == psutil.STATUS_STOPPED

    async def has_logged(self, words: str) -> bool:
        """Whether it wrote some words to its log."""
        return words in self.log.read_text()

    def goes_on(self) -> None:
        """Let it go on after SIGSTOP."""
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill it."""
        self.process.kill()

    async def stop(self) -> None:
        """Ask it to end, and see that it ends well."""
        self.process.send_signal(signal.SIGTERM)
        assert await self.ended() == 0, self.log.read_text()


Start = Callable[[Plan], Started]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start processes of the tally; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(plan: Plan) -> Started:
        log = tmp_path / f"process-{len(started)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "tests.integration.kit.process", plan.model_dump_json()],
                stdout=output,
                stderr=output,
            )
        started.append(process)
        return Started(process, log)

    yield begin
    for process in started:
        process.kill()
        process.wait()
