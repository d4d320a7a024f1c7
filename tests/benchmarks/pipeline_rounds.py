"""Runs one round of either pipeline: fresh databases and topics, ready processes, then the clock."""

import asyncio
import base64
import os
import resource
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import httpx
import psutil
from aiokafka.admin import AIOKafkaAdminClient

from cli.migrate import FOLDERS
from contracts import catalogue
from embedded.servers import Servers
from kit import migrations
from kit.topics import apply
from tests.benchmarks.pipeline_report import Round, Side

ROOT: Final = Path(__file__).parents[2]
READY_SECONDS: Final = 60
STALL_SECONDS: Final = 60
OURS: Final = {
    "registration relay": ("cli.main", "serve", "registration", "--role", "relay"),
    "ledgers": ("cli.main", "serve", "ledgers", "--role", "service"),
    "ledgers relay": ("cli.main", "serve", "ledgers", "--role", "relay"),
    "gateway": ("cli.main", "serve", "gateway", "--role", "all"),
}
BARE: Final = {
    "registration relay": ("tests.benchmarks.bare_pipeline", "relay", "registration"),
    "ledgers": ("tests.benchmarks.bare_pipeline", "ledgers"),
    "ledgers relay": ("tests.benchmarks.bare_pipeline", "relay", "ledgers"),
    "gateway": ("tests.benchmarks.bare_pipeline", "gateway"),
}
_COUNT: Final = "SELECT count(*) FROM entity"
_COUNT_READABLE: Final = (
    "SELECT least((SELECT count(*) FROM model_1.entity), (SELECT count(*) FROM model_1.entity_ledger))"
)


