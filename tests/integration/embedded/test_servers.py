"""The real broker and the real database, through crashes."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import UnknownTopicOrPartitionError

from embedded import kafka
from embedded.errors import EmbeddedError
from embedded.identity import identity_of
from embedded.servers import Servers, servers
from embedded.state import ProcessPhase, RunState
from embedded.wipe import wipe

pytestmark = pytest.mark.servers
TOPIC = "ledgers-entity"


class Lianhe(Protocol):
    directory: Path
    environment: dict[str, str]

    def up(self, plan: str = ..., *arguments: str) -> "Completed": ...
    def run(self, command: str, *arguments: str) -> "Completed": ...
    def state(self) -> RunState: ...
    def pids(self) -> dict[str, int]: ...
    def until(self, condition: Callable[[RunState], bool]) -> None: ...


class Completed(Protocol):
    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Clients:
    """Writes to and reads from both servers."""

    kafka: str
    database: str

    async def make(self) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(TOPIC, 1, 1)])
        finally:
            await admin.close()
        await self._execute("CREATE TABLE fact (id int PRIMARY KEY)")

    async def write(self, number: int) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka, acks="all")
        await producer.start()
        try:
            await producer.send_and_wait(TOPIC, str(number).encode())
        finally:
            await producer.stop()
        await self._execute("INSERT INTO fact VALUES ($1)", number)

    async def read(self) -> tuple[list[int], list[int]]:
        connection = await asyncpg.connect(self.database)
        rows = [row["id"] for row in await connection.fetch("SELECT id FROM fact ORDER BY id")]
        await connection.close()
        consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=self.kafka, auto_offset_reset="earliest")
        await consumer.start()
        try:
            records = [int((await consumer.getone()).value) for _ in rows]
        finally:
            await consumer.stop()
        return rows, records

    async def _execute(self, sql: str, *values: int) -> None:
        connection = await asyncpg.connect(self.database)
        await connection.execute(sql, *values)
        await connection.close()


@pytest.fixture
async def directory(tmp_path: Path) -> AsyncIterator[Path]:
    data = tmp_path / "data"
    yield data
    wipe(data)


@pytest.fixture
def own_servers() -> dict[str, str]:
    """The environment without servers that are there already."""
    return {name: os.environ[name] for name in ("HOME", "PATH", "LIANHE_CACHE") if name in os.environ}


async def test_second_start_finds_its_data_at_the_same_addresses(directory: Path, own_servers: dict[str, str]) -> None:
    async with servers(directory, own_servers) as first:
        urls = await first.databases(["ledgers"])
        clients = Clients(first.kafka, urls["ledgers"])
        await clients.make()
        await clients.write(1)
    cluster = (directory / "kafka" / "data" / "meta.properties").read_text()
    async with servers(directory, own_servers) as second:
        assert second == first
        assert await second.databases(["ledgers"]) == urls
        assert await clients.read() == ([1], [1])
    assert (directory / "kafka" / "data" / "meta.properties").read_text() == cluster


async def test_roles_own_their_database_and_reach_no_other(directory: Path, own_servers: dict[str, str]) -> None:
    async with servers(directory, {**own_servers, "KAFKA_BOOTSTRAP_SERVERS": "unused"}) as running:
        urls = await running.databases(["ledgers", "registration"])
        own = await asyncpg.connect(urls["ledgers"])
        row = await own.fetchrow(
            "SELECT current_user, current_database(), rolsuper, rolcreatedb, rolcreaterole, "
            "current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit, "
            "current_setting('server_encoding') AS encoding, current_setting('listen_addresses') AS listens "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert row is not None
        assert tuple(row) == ("ledgers", "ledgers", False, False, False, "on", "on", "UTF8", "127.0.0.1")
        await own.execute("CREATE SCHEMA own; CREATE TABLE own.t ()")
        await own.close()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(urls["ledgers"].removesuffix("ledgers") + "registration")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(urls["ledgers"].replace("//ledgers:", "//ledgers:x"))
        password = directory / "secrets" / "postgres-ledgers"
        assert password.stat().st_mode & 0o777 == 0o600
        with pytest.raises(ValueError, match="no name for a database"):
            await running.databases(['x"; DROP DATABASE ledgers; --'])


async def test_broker_makes_no_topic_by_itself(directory: Path, own_servers: dict[str, str]) -> None:
    outside = {**own_servers, "POSTGRES_ADMIN_URL": "unused"}
    async with servers(directory, outside) as running:
        producer = AIOKafkaProducer(bootstrap_servers=running.kafka, request_timeout_ms=2000, metadata_max_age_ms=100)
        await producer.start()
        with pytest.raises(UnknownTopicOrPartitionError):
            await producer.send_and_wait("mispelt", b"")
        await producer.stop()
        # The logging binding is there: without it the broker says nothing at all.
        assert "Kafka Server started" in (directory / "logs" / "kafka.log").read_text()


async def test_environment_of_running_servers_is_used_instead_of_own_ones(tmp_path: Path) -> None:
    environment = Servers("broker.example:9092", "postgresql://a@db.example/x", tmp_path).environment()
    async with servers(tmp_path / "data", environment) as running:
        assert (running.kafka, running.postgres_admin_url) == ("broker.example:9092", "postgresql://a@db.example/x")
    assert not (tmp_path / "data" / "kafka").exists()
    assert not (tmp_path / "data" / "postgres").exists()


async def test_crash_of_the_database_with_its_pid_used_again_is_recovered_from(
    directory: Path, own_servers: dict[str, str]
) -> None:
    outside = {**own_servers, "KAFKA_BOOTSTRAP_SERVERS": "unused"}
    async with servers(directory, outside) as first:
        url = (await first.databases(["ledgers"]))["ledgers"]
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE fact AS SELECT 1 AS id")
        await connection.close()
    pid_file = directory / "postgres" / "cluster" / "postmaster.pid"
    # As a crash leaves it, with a pid that another living process of the same account has now.
    with psutil.Popen(["sleep", "600"], user=pid_file.parent.stat().st_uid) as other:
        pid_file.write_text(f"{other.pid}\n{pid_file.parent.resolve()}\n1\n5432\n\n127.0.0.1\n")
        try:
            async with servers(directory, outside):
                connection = await asyncpg.connect(url)
                assert await connection.fetchval("SELECT id FROM fact") == 1
                await connection.close()
        finally:
            assert other.poll() is None
            other.kill()


async def test_damaged_storage_of_the_broker_is_told_and_not_formatted_anew(tmp_path: Path) -> None:
    data = tmp_path / "kafka" / "data"
    (data / "ledgers-entity-0").mkdir(parents=True)
    with pytest.raises(EmbeddedError) as caught:
        kafka.prepare(tmp_path / "kafka", (), kafka.Node(port=1, controller_port=2))
    assert "meta.properties is missing" in caught.value.english
    assert "meta.properties" in caught.value.chinese
    assert (data / "ledgers-entity-0").exists()


async def test_link_to_lost_data_is_told_and_not_replaced(directory: Path, own_servers: dict[str, str]) -> None:
    (directory / "postgres").mkdir(parents=True)
    (directory / "postgres" / "cluster").symlink_to(directory / "gone")
    with pytest.raises(EmbeddedError, match="PostgreSQL's data is gone"):
        async with servers(directory, {**own_servers, "KAFKA_BOOTSTRAP_SERVERS": "unused"}):
            pytest.fail("it must not start")


async def test_servers_come_back_with_their_data_from_kill_9_of_each_of_them_and_of_the_runner(lianhe: Lianhe) -> None:
    up = await asyncio.to_thread(lianhe.up)
    assert up.returncode == 0, up.stderr
    environment = json.loads((lianhe.directory / "secrets" / "environment.json").read_text())
    clients = Clients(environment["KAFKA_BOOTSTRAP_SERVERS"], environment["DATABASE_URL_LEDGERS"])
    await clients.make()
    await clients.write(1)

    for name in ("kafka", "postgres"):
        os.kill(lianhe.pids()[name], signal.SIGKILL)

    def back(state: RunState) -> bool:
        servers = [process for process in state.processes if process.name in {"kafka", "postgres"}]
        return all(one.restarts >= 1 and one.phase is ProcessPhase.READY for one in servers)

    await asyncio.to_thread(lianhe.until, back)
    await clients.write(2)
    assert await clients.read() == ([1, 2], [1, 2])

    old = lianhe.pids()
    # All at once, as a loss of power would.
    for pid in (lianhe.state().pid, *old.values()):
        os.kill(pid, signal.SIGKILL)
    up = await asyncio.to_thread(lianhe.up)
    assert up.returncode == 0, up.stderr
    await clients.write(3)
    assert await clients.read() == ([1, 2, 3], [1, 2, 3])

    old = lianhe.pids()
    os.kill(lianhe.state().pid, signal.SIGKILL)
    up = await asyncio.to_thread(lianhe.up)
    assert up.returncode == 0, up.stderr
    assert not any(identity_of(pid) for pid in old.values())
    await clients.write(4)
    assert await clients.read() == ([1, 2, 3, 4], [1, 2, 3, 4])
