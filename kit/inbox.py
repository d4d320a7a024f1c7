"""The inbox: what was taken in is written beside what it changed, so that a redelivery has no second effect."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from kit.database import Connection

_TAKE_IN: Final = """
    INSERT INTO inbox (consumer, source, event_id)
    SELECT $1, source, event_id FROM unnest($2::text[], $3::uuid[]) AS heard (source, event_id)
    ON CONFLICT DO NOTHING
    RETURNING source, event_id
"""


async def take_in(connection: Connection, consumer: str, heard: Sequence[tuple[str, UUID]]) -> set[tuple[str, UUID]]:
    """Write events, each as (source, event id), to the inbox; return those heard for the first time."""
    rows = await connection.fetch(_TAKE_IN, consumer, [source for source, _ in heard], [event for _, event in heard])
    return {(row["source"], row["event_id"]) for row in rows}


async def prune(connection: Connection, before: datetime) -> int:
    """Delete what was taken in before a moment; return how many rows.

    A record older than that which comes again is still harmless: every write is guarded by the aggregate's version.
    """
    tag = await connection.execute("DELETE FROM inbox WHERE received_at < $1", before)
    return int(tag.rsplit(" ", 1)[1])
