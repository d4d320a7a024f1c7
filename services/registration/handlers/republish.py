"""Tells every entity again, as registration has it."""

from collections.abc import Sequence
from uuid import UUID

from kit.clock import Clock
from kit.database import Connection
from kit.outbox import Told
from kit.republishing import Source
from services.registration.publish import entity_told
from services.registration.repository.entities import Stored, count, lock_behind


def entities(clock: Clock) -> Source:
    """Return the entities, in order of id."""

    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        known = await lock_behind(connection, last, limit)
        events = [
            entity_told(
                one.registration(),
                Stored(one.id, one.version, one.state, one.kind, one.effective_on),
                now=one.recorded_at,
                told_at=clock.now(),
                traceparent=None,
            )
            for one in known
        ]
        return events, known[-1].id if known else last

    return Source(count, page)
