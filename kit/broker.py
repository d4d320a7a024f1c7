"""Kafka: what a batch consumer needs from the broker, through FastStream's batch subscriber.

FastStream's parser and decoder are replaced by ones that can't fail: a header or body that can't be read is a matter
for the dead letters, a record at a time. Offsets are committed explicitly, by partition, after the database.
"""

import asyncio
from collections.abc import Sequence
from time import time
from typing import Final, TypeVar, cast

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage

from contracts.events.base import EventData
from kit import metrics
from kit.consumer import BatchConsumer, Partition
from kit.decoding import Record
from kit.faults import HaltedError
from kit.log import logger
from kit.settings import ServiceSettings

E = TypeVar("E", bound=EventData)

_log = logger(__name__)

BATCH_TIMEOUT_MS: Final = 20
FETCH_WAIT_MS: Final = 50
SESSION_TIMEOUT_MS: Final = 20_000
TICK_SECONDS: Final = 1.0


async def _parse(records: tuple[Record, ...]) -> KafkaMessage:
    return KafkaMessage(body=b"", raw_message=records, consumer=_NO_CONSUMER)


async def _decode(message: KafkaMessage) -> tuple[Record, ...]:
    return message.raw_message if isinstance(message.raw_message, tuple) else (message.raw_message,)


class _NoConsumer:
    """Stands where FastStream wants a consumer to acknowledge with: acknowledging is done here, by partition."""

    async def commit(self) -> None:
        raise NotImplementedError("offsets are committed by partition")

    def seek(self, partition: TopicPartition, offset: int) -> None:
        raise NotImplementedError("positions are moved by partition")


_NO_CONSUMER: Final = _NoConsumer()


