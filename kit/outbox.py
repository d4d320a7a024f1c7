"""The outbox: what a transaction tells is written beside what it changes, and goes to Kafka afterwards by the relay."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from contracts.events.base import EventData
from kit.database import Connection

CHANNEL: Final = "outbox"
"""PostgreSQL notification channel that wakes the relay: the table notifies it at each insert."""

MAX_PAYLOAD_BYTES: Final = 900_000
"""A larger record would be refused by the broker (1 MiB) for ever; so it is refused here, before it is stored."""

_COLUMNS: Final = (
    "event_id",
    "topic",
    "key",
    "type",
    "time",
    "correlation_id",
    "causation_id",
    "traceparent",
    "payload",
)


class PayloadTooLargeError(ValueError):
    """An event that no broker would take; the command that leads to it must be refused."""


class Told(NamedTuple):
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
    await connection.copy_records_to_table("outbox", records=[_row(one) for one in told], columns=_COLUMNS)


def _row(told: Told) -> tuple[object, ...]:
    event = told.event
    payload = event.__pydantic_serializer__.to_json(event, exclude_none=True)
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise PayloadTooLargeError(
            f"{event.event_type} of {event.key} has {len(payload)} bytes, the limit is {MAX_PAYLOAD_BYTES}"
        )
    return (
        told.event_id,
        event.topic,
        event.key,
        event.event_type,
        told.time,
        told.correlation_id,
        told.causation_id,
        told.traceparent,
        payload,
    )
