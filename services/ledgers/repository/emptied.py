"""Queries on organisations whose entities are all deregistered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.vocabulary import Bureau
from kit.database import Connection

# Business districts 商圈 and catch-alls 兜底 are of a place: they last though those who were there have gone.
_FOUNDED_FOR: Final = """
    SELECT DISTINCT organisation_id FROM organisation_entity JOIN organisation USING (organisation_id)
    WHERE entity_id = ANY($1::uuid[]) AND state = 'ACTIVE' AND NOT external AND mode IN ('SINGLE', 'JOINT')
"""
_EMPTIED: Final = f"""
    SELECT organisation_id, superior_id, division_code, bureau, (
        SELECT min(entity_id::text)::uuid FROM organisation_entity
        WHERE organisation_entity.organisation_id = organisation.organisation_id AND entity_id = ANY($1::uuid[])
    ) AS entity_id
    FROM organisation WHERE organisation_id IN ({_FOUNDED_FOR}) AND NOT EXISTS (
        SELECT FROM organisation_entity JOIN entity USING (entity_id)
        WHERE organisation_entity.organisation_id = organisation.organisation_id AND entity.state = 'ACTIVE'
    ) AND NOT EXISTS (
        SELECT FROM process JOIN process_step USING (process_id)
        WHERE topic = $2 AND subject_id = organisation.organisation_id::text
            AND process_step.version = 1 AND taken_by IS NULL
    )
    ORDER BY organisation_id
"""  # noqa: S608 - a part of ours


@dataclass(frozen=True, slots=True)
class Emptied:
    """An organisation whose entities are all deregistered, one of them now."""

    organisation_id: UUID
    superior_id: UUID | None
    division_code: str
    bureau: Bureau
    entity_id: UUID


async def founded_for(connection: Connection, entities: Sequence[UUID]) -> list[UUID]:
    """Return the active organisations of our own that are founded for some entities, or for them with others."""
    return [row["organisation_id"] for row in await connection.fetch(_FOUNDED_FOR, entities)]


async def emptied_organisations(connection: Connection, entities: Sequence[UUID]) -> list[Emptied]:
    """Return what is founded for some entities and has no other that is active, unless its end was proposed already."""
    rows = await connection.fetch(_EMPTIED, entities, ReorganisationMoved.topic)
    return [
        Emptied(
            row["organisation_id"],
            row["superior_id"],
            row["division_code"],
            Bureau(row["bureau"]),
            row["entity_id"],
        )
        for row in rows
    ]
