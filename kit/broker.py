"""Kafka: what a batch consumer needs from the broker, through FastStream's batch subscriber.

FastStream's parser and decoder are replaced by ones that can't fail: a header or body that can't be read is a matter
for the dead letters, a record at a time. Offsets are committed explicitly, by partition, after the database.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from time import time
from typing import Final, TypeVar, cast

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage
from faststream.security import BaseSecurity

from contracts.events.base import EventData
from kit import metrics
from kit.consumer import BatchConsumer, Partition
from kit.decoding import Record
from kit.faults import HaltedError
from kit.fetching import ToldConsumer
from kit.health import START
from kit.log import logger
from kit.settings import ServiceSettings
from kit.waiting import up_to

E = TypeVar("E", bound=EventData)

_log = logger(__name__)

PAUSE_MS: Final = 1
"""FastStream sleeps for so long when it was handed out nothing; how long it waits is a matter of `kit.fetching`."""
FETCH_WAIT_MS: Final = 200
"""For so long the broker may keep an idle fetch. Records end it; those of a partition that was still in a handler's
hands for 100 ms when it was sent come with the next one."""
SESSION_TIMEOUT_MS: Final = 20_000
MAX_POLL_INTERVAL_MS: Final = 600_000
TICK_SECONDS: Final = 1.0
SILENT_SECONDS: Final = 10.0
"""For so long the broker may answer no fetch before that is told; it answers an idle one 5 times a second."""
FIRST_WAIT_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 5.0

IDLE_COMMIT_SECONDS: Final = 1.0
"""For so long committing what moved without a record may keep health from being looked at."""

NEWER_RELEASE: Final = "a newer release 需要新版本"
BROKER: Final = "broker 消息代理"


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
        self._under_way: Mapping[TopicPartition, int] = {}
        self._batches = 0
        self._committed: dict[TopicPartition, int] = {}
        self._taken_until: dict[TopicPartition, int] = {}
        self._answered_at = time()
        self._joined = False
        self._said: str | None = START
        self._halted: HaltedError | None = None
        self._held: set[TopicPartition] = set()
        tls = settings.kafka_tls
        self._broker = KafkaBroker(
            settings.kafka_bootstrap_servers.split(","),  # a text would be taken for one address
            client_id=f"{group}-{settings.instance_id}",
            apply_types=False,
            logger=None,
            consumer_only=True,
            graceful_timeout=20,
            security=None if tls is None else BaseSecurity(ssl_context=tls.context()),
        )
        self._subscriber = self._broker.subscriber(
            *(settings.kafka_topic_prefix + topic for topic in topics),
            batch=True,
            group_id=group,
            group_instance_id=f"{group}-{settings.instance_id}",
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_records=settings.batch_size,
            batch_timeout_ms=PAUSE_MS,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            session_timeout_ms=SESSION_TIMEOUT_MS,
            max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
            ack_policy=AckPolicy.MANUAL,
            listener=_Listener(self),
            parser=_parse,
            decoder=_decode,
        )
        self._subscriber(self._handle)

    async def run(self, stop: asyncio.Event) -> None:
        """Take records in until `stop` is set; the batch under way is finished first.

        Raises:
            Exception: what no retry can mend; the process should end and be started again.
        """
        wait = FIRST_WAIT_SECONDS
        while not stop.is_set():
            self._failed = asyncio.get_running_loop().create_future()
            try:
                await self._connect()
                wait = FIRST_WAIT_SECONDS
                await self._attend(self._failed, stop)
            except (KafkaError, OSError) as error:
                self._say(f"{BROKER}: {type(error).__name__}")
                _log.warning("waiting for the broker", consumer=self._name, error=repr(error), seconds=wait)
            finally:
                await self._broker.stop()
            if not stop.is_set():
                await up_to(wait, stop)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    async def _connect(self) -> None:
        await self._broker.connect()
        config = self._broker.config.broker_config
        options = cast("partial[AIOKafkaConsumer]", config.builder).keywords
        config.builder = partial(ToldConsumer, handed_out=self._handed_out, failed=self._fail, **options)
        self._under_way = {}
        await self._broker.start()

    async def _attend(self, failed: asyncio.Future[None], stop: asyncio.Event) -> None:
        stopping = asyncio.create_task(_until(stop))
        try:
            while not stop.is_set():
                await asyncio.wait([failed, stopping], timeout=TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                if failed.done():
                    failed.result()
                if not stop.is_set():
                    await self._observe()
        finally:
            stopping.cancel()

    @property
    def _kafka(self) -> AIOKafkaConsumer:
        kafka = self._subscriber.consumer
        if kafka is None:
            raise RuntimeError("the subscription was not started")
        return kafka

    def _handed_out(self, first: Mapping[TopicPartition, int]) -> None:
        self._under_way = first
        self._batches += 1

    def _fail(self, error: Exception) -> None:
        if self._failed is not None and not self._failed.done():
            self._failed.set_exception(error)

    async def _handle(self, batch: Sequence[object]) -> None:
        records = cast("Sequence[Record]", batch)  # FastStream builds a model from the annotation, so it is a plain one
        if self._halted is not None:  # after a rebalance partitions are no longer paused
            self._halt(self._halted)
            return
        try:
            taken = await self._consumer.take(records)
            self._hold(taken.held)
            last = {(record.topic, record.partition): record.timestamp for record in records}
            self._taken_until |= {TopicPartition(*place): timestamp for place, timestamp in last.items()}
            self._under_way = {}
            self._answered_at = time()
            await self._commit({TopicPartition(*place): offset for place, offset in taken.offsets.items()})
        except HaltedError as error:
            self._halt(error)
        except Exception as error:  # noqa: BLE001 - FastStream would log it and go on past the batch
            self._fail(error)
            self._kafka.pause(*self._kafka.assignment())

    async def _commit(self, positions: dict[TopicPartition, int]) -> None:
        assigned = self._kafka.assignment()
        positions = {place: offset for place, offset in positions.items() if place in assigned}
        if not positions:
            return
        try:
            await self._kafka.commit(positions)
            self._committed |= positions
        except (CommitFailedError, IllegalStateError) as error:
            _log.warning("partitions moved; what comes again is known", consumer=self._name, error=repr(error))
        except KafkaError as error:
            _log.warning("offsets not committed; they are told again", consumer=self._name, error=repr(error))

    def _hold(self, held: dict[Partition, int]) -> None:
        for (topic, partition), offset in held.items():
            place = TopicPartition(topic, partition)
            if place in self._kafka.assignment():
                self._kafka.pause(place)
                self._kafka.seek(place, offset)
                self._held.add(place)
        if self._held:
            self._say(NEWER_RELEASE)

    def _halt(self, error: HaltedError) -> None:
        if self._halted is None:
            _log.error(
                "halted",
                consumer=self._name,
                reason=str(error),
                way_out="mend the producer or this release, then restart",
            )
        self._halted = error
        metrics.HALTED.labels(self._name).set(1)
        self._say(f"halted 已停止: {error}")
        assigned = self._kafka.assignment()
        self._kafka.pause(*assigned)
        for place, offset in self._under_way.items():
            if place in assigned:
                self._kafka.seek(place, offset)

    def _say(self, reason: str) -> None:
        self._said = reason
        self._progress.waits(reason)

    def _assigned(self) -> None:
        self._joined = True
        self._answered_at = time()
        self._held.clear()
        self._committed.clear()

    def _revoked(self, revoked: Sequence[TopicPartition]) -> None:
        for place in revoked:
            metrics.LAG_RECORDS.labels(self._name, place.topic, str(place.partition)).set(0)

    async def _observe(self) -> None:
        batches = self._batches
        positions: dict[TopicPartition, int] = {}
        pending = 0
        oldest = 0.0
        for place in self._kafka.assignment():
            position = await self._position(place)
            if position is None or place not in self._kafka.assignment():
                continue
            positions[place] = position
            taken = self._under_way.get(place, position)
            lag = max(0, (self._kafka.highwater(place) or 0) - taken)
            pending += lag
            metrics.LAG_RECORDS.labels(self._name, place.topic, str(place.partition)).set(lag)
            if lag:
                oldest = max(oldest, time() - self._taken_until.get(place, time() * 1000) / 1000)
        metrics.LAG_SECONDS.labels(self._name).set(oldest)
        metrics.HELD_PARTITIONS.labels(self._name).set(len(self._held))
        if pending < self._progress.pending or pending == 0:
            self._progress.moved()
        self._progress.pending = pending
        self._tell_readiness()
        # Nothing is in a handler's hands, so what a position went past are end markers and aborted transactions.
        if not self._under_way and batches == self._batches and self._halted is None:
            moved = {place: to for place, to in positions.items() if self._committed.get(place) != to}
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE_COMMIT_SECONDS):
                    await self._commit(moved)

    def _tell_readiness(self) -> None:
        if self._halted is not None:
            return
        if self._held:
            self._say(NEWER_RELEASE)
        elif self._is_silent():
            self._say(f"{BROKER}: no answer 无应答")
        elif self._joined and not self._progress.ready and self._progress.waiting_for in {None, self._said}:
            self._progress.is_ready()

    def _is_silent(self) -> bool:
        reading = self._kafka.assignment() - self._kafka.paused()
        if self._under_way or not reading:
            return False
        answered = max(self._kafka.last_poll_timestamp(place) or 0 for place in reading) / 1000
        return time() - max(answered, self._answered_at) > SILENT_SECONDS

    async def _position(self, place: TopicPartition) -> int | None:
        try:
            async with asyncio.timeout(1):
                position: int = await self._kafka.position(place)
        except (KafkaError, TimeoutError):  # just assigned, or no longer: told at the next tick
            return None
        return position


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Tells a subscription which partitions it has; one that has none stands by, and is ready."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Forget what was said of these partitions."""
        self._subscription._revoked(tuple(revoked))  # noqa: SLF001 - the other half of one class

    async def on_partitions_assigned(self, _assigned: set[TopicPartition]) -> None:
        """Begin anew: every partition is read from its committed offset, and none is paused."""
        self._subscription._assigned()  # noqa: SLF001


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()
