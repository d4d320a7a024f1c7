"""What the tests see and do on the broker and in the database, past the kit."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from contracts.envelope import Envelope
from contracts.events.base import EventData
from kit.ids import new_id
from kit.outbox import Told, tell
from tests.integration.kit.tally import CONSUMER, MOMENT, AmountGiven, Place, Replica, TotalChanged


@dataclass(frozen=True, slots=True)
class Wire:
    """One record, as it is written to a topic or was read from it."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    partition: int | None = None
    offset: int = -1

    @property
    def event_id(self) -> UUID:
        """Return its CloudEvents id."""
        return Envelope.decode(self.headers).id


def wire(event: EventData, *, event_id: UUID | None = None, partition: int | None = None) -> Wire:
    """Return the record of an event."""
    envelope = Envelope(
        id=event_id or new_id(), source="/lianhe/tests", type=event.event_type, time=MOMENT, subject=event.key
    )
    return Wire(event.key.encode(), event.model_dump_json().encode(), tuple(envelope.encode()), partition)


async def produce(place: Place, records: Sequence[Wire], topic: str = AmountGiven.topic) -> None:
    """Append records, in order, as a stranger's producer does."""
    producer = AIOKafkaProducer(bootstrap_servers=place.kafka, acks="all")
    await producer.start()
    try:
        sent = [
            await producer.send(
                place.prefix + topic, one.value, key=one.key, headers=list(one.headers), partition=one.partition
            )
            for one in records
        ]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def read(place: Place, topic: str, *, committed: bool = True) -> list[Wire]:
    """Return everything on a topic now, each partition in its order.

    A transaction's end marker is written after its producer was answered: the end that is read to is the log's, which
    is past it.
    """
    ends = await end_offsets(place, topic)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=place.kafka,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed" if committed else "read_uncommitted",
    )
    await consumer.start()
    try:
        places = {TopicPartition(place.prefix + topic, number): end for number, end in ends.items()}
        consumer.assign(list(places))
        found: list[Wire] = []
        while any([await consumer.position(one) < end for one, end in places.items()]):
            batches = await consumer.getmany(timeout_ms=200)
            found += [
                Wire(one.key, one.value, one.headers, one.partition, one.offset)
                for records in batches.values()
                for one in records
            ]
        return sorted(found, key=lambda one: (one.partition or 0, one.offset))
    finally:
        await consumer.stop()


async def _ends(consumer: AIOKafkaConsumer, topic: str) -> dict[TopicPartition, int]:
    # The client learns of a topic by asking for it.
    await consumer._client.add_topic(topic)
    places = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    ends: dict[TopicPartition, int] = await consumer.end_offsets(places)
    return ends


async def end_offsets(place: Place, topic: str = AmountGiven.topic) -> dict[int, int]:
    """Return the end offset of each partition, transaction markers included."""
    consumer = AIOKafkaConsumer(bootstrap_servers=place.kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        return {one.partition: end for one, end in (await _ends(consumer, place.prefix + topic)).items()}
    finally:
        await consumer.stop()


async def committed_offsets(place: Place, group: str = CONSUMER, topic: str = AmountGiven.topic) -> dict[int, int]:
    """Return what the consumer group committed, by partition; nothing while the broker still prepares for groups."""
    admin = AIOKafkaAdminClient(bootstrap_servers=place.kafka)
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(place.prefix + group)
    except GroupCoordinatorNotAvailableError:
        return {}
    finally:
        await admin.close()
    return {one.partition: at.offset for one, at in offsets.items() if one.topic == place.prefix + topic}


async def rewind(place: Place, instance: str = "0") -> None:
    """Commit the beginning of every partition, in the place of a replica that was stopped."""
    group = place.prefix + CONSUMER
    consumer = AIOKafkaConsumer(
        place.prefix + AmountGiven.topic,
        bootstrap_servers=place.kafka,
        group_id=group,
        group_instance_id=f"{group}-{instance}",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        await consumer.commit(dict.fromkeys(consumer.assignment(), 0))
    finally:
        await consumer.stop()


def assigned(replica: Replica) -> set[TopicPartition]:
    """Return the partitions that a replica has now."""
    kafka = replica.subscription._subscriber.consumer
    return set() if kafka is None else set(kafka.assignment())


class Runs(Protocol):
    """A component of a process."""

    async def run(self, stop: asyncio.Event, /) -> None:
        """Work until `stop` is set."""
        ...


@asynccontextmanager
async def running(*components: Runs) -> AsyncIterator[None]:
    """Run components while the block runs; what one fails with is raised at the end."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(one.run(stop)) for one in components]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait(tasks, timeout=30)
        for task in tasks:
            task.cancel()
    for task in tasks:
        await task


@asynccontextmanager
async def connected(place: Place) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Open a connection to the database."""
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(place.database_url)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def locked(place: Place) -> AsyncIterator[None]:
    """Keep everybody else from the accounts while the block runs."""
    async with connected(place) as connection, connection.transaction():
        await connection.execute("LOCK TABLE account")
        yield


async def rows(place: Place, query: str, *args: object) -> list[tuple[object, ...]]:
    """Return the rows of a query."""
    async with connected(place) as connection:
        return [tuple(row.values()) for row in await connection.fetch(query, *args)]


async def count(place: Place, table: str) -> int:
    """Return how many rows a table has."""
    [(found,)] = await rows(place, f"SELECT count(*) FROM {table}")  # noqa: S608 - a test's own words
    return int(str(found))


def holds(place: Place, query: str, value: object, *args: object) -> Callable[[], Awaitable[bool]]:
    """Return a condition: a query's one value is what is expected."""

    async def condition() -> bool:
        return await rows(place, query, *args) == [(value,)]

    return condition


async def tell_total(connection: "asyncpg.Connection[asyncpg.Record]", event: TotalChanged) -> UUID:
    """Write an event to the outbox in the open transaction; return its id."""
    event_id = new_id()
    await tell(connection, [Told(event_id=event_id, event=event, time=MOMENT, correlation_id=event_id)])
    return event_id


def once(records: Sequence[Wire]) -> list[Wire]:
    """Return the records without those whose event id came before, in the order of a topic with one partition."""
    known = {one.event_id: one for one in reversed(records)}
    return sorted(known.values(), key=lambda one: one.offset)


def versions(records: Sequence[Wire]) -> dict[str, list[int]]:
    """Return the versions of each account, in the order of the topic."""
    found: dict[str, list[int]] = defaultdict(list)
    for one in records:
        event = TotalChanged.model_validate_json(one.value or b"")
        found[event.key].append(event.version)
    return dict(found)