class BenchmarkError(Exception):
    """A round that could not be finished; the text names the process and shows the end of its log."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process under measurement."""

    name: str
    running: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise if it ended.

        Raises:
            BenchmarkError: it did.
        """
        if self.running.poll() is not None:
            raise self.failure(f"ended with {self.running.returncode}")

    def failure(self, what: str) -> BenchmarkError:
        """Return an error that tells what happened, with the last lines of the log."""
        lines = self.log.read_text(errors="replace").splitlines()[-20:]
        return BenchmarkError("\n".join([f"{self.name} {what}; the end of {self.log}:", *lines]))

    def stop(self) -> None:
        """End it and wait for its end."""
        self.running.terminate()
        try:
            self.running.wait(20)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()


async def run(side: Side, *, servers: Servers, files: Path, directory: Path) -> Round:
    """Run one round.

    Args:
        side: which pipeline.
        servers: the broker and the database that both use.
        files: a directory with CSV files of a register.
        directory: where the processes write their logs and their byte code.

    Raises:
        BenchmarkError: a process failed, or nothing moved for a minute.
    """
    async with AsyncExitStack() as stack:
        urls = await stack.enter_async_context(_databases(servers, side))
        prefix = await stack.enter_async_context(_topics(servers))
        environment = _environment(servers, prefix, urls, directory / "bytecode")
        logs = directory / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        services = []
        for name, command in (OURS if side is Side.OURS else BARE).items():
            log = logs / f"{prefix}{name.replace(' ', '-')}.log"
            port = _free_port()
            service = Process(name, _start(command, {**environment, "HTTP_PORT": str(port)}, log), log)
            stack.callback(service.stop)
            services.append(service)
            await _until_ready(service, _http_ready(port) if side is Side.OURS else _line_ready(log))
        await _checkpoint(servers)
        return await _measure(side, services, urls, environment, files, logs / f"{prefix}import.log")


async def _measure(
    side: Side,
    services: Sequence[Process],
    urls: Mapping[str, str],
    environment: Mapping[str, str],
    files: Path,
    log: Path,
) -> Round:
    async with AsyncExitStack() as stack:
        registration, ledger, gateway = [
            await stack.enter_async_context(_session(urls[service]))
            for service in ("registration", "ledgers", "gateway")
        ]
        before = _cpu(services)
        started = time.perf_counter()
        await asyncio.to_thread(_import, side, files, environment, log)
        imported = time.perf_counter() - started
        entities: int = await registration.fetchval(_COUNT)
        await _until_counted(ledger, _COUNT, entities, services)
        recorded = time.perf_counter() - started
        await _until_counted(gateway, _COUNT_READABLE, entities, services)
        readable = time.perf_counter() - started
        after = _cpu(services)
    cpu = {name: after[name] - before[name] for name in after}
    return Round(side, entities, imported, recorded, readable, cpu)


def _import(side: Side, files: Path, environment: Mapping[str, str], log: Path) -> None:
    rejects = log.with_suffix(".csv")
    ours = ("cli.main", "import", str(files), "--json", "--rejects", str(rejects))
    command = ours if side is Side.OURS else ("tests.benchmarks.bare_pipeline", "import", str(files))
    importing = Process("import", _start(command, environment, log), log)
    if importing.running.wait():
        raise importing.failure(f"ended with {importing.running.returncode}")


async def _until_counted(
    session: "asyncpg.Connection[asyncpg.Record]", query: str, wanted: int, services: Sequence[Process]
) -> None:
    """Count until everything is there: rarely while much is missing, for counting costs the machine too."""
    moved = time.perf_counter()
    seen = -1
    while (there := await session.fetchval(query)) < wanted:
        for service in services:
            service.check()
        if there != seen:
            seen, moved = there, time.perf_counter()
        elif time.perf_counter() - moved > STALL_SECONDS:
            raise BenchmarkError(f"{there} of {wanted} by {query}, and nothing moved for {STALL_SECONDS} s")
        await asyncio.sleep(min(max((wanted - there) / 20_000, 0.01), 0.25))


@asynccontextmanager
async def _databases(servers: Servers, side: Side) -> AsyncIterator[dict[str, str]]:
    mark = uuid4().hex[:8]
    names = {service: f"bench_{side}_{service}_{mark}" for service in FOLDERS}
    base = servers.postgres_admin_url.rpartition("/")[0]
    urls = {service: f"{base}/{name}" for service, name in names.items()}
    async with _session(servers.postgres_admin_url) as admin:
        try:
            for service, name in names.items():
                await admin.execute(f"CREATE DATABASE {name}")
                await migrations.upgrade(urls[service], FOLDERS[service])
            yield urls
        finally:
            for name in names.values():
                await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@asynccontextmanager
async def _topics(servers: Servers) -> AsyncIterator[str]:
    prefix = f"b{uuid4().hex[:8]}-"
    topics = list(catalogue.topics().values())
    await apply(servers.kafka, topics, prefix=prefix)
    try:
        yield prefix
    finally:
        admin = AIOKafkaAdminClient(bootstrap_servers=servers.kafka)
        await admin.start()
        try:
            await admin.delete_topics([prefix + topic.topic for topic in topics])
        finally:
            await admin.close()


async def _checkpoint(servers: Servers) -> None:
    """Write out what set-up and the round before left dirty, so that nobody else pays for it."""
    async with _session(servers.postgres_admin_url) as admin:
        await admin.execute("CHECKPOINT")


@asynccontextmanager
async def _session(url: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    session = await asyncpg.connect(url)
    try:
        yield session
    finally:
        await session.close()


def _environment(servers: Servers, prefix: str, urls: Mapping[str, str], byte_code: Path) -> dict[str, str]:
    ours = ("KAFKA_", "DATABASE_URL", "OTEL_", "PYTHONDONTWRITEBYTECODE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **inherited,
        "KAFKA_BOOTSTRAP_SERVERS": servers.kafka,
        "KAFKA_TOPIC_PREFIX": prefix,
        # As installed: compiled once, not at every start; and nothing is left in the checkout.
        "PYTHONPYCACHEPREFIX": str(byte_code),
        "DEAD_LETTER_KEY": _key(),
        "PERSONAL_DATA_KEY": _key(),
        "AUTH_ISSUER": "https://issuer.invalid",  # nobody gives a command here
        "AUTH_JWKS": "https://issuer.invalid/keys",
        **{f"DATABASE_URL_{service.upper()}": url for service, url in urls.items()},
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _start(command: Sequence[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=dict(environment), stdout=output, stderr=output
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _until_ready(service: Process, ready: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.perf_counter() + READY_SECONDS
    while not await ready():
        service.check()
        if time.perf_counter() > deadline:
            raise service.failure(f"is not ready after {READY_SECONDS} s")
        await asyncio.sleep(0.05)


def _http_ready(port: int) -> Callable[[], Awaitable[bool]]:
    async def ready() -> bool:
        async with httpx.AsyncClient(trust_env=False) as client:
            try:
                return (await client.get(f"http://127.0.0.1:{port}/health/ready")).is_success
            except httpx.TransportError:
                return False

    return ready


def _line_ready(log: Path) -> Callable[[], Awaitable[bool]]:
    async def ready() -> bool:
        return "ready\n" in await asyncio.to_thread(log.read_text)

    return ready


def _cpu(services: Sequence[Process]) -> dict[str, float]:
    """Return the CPU seconds so far: of the imports that ended, of each service, and of the servers we started."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = {"import": ended.ru_utime + ended.ru_stime}
    for service in services:
        times = psutil.Process(service.running.pid).cpu_times()
        cpu[service.name] = times.user + times.system
    for child in psutil.Process().children():
        if child.name() in {"java", "postgres"}:
            times = child.cpu_times()
            cpu[child.name()] = times.user + times.system + times.children_user + times.children_system
            cpu[child.name()] += sum(one.user + one.system for one in map(_times, child.children()) if one)
    return cpu


def _times(process: psutil.Process) -> "psutil._ntuples.pcputimes | None":
    try:
        return process.cpu_times()
    except psutil.NoSuchProcess:  # a backend that ended meanwhile: its server counts it
        return None
