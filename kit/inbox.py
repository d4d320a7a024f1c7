"""The inbox: what was taken in is written beside what it changed, so that a redelivery has no second effect."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from kit.database import Connection

_TAKE_IN: Final = """
    WITH taken AS (
        INSERT INTO inbox (consumer, source, event_id)
        SELECT $1, $2, unnest($3::uuid[])
        ON CONFLICT DO NOTHING
        RETURNING event_id
    )
    SELECT event_id FROM unnest($3) AS heard (event_id)
    WHERE NOT EXISTS (SELECT FROM taken WHERE taken.event_id = heard.event_id)
"""


async def take_in(connection: Connection, consumer: str, source: str, events: Sequence[UUID]) -> set[UUID]:
    """Write events of one source to the inbox; return those that were there before."""
    rows = await connection.fetch(_TAKE_IN, consumer, source, events)
    return {row["event_id"] for row in rows}


async def prune(connection: Connection, before: datetime) -> int:
    """Delete what was taken in before a moment; return how many rows.

    A record older than that which comes again is still harmless: every write is guarded by the aggregate's version.
    """
    tag = await connection.execute("DELETE FROM inbox WHERE received_at < $1", before)
    return int(tag.rsplit(" ", 1)[1])
