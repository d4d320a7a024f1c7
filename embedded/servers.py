"""The broker and the database alone: for tests, and as the ground the whole stack stands on."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from embedded import kafka, postgres
from embedded.databases import ensure_databases
from embedded.files import data_directory, require_free_space, secret_kept
from embedded.jars import cache_directory, ensure_jars, fetch_from_registry
from embedded.ports import PortBook
from embedded.process import ProcessSpec
from embedded.scale import brokers_kept
from embedded.supervisor import Supervisor

KAFKA_SETTING = "KAFKA_BOOTSTRAP_SERVERS"
POSTGRES_ADMIN_SETTING = "POSTGRES_ADMIN_URL"
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")


@dataclass(frozen=True, slots=True)
class Servers:
    """A running broker and a running database.

    Attributes:
        kafka: Bootstrap address, ``host:port``.
        postgres_admin_url: A superuser's ``postgresql://`` address.
        secrets: Where the passwords of roles are kept.
    """

    kafka: str
    postgres_admin_url: str
    secrets: Path

    async def databases(self, services: Sequence[str]) -> dict[str, str]:
        """Make a database and a role for each service, once, and return service name to address."""
        return await ensure_databases(self.postgres_admin_url, services, self.secrets)

    def environment(self) -> dict[str, str]:
        """The variables by which other processes, and ``servers`` in them, use these servers instead of their own."""
        return {KAFKA_SETTING: self.kafka, POSTGRES_ADMIN_SETTING: self.postgres_admin_url}


@asynccontextmanager
async def servers(directory: Path, environ: Mapping[str, str] | None = None) -> AsyncIterator[Servers]:
    """Run a broker and a database below a directory while the block runs.

    Where the environment names servers that are there already (``KAFKA_BOOTSTRAP_SERVERS``, ``POSTGRES_ADMIN_URL``),
    those are used and left running.

    On Linux the servers end with the thread that entered the block, however it ends.

    Args:
        directory: Holds data, logs and passwords; made if it is missing; a second run finds its data there.
        environ: The environment to read instead of this process's.

    Raises:
        EmbeddedError: A server can't be prepared or doesn't come up.
    """
    environ = os.environ if environ is None else environ
    directory = data_directory(directory)
    require_free_space(directory, environ)
    ports = PortBook(directory / "run" / "ports.json")
    supervisor = Supervisor(directory / "logs")
    try:
        bootstrap, admin_url = await both(
            start_kafka(supervisor, directory, ports, environ), start_postgres(supervisor, directory, ports, environ)
        )
        yield Servers(bootstrap, admin_url, directory / "secrets")
    finally:
        await supervisor.stop()


def inherited_by_servers(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the environment that a server gets: where it is, and nobody's settings or secrets."""
    return {name: environ[name] for name in _PASSED_ON if name in environ}


async def both(first: Coroutine[None, None, str], second: Coroutine[None, None, str]) -> tuple[str, str]:
    """Run two at the same time; the first failure ends the other before it is raised."""
    tasks = (asyncio.ensure_future(first), asyncio.ensure_future(second))
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def start_kafka(
    supervisor: Supervisor,
    directory: Path,
    ports: PortBook,
    environ: Mapping[str, str],
    *,
    port: int | None = None,
    brokers: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> str:
    """Start the embedded brokers, unless the environment names some, and return their bootstrap addresses.

    Args:
        supervisor: Runs it.
        directory: The data directory.
        ports: Remembers the ports of last time.
        environ: Read for settings.
        port: The port the user set; of the first broker.
        brokers: How many; None for as many as last time, or one.
        progress: Told how far the download of the jars is; called from several threads.

    Raises:
        EmbeddedError: One can't be prepared or doesn't come up.
    """
    if outside := environ.get(KAFKA_SETTING):
        return outside
    count = await asyncio.to_thread(brokers_kept, directory / "kafka", brokers)
    jars = await asyncio.to_thread(
        ensure_jars,
        cache_directory(environ),
        fetch=fetch_from_registry(environ.get("LIANHE_MAVEN_REPOSITORY")),
        progress=progress,
    )
    names = ["kafka", *(f"kafka-{number}" for number in range(2, count + 1))]
    voters = tuple(ports.choose(f"{name}-controller") for name in names)
    nodes = [
        kafka.Node(
            ports.choose(name, None if number > 1 else port, option=None if number > 1 else "--kafka-port"),
            voters[number - 1],
            number,
            voters,
        )
        for number, name in enumerate(names, 1)
    ]
    cluster = await asyncio.to_thread(_prepare, directory, jars, dict(zip(names, nodes, strict=True)))
    await supervisor.start(
        *(
            ProcessSpec(
                name=name,
                argv=broker.command(),
                env=inherited_by_servers(environ),
                ready=broker.ready,
                stop_signal=signal.SIGTERM,
                grace_seconds=30,
                port=broker.port,
            )
            for name, broker in cluster.items()
        )
    )
    return ",".join(broker.bootstrap for broker in cluster.values())


def _prepare(directory: Path, jars: Sequence[Path], nodes: Mapping[str, kafka.Node]) -> dict[str, kafka.Kafka]:
    cluster_id = secret_kept(directory / "kafka" / "cluster-id", kafka.new_cluster_id) if len(nodes) > 1 else None
    first = directory / "kafka"
    return {
        name: kafka.prepare(first if node.number == 1 else first / str(node.number), jars, node, cluster_id=cluster_id)
        for name, node in nodes.items()
    }


async def start_postgres(
    supervisor: Supervisor,
    directory: Path,
    ports: PortBook,
    environ: Mapping[str, str],
    *,
    port: int | None = None,
) -> str:
    """Start the embedded database, unless the environment names one, and return the superuser's address.

    Args:
        supervisor: Runs it.
        directory: The data directory.
        ports: Remembers the ports of last time.
        environ: Read for settings.
        port: The port the user set.

    Raises:
        EmbeddedError: It can't be prepared or doesn't come up.
    """
    if outside := environ.get(POSTGRES_ADMIN_SETTING):
        return outside
    server = await asyncio.to_thread(
        postgres.prepare,
        directory / "postgres",
        port=ports.choose("postgres", port, option="--postgres-port"),
        environ=environ,
    )
    await supervisor.start(
        ProcessSpec(
            name="postgres",
            argv=server.command(),
            env=postgres.ENVIRONMENT,
            ready=server.ready,
            # Fast shutdown: SIGTERM would wait for the last client to leave.
            stop_signal=signal.SIGINT,
            grace_seconds=30,
            account=server.account,
            port=server.port,
        )
    )
    return server.admin_url
