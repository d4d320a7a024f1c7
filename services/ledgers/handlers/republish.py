"""Tells every record of the entity ledger again."""

from collections.abc import Sequence
from uuid import UUID

from kit.clock import Clock
from kit.database import Connection
from kit.outbox import Told
from kit.republishing import Source
from services.ledgers.publish import told_again
from services.ledgers.repository import count_entities, lock_entities_behind


def entities(clock: Clock) -> Source:
    """Return the records, in order of entity id."""

    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        records = await lock_entities_behind(connection, last, limit)
        return [told_again(one, now=clock.now()) for one in records], records[-1].entity_id if records else last

    return Source(count_entities, page)
