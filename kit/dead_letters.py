"""Dead letters: a record that can't be taken in is kept, sealed, and its coordinates and reason are told.

The row, the event and the rest of its batch are one transaction, so a record is set aside exactly once. All SQL on the
tables is here and in `kit.dead_letter_desk`: setting aside and redriving here, what people ask for there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias
from uuid import UUID, uuid5

import orjson
from pydantic import BaseModel

from contracts.events.dead_letters import DeadLetter
from kit.clock import Clock
from kit.database import Connection, Transaction
from kit.decoding import Fault, HigherVersion, Record, UnknownType
from kit.outbox import Told, tell
from kit.sealing import Sealer

CHANNEL: Final = "dead_letter"
"""PostgreSQL notification channel that wakes the redriver."""

_COORDINATES: Final = UUID("2f6c9f56-3a0e-5d8e-8a44-444541444c54")

_INSERT: Final = """
    INSERT INTO dead_letter
        (id, consumer, topic, partition, record_offset, record_key, record_type, reason, detail, sealed, recorded_at)
    SELECT id, $2, topic, partition, record_offset, record_key, record_type, reason, detail, sealed, $11
    FROM unnest($1::uuid[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[],
                $10::bytea[])
         AS bad (id, topic, partition, record_offset, record_key, record_type, reason, detail, sealed)
    ON CONFLICT DO NOTHING
    RETURNING id
"""
_KEY: Final = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{12}")
_NEXT: Final = """
    SELECT id, consumer, topic, partition, record_offset, sealed FROM dead_letter
    WHERE state = 'ASKED_FOR'
    ORDER BY consumer, topic, partition, record_offset
    LIMIT 1 FOR UPDATE SKIP LOCKED
"""
# Without a new state the letter goes back to the one it was asked for in: its first reason is kept once it failed.
_TRIED: Final = """
    WITH tried AS (
        UPDATE dead_letter SET
            state = coalesce($2, CASE WHEN first_reason IS NULL THEN 'SET_ASIDE' ELSE 'FAILED_AGAIN' END),
            tries = tries + 1,
            first_reason = CASE WHEN $4::text IS NULL THEN first_reason ELSE coalesce(first_reason, reason) END,
            first_detail = CASE WHEN $4::text IS NULL THEN first_detail ELSE coalesce(first_detail, detail) END,
            reason = coalesce($4, reason),
            detail = coalesce($5, detail),
            redriven_at = CASE WHEN $2 = 'REDRIVEN' THEN $6::timestamptz END
        WHERE id = $1 AND state = 'ASKED_FOR'
        RETURNING id, tries, asked_by, asked_at
    )
    INSERT INTO dead_letter_try (dead_letter_id, number, outcome, reason, detail, asked_by, asked_at, tried_at)
    SELECT id, tries, $3, $4, $5, asked_by, asked_at, $6 FROM tried
    RETURNING number
"""


class State(StrEnum):
    """Where a dead letter stands."""

    SET_ASIDE = "SET_ASIDE"
    ASKED_FOR = "ASKED_FOR"
    """Somebody wants it redriven; the service's process has not come to it yet."""
    REDRIVEN = "REDRIVEN"
    FAILED_AGAIN = "FAILED_AGAIN"


class Outcome(StrEnum):
    """What became of one try to redrive a dead letter."""

    APPLIED = "APPLIED"
    KNOWN = "KNOWN"
    """Its event had been taken in meanwhile from another record, or from the same one read again."""
    FAILED = "FAILED"
    NEWER_RELEASE_NEEDED = "NEWER_RELEASE_NEEDED"
    TYPE_NOT_TAKEN = "TYPE_NOT_TAKEN"
    CONSUMER_GONE = "CONSUMER_GONE"
    SEAL_BROKEN = "SEAL_BROKEN"


_NEW_STATES: Final = {
    Outcome.APPLIED: State.REDRIVEN,
    Outcome.KNOWN: State.REDRIVEN,
    Outcome.FAILED: State.FAILED_AGAIN,
}


@dataclass(frozen=True, slots=True)
class TakenAgain:
    """A record that was taken in after all; not for the first time where the inbox knew its event."""

    first_time: bool


Again: TypeAlias = TakenAgain | Fault | HigherVersion | UnknownType


class TakesAgain(Protocol):
    """A consumer that sets records aside, and takes them in once more when they are redriven."""

    @property
    def name(self) -> str:
        """Name by which its dead letters know it."""
        ...

    async def take_again(self, transaction: Transaction, record: Record, /) -> Again:
        """Take in one record in the open transaction; raises what the handler failed with."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it was when it was set aside."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record was read: topic with its prefix, partition, offset."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A dead letter that somebody wants redriven, its row locked, still sealed."""

    id: UUID
    consumer: str
    place: Place
    sealed: bytes


class DeadLetters:
    """Sets records aside in one service's database, and hands them out to be redriven.

    Args:
        event: the event by which this service tells it.
        sealer: seals the records; only this service has its key.
        clock: tells when.
    """

    def __init__(self, event: type[DeadLetter], sealer: Sealer, clock: Clock) -> None:
        self._event = event
        self._sealer = sealer
        self._clock = clock
        self._consumers: dict[str, TakesAgain] = {}

    @property
    def consumers(self) -> Mapping[str, TakesAgain]:
        """The consumers that set records aside here, by name."""
        return MappingProxyType(self._consumers)

    def are_taken_again_by(self, consumer: TakesAgain) -> None:
        """Remember a consumer, so that every one that sets aside can also redrive."""
        self._consumers[consumer.name] = consumer

    async def set_aside(self, connection: Connection, consumer: str, faults: Sequence[Fault]) -> None:
        """Keep and tell the records of `faults` in the open transaction; those already set aside change nothing."""
        if not faults:
            return
        now = self._clock.now()
        by_id = {_id(consumer, fault.record): fault for fault in faults}
        records = [fault.record for fault in by_id.values()]
        rows = await connection.fetch(
            _INSERT,
            list(by_id),
            consumer,
            [record.topic for record in records],
            [record.partition for record in records],
            [record.offset for record in records],
            [_aggregate(record.key) for record in records],
            [fault.record_type for fault in by_id.values()],
            [fault.reason.value for fault in by_id.values()],
            [fault.detail for fault in by_id.values()],
            [self._sealer.seal(pack(fault.record), place=key.bytes) for key, fault in by_id.items()],
            now,
        )
        told = [
            Told(
                event_id=uuid5(_COORDINATES, f"{self._event.event_type}/{row['id']}"),
                event=self._event(
                    dead_letter_id=row["id"],
                    consumer=consumer,
                    source_topic=fault.record.topic,
                    source_partition=fault.record.partition,
                    source_offset=fault.record.offset,
                    record_type=fault.record_type,
                    reason=fault.reason.value,
                    detail=fault.detail,
                    recorded_at=now,
                ),
                time=now,
                correlation_id=row["id"],
            )
            for row in rows
            for fault in (by_id[row["id"]],)
        ]
        await tell(connection, told)

    @staticmethod
    async def next_asked(connection: Connection) -> Asked | None:
        """Lock and return the next dead letter to redrive, in the order of its partition; None where there is none."""
        row = await connection.fetchrow(_NEXT)
        if row is None:
            return None
        place = Place(row["topic"], row["partition"], row["record_offset"])
        return Asked(row["id"], row["consumer"], place, row["sealed"])

    def open(self, asked: Asked) -> Kept:
        """Return the record of a dead letter.

        Raises:
            SealBrokenError: it was sealed with another key, or changed since.
        """
        return opened(self._sealer, asked.id, asked.place, asked.sealed)

    async def tried(
        self, connection: Connection, letter_id: UUID, outcome: Outcome, fault: tuple[str, str] | None = None
    ) -> bool:
        """Note what became of a try in the open transaction.

        Args:
            connection: that of the transaction.
            letter_id: the dead letter.
            outcome: what became of it; one that neither applied nor failed leaves its state as it was.
            fault: reason and detail where it failed; without any value of the record.

        Returns:
            False where the letter was asked for no longer: somebody else came first, and nothing was noted.
        """
        reason, detail = fault or (None, None)
        state = _NEW_STATES.get(outcome)
        number = await connection.fetchval(_TRIED, letter_id, state, outcome, reason, detail, self._clock.now())
        return number is not None


class _Packed(BaseModel):
    key: str | None
    headers: list[tuple[str, str | None]]
    value: str | None
    timestamp: int


def pack(record: Record) -> bytes:
    """Return a record's key, headers, body and time as bytes that hold everything, whatever is in them."""
    headers = [[name, None if value is None else value.hex()] for name, value in record.headers]
    key = None if record.key is None else record.key.hex()
    value = None if record.value is None else record.value.hex()
    return orjson.dumps({"key": key, "headers": headers, "value": value, "timestamp": record.timestamp})


def unpack(packed: bytes, place: Place) -> Kept:
    """Return the record that was packed."""
    found = _Packed.model_validate_json(packed)
    return Kept(
        topic=place.topic,
        partition=place.partition,
        offset=place.offset,
        key=_bytes(found.key),
        value=_bytes(found.value),
        headers=tuple((name, _bytes(value)) for name, value in found.headers),
        timestamp=found.timestamp,
    )


def opened(sealer: Sealer, letter_id: UUID, place: Place, sealed: bytes) -> Kept:
    """Open the record of a dead letter.

    Raises:
        SealBrokenError: it was sealed with another key, or changed since.
    """
    return unpack(sealer.open(sealed, place=letter_id.bytes), place)


def _aggregate(key: bytes | None) -> str | None:
    """Return a record's key where it may be that of an aggregate: an id or a code. Anything else stays sealed."""
    return key.decode() if key is not None and _KEY.fullmatch(key) else None


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


def _id(consumer: str, record: Record) -> UUID:
    return uuid5(_COORDINATES, f"{consumer}/{record.topic}/{record.partition}/{record.offset}")
