"""What tests share: one broker and one database a run, and of everything in them a test's own."""

import asyncio
import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from hypothesis import settings

from cli.migrate import FOLDERS
from contracts import catalogue
from kit import migrations
from kit.topics import apply

ROOT: Final = Path(__file__).parent.parent
START_SECONDS: Final = 120

# A busy machine must not fail a property for being slow.
settings.register_profile("lianhe", deadline=None)
settings.load_profile("lianhe")


@dataclass(frozen=True, slots=True)
class RunningServers:
    """Addresses of the run's broker and database (as its superuser)."""

    kafka: str
    postgres: str


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> RunningServers:
    """The run's servers: started by the first test that asks, whichever worker it is in."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    shared = tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()
    run = os.getppid() if worker else os.getpid()
    addresses = shared / "servers.json"
    with (shared / "servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not addresses.exists():
            log = (shared / "servers.log").open("wb")
            script = ROOT / "tests" / "running_servers.py"
            process = subprocess.Popen(
                [sys.executable, str(script), str(shared / "servers"), str(addresses), str(run)],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            deadline = time.monotonic() + START_SECONDS
            while not addresses.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"the servers did not start:\n{(shared / 'servers.log').read_text()}")
                time.sleep(0.1)
    return RunningServers(**json.loads(addresses.read_text()))


MakeDatabase = Callable[[str], Awaitable[str]]


@pytest.fixture
async def make_database(servers: RunningServers) -> AsyncIterator[MakeDatabase]:
    """Make a migrated database of a service, for this test alone: takes the service's name, returns its address."""
    made: list[str] = []

    async def make(service: str) -> str:
        name = f"test_{service}_{uuid4().hex[:12]}"
        made.append(name)
        await _admin(servers.postgres, f"CREATE DATABASE {name}")
        url = servers.postgres.rpartition("/")[0] + f"/{name}"
        await migrations.upgrade(url, FOLDERS[service])
        return url

    yield make
    for name in made:
        await _admin(servers.postgres, f"DROP DATABASE {name} WITH (FORCE)")


async def _admin(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def topic_prefix(servers: RunningServers) -> AsyncIterator[str]:
    """Create every topic of the contract under a prefix of this test's own."""
    prefix = f"t{uuid4().hex[:10]}-"
    topics = list(catalogue.topics().values())
    await apply(servers.kafka, topics, prefix=prefix)
    yield prefix
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.kafka)
    await admin.start()
    try:
        await admin.delete_topics([prefix + topic.topic for topic in topics])
    finally:
        await admin.close()


@pytest.fixture(scope="session")
def registry() -> Path:
    """The real registrations, where they are beside the repository."""
    directory = ROOT.parent / "shared" / "data" / "registry"
    if not directory.is_dir():
        pytest.skip(f"{directory} is not there: the real registrations stand beside the repository, never in it")
    return directory


Eventually = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]


@pytest.fixture
def eventually() -> Eventually:
    """Wait until a condition holds; fail the test when it doesn't within a generous limit."""

    async def wait(condition: Callable[[], Awaitable[bool]]) -> None:
        for _ in range(600):
            if await condition():
                return
            await asyncio.sleep(0.1)
        pytest.fail("what should come about did not within 60 seconds")

    return wait


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings of the person who runs the tests out of them."""
    for name in os.environ:
        if name.startswith(("KAFKA_", "DATABASE_URL", "LIANHE_", "OTEL_", "POSTGRES_ADMIN")):
            monkeypatch.delenv(name)
