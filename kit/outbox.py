"""The outbox: what a transaction tells is written beside what it changes, and goes to Kafka afterwards by the relay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.events.base import EventData
from kit.database import Connection

CHANNEL: Final = "outbox"
"""PostgreSQL notification channel that wakes the relay."""

MAX_PAYLOAD_BYTES: Final = 900_000
"""A larger record would be refused by the broker (1 MiB) for ever; so it is refused here, before it is stored."""

_INSERT: Final = f"""
    WITH told AS (
        INSERT INTO outbox (event_id, topic, key, type, time, correlation_id, causation_id, traceparent, payload)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::uuid[], $7::uuid[],
                             $8::text[], $9::bytea[])
    )
    SELECT pg_notify('{CHANNEL}', '')
"""  # noqa: S608 - the channel is a constant


class PayloadTooLargeError(ValueError):
    """An event that no broker would take; the command that leads to it must be refused."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event on its way out: the fact, and what it follows from.

    `correlation_id` stays the same along a whole saga; `causation_id` is the event or command that led to this one;
    `traceparent` (W3C) is there where this fact is traced.
    """

    event_id: UUID
    event: EventData
    time: datetime
    correlation_id: UUID
    causation_id: UUID | None = None
    traceparent: str | None = None


async def tell(connection: Connection, told: Sequence[Told]) -> None:
    """Write events to the outbox of the open transaction, in the order given, and wake the relay at its commit.

    The row of an event's aggregate must be locked before: that makes the outbox's order the order of versions.

    Raises:
        PayloadTooLargeError: an event is larger than `MAX_PAYLOAD_BYTES`.
    """
    if not told:
        return
    payloads = [one.event.__pydantic_serializer__.to_json(one.event, exclude_none=True) for one in told]
    for one, payload in zip(told, payloads, strict=True):
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise PayloadTooLargeError(
                f"{one.event.event_type} of {one.event.key} has {len(payload)} bytes, the limit is {MAX_PAYLOAD_BYTES}"
            )
    await connection.execute(
        _INSERT,
        [one.event_id for one in told],
        [one.event.topic for one in told],
        [one.event.key for one in told],
        [one.event.event_type for one in told],
        [one.time for one in told],
        [one.correlation_id for one in told],
        [one.causation_id for one in told],
        [one.traceparent for one in told],
        payloads,
    )
