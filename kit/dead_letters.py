"""Dead letters: a record that can't be taken in is kept, sealed, and its coordinates and reason are told.

The row, the event and the rest of its batch are one transaction, so a record is set aside exactly once.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

import orjson

from contracts.events.dead_letters import DeadLetter
from kit.clock import Clock
from kit.database import Connection
from kit.decoding import Fault, Record
from kit.outbox import Told, tell
from kit.sealing import Sealer

_COORDINATES: Final = UUID("2f6c9f56-3a0e-5d8e-8a44-444541444c54")

_INSERT: Final = """
    INSERT INTO dead_letter
        (id, consumer, topic, partition, record_offset, record_type, reason, detail, sealed, recorded_at)
    SELECT id, $2, topic, partition, record_offset, record_type, reason, detail, sealed, $10
    FROM unnest($1::uuid[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[])
         AS bad (id, topic, partition, record_offset, record_type, reason, detail, sealed)
    ON CONFLICT DO NOTHING
    RETURNING id
"""


class DeadLetters:
    """Sets records aside in one service's database.

    Args:
        event: the event by which this service tells it.
        sealer: seals the records; only this service has its key.
        clock: tells when.
    """

    def __init__(self, event: type[DeadLetter], sealer: Sealer, clock: Clock) -> None:
        self._event = event
        self._sealer = sealer
        self._clock = clock

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


def pack(record: Record) -> bytes:
    """Return a record's key, headers, body and time as bytes that hold everything, whatever is in them."""
    headers = [[name, None if value is None else value.hex()] for name, value in record.headers]
    key = None if record.key is None else record.key.hex()
    value = None if record.value is None else record.value.hex()
    return orjson.dumps({"key": key, "headers": headers, "value": value, "timestamp": record.timestamp})


def _id(consumer: str, record: Record) -> UUID:
    return uuid5(_COORDINATES, f"{consumer}/{record.topic}/{record.partition}/{record.offset}")