class Subscription:
    """Runs one batch consumer on some topics, as a member of its consumer group.

    Args:
        consumer: what takes the records in.
        topics: contract names of the topics, without the prefix.
        settings: where the broker is, and which replica this is (static membership).
    """

    def __init__(self, consumer: BatchConsumer[E], topics: Sequence[str], settings: ServiceSettings) -> None:
        self._consumer = consumer
        self._name = consumer.name
        self._progress = consumer.progress
        group = settings.kafka_topic_prefix + self._name
        self._failed: asyncio.Future[None] | None = None
        self._taken_until: dict[TopicPartition, int] = {}
        self._halted = False
        self._held: set[TopicPartition] = set()
        self._broker = KafkaBroker(
            settings.kafka_bootstrap_servers,
            client_id=f"{group}-{settings.instance_id}",
            apply_types=False,
            logger=None,
            consumer_only=True,
            graceful_timeout=20,
        )
        self._subscriber = self._broker.subscriber(
            *(settings.kafka_topic_prefix + topic for topic in topics),
            batch=True,
            group_id=group,
            group_instance_id=f"{group}-{settings.instance_id}",
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_records=settings.batch_size,
            batch_timeout_ms=BATCH_TIMEOUT_MS,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            session_timeout_ms=SESSION_TIMEOUT_MS,
            max_poll_interval_ms=600_000,
            ack_policy=AckPolicy.MANUAL,
            parser=_parse,
            decoder=_decode,
        )
        self._subscriber(self._handle)

    async def run(self, stop: asyncio.Event) -> None:
        """Take records in until `stop` is set; the batch under way is finished first.

        Raises:
            Exception: what no retry can mend; the process should end and be started again.
        """
        self._failed = asyncio.get_running_loop().create_future()
        stopping = asyncio.create_task(_until(stop))
        await self._connect(stop)
        try:
            while not stop.is_set():
                await asyncio.wait([self._failed, stopping], timeout=TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                if self._failed.done():
                    self._failed.result()
                if not stop.is_set():
                    await self._observe()
        finally:
            stopping.cancel()
            await self._broker.stop()

    async def _connect(self, stop: asyncio.Event) -> None:
        wait = 0.2
        while not stop.is_set():
            try:
                await self._broker.start()
            except (KafkaError, OSError) as error:
                self._progress.waits(f"broker 消息代理: {type(error).__name__}")
                _log.warning("waiting for the broker", consumer=self._name, error=repr(error), seconds=wait)
                await self._broker.stop()
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5.0)
            else:
                return

    @property
    def _kafka(self) -> AIOKafkaConsumer:
        kafka = self._subscriber.consumer
        if kafka is None:
            raise RuntimeError("the subscription was not started")
        return kafka

    async def _handle(self, batch: Sequence[object]) -> None:
        records = cast("Sequence[Record]", batch)  # FastStream builds a model from the annotation, so it is a plain one
        try:
            taken = await self._consumer.take(records)
            await self._commit(taken.offsets, taken.held)
            self._hold(taken.held)
            for record in records:
                self._taken_until[TopicPartition(record.topic, record.partition)] = record.timestamp
        except HaltedError as error:
            self._halt(records, str(error))
        except Exception as error:  # noqa: BLE001 - FastStream would log it and go on past the batch
            if self._failed is not None and not self._failed.done():
                self._failed.set_exception(error)
            self._kafka.pause(*self._kafka.assignment())

    async def _commit(self, offsets: dict[Partition, int], held: dict[Partition, int]) -> None:
        positions = {}
        assigned = self._kafka.assignment()
        for (topic, partition), offset in offsets.items():
            place = TopicPartition(topic, partition)
            if place not in assigned:
                continue
            # The position is past a transaction's end marker, which is no record: else one record of lag would stay.
            free = (topic, partition) not in held
            positions[place] = max(offset, await self._kafka.position(place)) if free else offset
        if not positions:
            return
        try:
            await self._kafka.commit(positions)
        except (CommitFailedError, IllegalStateError) as error:
            _log.warning("partitions moved; what comes again is known", consumer=self._name, error=repr(error))
        except KafkaError as error:
            _log.warning("offsets not committed; the next batch tells them too", consumer=self._name, error=repr(error))

    def _hold(self, held: dict[Partition, int]) -> None:
        for (topic, partition), offset in held.items():
            place = TopicPartition(topic, partition)
            self._kafka.pause(place)
            self._kafka.seek(place, offset)
            self._held.add(place)

    def _halt(self, records: Sequence[Record], reason: str) -> None:
        _log.error(
            "halted", consumer=self._name, reason=reason, way_out="mend the producer or this release, then restart"
        )
        self._halted = True
        metrics.HALTED.labels(self._name).set(1)
        first: dict[TopicPartition, int] = {}
        for record in records:
            first.setdefault(TopicPartition(record.topic, record.partition), record.offset)
        self._kafka.pause(*self._kafka.assignment())
        for place, offset in first.items():
            self._kafka.seek(place, offset)
        self._progress.waits(f"halted 已停止: {reason}")

    async def _observe(self) -> None:
        kafka = self._kafka
        assigned = kafka.assignment()
        pending = 0
        oldest = 0.0
        for place in assigned:
            position, end = await self._lag(kafka, place)
            lag = max(0, end - position)
            pending += lag
            metrics.LAG_RECORDS.labels(self._name, place.topic, str(place.partition)).set(lag)
            if lag:
                oldest = max(oldest, time() - self._taken_until.get(place, time() * 1000) / 1000)
        metrics.LAG_SECONDS.labels(self._name).set(oldest)
        self._held &= assigned
        metrics.HELD_PARTITIONS.labels(self._name).set(len(self._held))
        if pending < self._progress.pending or pending == 0:
            self._progress.moved()
        self._progress.pending = pending
        if self._held:
            self._progress.waits("a newer release 需要新版本")
        elif assigned and not self._halted and self._progress.waiting_for in {None, "start 启动"}:
            self._progress.is_ready()

    @staticmethod
    async def _lag(kafka: AIOKafkaConsumer, place: TopicPartition) -> tuple[int, int]:
        try:
            end = kafka.highwater(place)
            return (await asyncio.wait_for(kafka.position(place), 1), end or 0)
        except (KafkaError, TimeoutError):  # unassigned between the two calls: told at the next tick
            return 0, 0


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()
