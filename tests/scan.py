"""Whether anything that a stack wrote names a person of the demo: topics, logs, metrics, and every column stored."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from embedded.plan import LIANHE
from tests.canaries import LONGEST, sung
from tests.stack import Stack

_CHUNK: Final = 8 << 20
_TABLES: Final = """
    SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ORDER BY 1, 2
"""


class Scan:
    """What was looked through, and what of it names somebody.

    Attributes:
        found: by place, the values that stand there.
        read: by kind of place, how many bytes were looked through.
    """

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = defaultdict(set)
        self.read: dict[str, int] = defaultdict(int)

    @asynccontextmanager
    async def place(self, kind: str, name: str) -> AsyncIterator[Callable[[bytes], None]]:
        """Look through what is written at a place, a part after the other; what is cut between parts is found too."""
        waiting = bytearray()

        def look(*, keep: int) -> None:
            if found := sung(bytes(waiting)):
                self.found[f"{kind} {name}"] |= found
            del waiting[: len(waiting) - keep]

        def hear(part: bytes) -> None:
            self.read[kind] += len(part)
            waiting.extend(part)
            if len(waiting) > _CHUNK:
                look(keep=LONGEST)

        yield hear
        look(keep=0)

    async def texts(self, kind: str, written: Mapping[str, Iterable[bytes]]) -> None:
        """Look through what was caught, by where it was."""
        for name, parts in written.items():
            async with self.place(kind, name) as hear:
                for part in parts:
                    hear(part + b"\n")

    async def stack(self, stack: Stack) -> None:
        """Look through all that a running stack holds."""
        await self.topics(stack)
        await self.texts("log", {path.name: [path.read_bytes()] for path in _logs(stack.directory)})
        await self._metrics(stack)
        for service in LIANHE.databases:
            await self.database(stack, service)

    async def topics(self, stack: Stack) -> None:
        """Look through every record of every topic, those of Kafka itself too."""
        servers = stack.environment["KAFKA_BOOTSTRAP_SERVERS"]
        admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        await admin.start()
        try:
            described = {one["topic"]: len(one["partitions"]) for one in await admin.describe_topics()}
        finally:
            await admin.close()
        consumer = AIOKafkaConsumer(
            bootstrap_servers=servers,
            group_id="looks-for-canaries",  # without a group, aiokafka's stop() raises CancelledError
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        await consumer.start()
        try:
            for topic, partitions in sorted(described.items()):
                places = [TopicPartition(topic, one) for one in range(partitions)]
                consumer.assign(places)
                await consumer.seek_to_beginning(*places)
                ends = await consumer.end_offsets(places)
                async with self.place("topic", topic) as hear:
                    while any([await consumer.position(place) < ends[place] for place in places]):
                        for records in (await consumer.getmany(timeout_ms=500, max_records=5000)).values():
                            for record in records:
                                headers = b"".join(
                                    name.encode() + b"=" + value + b"\n" for name, value in record.headers
                                )
                                hear(b"\n".join((record.key or b"", headers, record.value or b"", b"")))
        finally:
            await consumer.stop()

    async def database(self, stack: Stack, service: str) -> None:
        """Look through every column of every table; what is sealed, too: it must not show either."""
        async with stack.database(service) as connection:
            for schema, table in await connection.fetch(_TABLES):
                async with self.place("table", f"{service}.{schema}.{table}") as hear:

                    async def take(part: bytes, hear: Callable[[bytes], None] = hear) -> None:
                        hear(part)

                    await connection.copy_from_table(table, schema_name=schema, output=take)

    async def _metrics(self, stack: Stack) -> None:
        addresses = (await asyncio.to_thread(stack.state)).addresses
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            for name, address in addresses.items():
                if name != "kafka":
                    answer = await client.get(f"{address}/metrics")
                    assert answer.is_success, (name, answer.text)
                    await self.texts("metrics", {name: [answer.content]})


def _logs(directory: Path) -> list[Path]:
    return sorted(path for path in (directory / "logs").rglob("*") if path.is_file())
