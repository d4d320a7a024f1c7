"""Telling all state again: for a consumer that lost it, or a topic that was lost.

Each aggregate is told as it is now, under a new event id and its old version; who has that version stores it once more.
Rows are locked before they are told, as by a command, so a change at the same moment is told before or after, whole.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kit.database import Connection, Database
from kit.outbox import Told, tell

BATCH_SIZE: Final = 500
DEEPEST: Final = 20_000
"""Rows of the outbox at which to wait for the relay, so that what is told meanwhile isn't far behind."""
WAIT_SECONDS: Final = 0.2
FIRST: Final = UUID(int=0)

_DEPTH: Final = "SELECT count(*) FROM (SELECT FROM outbox LIMIT $1) AS waiting"


@dataclass(frozen=True, slots=True)
class Source:
    """The aggregates of one kind.

    Attributes:
        count: how many there are.
        page: locks those behind an id, in order, up to a number; returns the event of each and the last id.
    """

    count: Callable[[Connection], Awaitable[int]]
    page: Callable[[Connection, UUID, int], Awaitable[tuple[Sequence[Told], UUID]]]


async def republish(database: Database, source: Source, moved: Callable[[int, int], None]) -> int:
    """Tell every aggregate again; return how many.

    Interrupted, it may be begun anew: what is told twice is stored twice, to the same effect.

    Args:
        database: of the service.
        source: its aggregates.
        moved: hears how many were told, of how many.
    """
    async with database.transaction() as transaction:
        total = await source.count(transaction.connection)
    told, last = 0, FIRST
    moved(told, total)
    while True:
        async with database.transaction() as transaction:
            connection = transaction.connection
            waits = await connection.fetchval(_DEPTH, DEEPEST) == DEEPEST
            if not waits:
                events, last = await source.page(connection, last, BATCH_SIZE)
                if not events:
                    return told
                await tell(connection, events)
                told += len(events)
        moved(told, max(told, total))
        if waits:
            await asyncio.sleep(WAIT_SECONDS)
