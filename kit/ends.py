"""How far a topic goes: the offsets that a reader must reach to have everything that is there now."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, for_code

from kit.broker_security import Tls, client_options

ANSWER_SECONDS: Final = 15.0
"""So long the broker may take; aiokafka alone would wait 40 s for one that hangs."""


async def end_offsets(bootstrap_servers: str, topic: str, tls: Tls | None = None) -> Mapping[int, int]:
    """Return the end of each partition of a topic: the offset behind its last record, marks of transactions included.

    It is the high watermark, and not the last stable offset that a reader with isolation read_committed is told: the
    broker writes a transaction's marks after it said that the transaction is committed, and until then the stable
    offset is in front of records that count. Such a reader's position reaches this end all the same, as soon as the
    marks are there, for it goes past marks and past what was aborted.

    Args:
        bootstrap_servers: the broker.
        topic: its name there, with the prefix.
        tls: the certificates for the broker; None where it is spoken to in plain text.

    Raises:
        ConnectionError: the broker is away, gives no answer, or has no such topic; the text says which.
    """
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            places = [TopicPartition(topic, number) for number in await _partitions(bootstrap_servers, topic, tls)]
            async with _consumer(bootstrap_servers, tls) as consumer:
                ends = await consumer.end_offsets(places)
    except (KafkaError, OSError) as error:
        raise ConnectionError(f"{topic}: {type(error).__name__}") from error
    return {place.partition: ends[place] for place in places}


async def _partitions(bootstrap_servers: str, topic: str, tls: Tls | None) -> Sequence[int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, **client_options(tls))
    try:
        await admin.start()
        (described,) = await admin.describe_topics([topic])
    finally:
        await admin.close()
    if described["error_code"]:
        raise for_code(described["error_code"])(topic)
    return sorted(one["partition"] for one in described["partitions"])


@asynccontextmanager
async def _consumer(bootstrap_servers: str, tls: Tls | None) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        enable_auto_commit=False,
        isolation_level="read_uncommitted",
        **client_options(tls),
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()
