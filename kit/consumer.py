"""Taking in a batch of records: decode each, apply them in one transaction, set aside what can't be applied.

The order of events is what makes it safe: inbox, state, outbox and dead letters commit together; only then are offsets
committed. A crash between the two means a redelivery, and the inbox makes a redelivery harmless.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter, time
from traceback import format_tb
from typing import Final, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from opentelemetry import trace
from opentelemetry.trace import SpanKind

from contracts.envelope import Envelope
from contracts.events.base import EventData
from kit import metrics
from kit.database import Connection, Database, Failure, Transaction, failure_of
from kit.dead_letters import Again, DeadLetters, TakenAgain
from kit.decoding import Decoded, Decoder, Fault, HigherVersion, Record, UnknownType
from kit.faults import HaltedError, Limits, Reason, RuleBrokenError
from kit.health import Progress
from kit.inbox import take_in
from kit.log import logger
from kit.telemetry import Attributes, Step, batch_span, begin_step, failed

E = TypeVar("E", bound=EventData)

_log = logger(__name__)

FIRST_WAIT_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 15.0

Partition = tuple[str, int]


class Heard(NamedTuple, Generic[E]):
    """An event heard for the first time. `traceparent` is the step taken here, for what follows from it."""

    event: E
    envelope: Envelope
    traceparent: str | None


class Handler(Protocol[E]):
    """Applies events to a service's state, in the open transaction.

    It is called with events in the order of their partitions, each for the first time, and may be called again with
    fewer of them after a rollback: it keeps nothing outside the transaction. A deciding handler first locks the
    aggregates it will change, in order of id.

    Raises:
        RuleBrokenError: an event breaks a rule; alone in its batch it goes to the dead letters.
    """

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[E]], /) -> None:
        """Apply the events."""
        ...


@dataclass(slots=True)
class Taken:
    """What became of a batch: the offset to go on from for each partition, and the partitions that must wait."""

    offsets: dict[Partition, int] = field(default_factory=dict)
    held: dict[Partition, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Part(Generic[E]):
    decoded: Sequence[Decoded[E]]
    heard: Sequence[Heard[E]]
    faults: Sequence[Fault]

    def halves(self) -> tuple["_Part[E]", "_Part[E]"]:
        middle = len(self.heard) // 2
        edge = _place(self.decoded[middle].record)
        before = [fault for fault in self.faults if _place(fault.record) < edge]
        return (
            _Part(self.decoded[:middle], self.heard[:middle], before),
            _Part(self.decoded[middle:], self.heard[middle:], self.faults[len(before) :]),
        )

    def outcomes(self) -> list[bool]:
        """Return of each record, in order, whether it is good."""
        if not self.faults:
            return [True] * len(self.decoded)
        places = [(_place(one.record), True) for one in self.decoded]
        places += [(_place(fault.record), False) for fault in self.faults]
        return [good for _, good in sorted(places)]


class BatchConsumer(Generic[E]):
    """Takes in batches for one consumer of one service.

    Args:
        name: `<service>.<what>`; names the inbox rows, the metrics and the consumer group, and never changes.
        decoder: the event types taken in.
        handler: applies them.
        database: the service's database.
        dead_letters: where bad records go, and come back from.
        progress: what health sees.
        inbox: whether what was heard is written down, so that the handler hears each event once. A handler that tells
            nothing and whose every write is guarded by the aggregate's version needs none: twice is as once.
        limits: at how many bad records to stop.
        sleep: how to wait between tries.
    """

    def __init__(
        self,
        *,
        name: str,
        decoder: Decoder[E],
        handler: Handler[E],
        database: Database,
        dead_letters: DeadLetters,
        progress: Progress,
        inbox: bool = True,
        limits: Limits | None = None,
        sleep: Callable[[float], "asyncio.Future[None]"] | None = None,
    ) -> None:
        self.name = name
        self.progress = progress
        self._decoder = decoder
        self._handler = handler
        self._database = database
        self._dead_letters = dead_letters
        self._inbox = inbox
        self._limits = limits or Limits()
        self._sleep = sleep or asyncio.sleep
        dead_letters.are_taken_again_by(self)

    async def take(self, records: Sequence[Record]) -> Taken:
        """Take in a batch. Returns when everything in it is committed to the database; waits as long as that takes.

        Raises:
            HaltedError: too many bad records; nothing of the part that passed the limit was committed.
        """
        started = perf_counter()
        taken, decoded, faults = self._decode(records)
        traceparents = [one.envelope.traceparent for one in decoded if one.envelope.traceparent]
        attributes: Attributes = {
            "messaging.consumer.group.name": self.name,
            "messaging.batch.message_count": len(records),
        }
        with batch_span(f"{self.name} take", traceparents, attributes, SpanKind.CONSUMER):
            steps = {_place(one.record): step for one in decoded if (step := self._step(one)) is not None}
            try:
                carried = {place: step.traceparent for place, step in steps.items()}
                heard = [Heard(one.event, one.envelope, carried.get(_place(one.record))) for one in decoded]
                await self._apply(_Part(decoded, heard, faults), steps)
            finally:
                for step in steps.values():
                    step.end()
        metrics.BATCH_RECORDS.labels(self.name).observe(len(records))
        metrics.BATCH_SECONDS.labels(self.name).observe(perf_counter() - started)
        return taken

    async def take_again(self, transaction: Transaction, record: Record) -> Again:
        """Take in one record that was set aside, in the open transaction, as a batch of one.

        Returns:
            What became of it; for all but `TakenAgain` nothing was changed.

        Raises:
            Exception: what the handler or the database failed with (see `reason_of`); roll back.
        """
        outcome = self._decoder.decode(record)
        if not isinstance(outcome, Decoded):
            return outcome
        traceparent = outcome.envelope.traceparent
        attributes: Attributes = {"messaging.consumer.group.name": self.name}
        with batch_span(f"{self.name} redrive", [traceparent] if traceparent else [], attributes, SpanKind.CONSUMER):
            step = self._step(outcome)
            why: str | None = None
            try:
                heard = [Heard(outcome.event, outcome.envelope, step.traceparent if step else None)]
                fresh = await self._first_time(transaction.connection, heard)
                if fresh:
                    await self._handler(transaction, fresh)
            except Exception as error:
                why = type(error).__name__
                raise
            finally:
                if step is not None:
                    step.end(why)
        return TakenAgain(first_time=bool(fresh))

    def _decode(self, records: Sequence[Record]) -> tuple[Taken, list[Decoded[E]], list[Fault]]:
        taken = Taken()
        decoded: list[Decoded[E]] = []
        faults: list[Fault] = []
        unknown = 0
        for record in sorted(records, key=_place):
            partition = (record.topic, record.partition)
            if partition in taken.held:
                continue
            outcome = self._decoder.decode(record)
            match outcome:
                case Decoded():
                    decoded.append(outcome)
                case HigherVersion():
                    taken.held[partition] = record.offset
                    _log.error(
                        "held",
                        topic=record.topic,
                        partition=record.partition,
                        offset=record.offset,
                        type=outcome.record_type,
                        way_out="roll out the release that reads this version",
                    )
                    continue
                case UnknownType():
                    unknown += 1
                case Fault():
                    faults.append(outcome)
            taken.offsets[partition] = record.offset + 1
        if unknown:
            metrics.RECORDS.labels(self.name, "unknown_type").inc(unknown)
        return taken, decoded, faults

    def _step(self, one: Decoded[E]) -> Step | None:
        if one.envelope.traceparent is None:
            return None
        attributes: Attributes = {
            "messaging.system": "kafka",
            "messaging.destination.name": one.record.topic,
            "messaging.kafka.offset": one.record.offset,
            "cloudevents.event_id": str(one.envelope.id),
            "cloudevents.event_type": one.envelope.type,
            "correlation_id": str(one.envelope.correlation_id or one.envelope.id),
        }
        return begin_step(f"{self.name} apply", one.envelope.traceparent, attributes, SpanKind.CONSUMER)

    async def _apply(self, whole: _Part[E], steps: Mapping[tuple[str, int, int], Step]) -> None:
        work = [whole]
        wait = FIRST_WAIT_SECONDS
        while work:
            part = work.pop()
            if not part.heard and not part.faults:
                continue
            try:
                await self._commit(part)
            except HaltedError:
                raise
            except Exception as error:  # noqa: BLE001 - every failure is sorted here, none is swallowed
                reason = reason_of(error)
                if reason is None or not part.heard:
                    away = "database 数据库" if reason is None else "dead letters 死信"
                    self.progress.waits(f"{away}: {type(error).__name__}")
                    _log.warning("waiting", consumer=self.name, error=repr(error), seconds=wait)
                    await self._sleep(wait)
                    wait = min(wait * 2, LONGEST_WAIT_SECONDS)
                    work.append(part)
                elif len(part.heard) > 1:
                    first, second = part.halves()
                    work += [second, first]
                else:
                    bad = part.decoded[0]
                    step = steps.get(_place(bad.record))
                    with trace.use_span(step.span if step else trace.get_current_span(), record_exception=False):
                        _log.error(
                            "set aside",
                            consumer=self.name,
                            reason=reason,
                            detail=detail_of(error),
                            event_id=str(bad.envelope.id),
                            correlation_id=str(bad.envelope.correlation_id or bad.envelope.id),
                            # The frames alone: an error's own text may hold values of the record.
                            frames=format_tb(error.__traceback__) if reason is Reason.HANDLER_FAILED else None,
                        )
                    if step is not None:
                        failed(step.span, reason.value)
                    fault = Fault(bad.record, reason, detail_of(error), bad.envelope.type)
                    work.append(_Part((), (), sorted([*part.faults, fault], key=lambda one: _place(one.record))))
            else:
                self.progress.is_ready()
                wait = FIRST_WAIT_SECONDS

    async def _commit(self, part: _Part[E]) -> None:
        outcomes = part.outcomes()
        self._limits.check(outcomes)
        async with self._database.transaction() as transaction:
            fresh = await self._first_time(transaction.connection, part.heard)
            if fresh:
                await self._handler(transaction, fresh)
            await self._dead_letters.set_aside(transaction.connection, self.name, part.faults)
        self._limits.took(outcomes)
        if fresh:
            oldest = min(one.envelope.time for one in fresh)
            metrics.DELAY_SECONDS.labels(self.name).observe(max(0.0, time() - oldest.timestamp()))
        metrics.RECORDS.labels(self.name, "applied").inc(len(fresh))
        metrics.RECORDS.labels(self.name, "duplicate").inc(len(part.heard) - len(fresh))
        for fault in part.faults:
            metrics.DEAD_LETTERS.labels(self.name, fault.reason.value).inc()

    async def _first_time(self, connection: Connection, heard: Sequence[Heard[E]]) -> Sequence[Heard[E]]:
        if not heard or not self._inbox:
            return heard
        by_source: dict[str, dict[UUID, Heard[E]]] = {}
        for one in heard:
            # of an event that came twice, the first
            by_source.setdefault(one.envelope.source, {}).setdefault(one.envelope.id, one)
        known = 0
        for source, events in sorted(by_source.items()):
            for event_id in await take_in(connection, self.name, source, list(events)):
                del events[event_id]
                known += 1
        if not known and sum(map(len, by_source.values())) == len(heard):
            return heard
        return [one for one in heard if by_source[one.envelope.source].get(one.envelope.id) is one]


def _place(record: Record) -> tuple[str, int, int]:
    return record.topic, record.partition, record.offset


def reason_of(error: Exception) -> Reason | None:
    """Return why a record is at fault, or None where the record is not: then the same batch is tried again."""
    if isinstance(error, RuleBrokenError):
        return Reason.RULE_BROKEN
    match failure_of(error):
        case Failure.DATA:
            return Reason.DATA_REFUSED
        case Failure.CODE:
            return Reason.HANDLER_FAILED
        case _:
            return None


def detail_of(error: Exception) -> str:
    """Say what went wrong without any value of the record."""
    if isinstance(error, RuleBrokenError):
        return str(error)[:500]
    state = getattr(error, "sqlstate", None) or getattr(getattr(error, "orig", None), "sqlstate", None)
    return f"{type(error).__name__}, SQLSTATE {state}" if state else type(error).__name__
