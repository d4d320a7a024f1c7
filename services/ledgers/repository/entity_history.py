"""Queries on every state of an entity that the ledger heard."""

from typing import Final
from uuid import UUID

from contracts.vocabulary import Bureau, EntityKind, EntityState
from kit.database import Connection
from services.ledgers.domain.entity_history import EntityVersion

_DIVISION: Final = "SELECT division_code FROM entity WHERE entity_id = $1"
_VERSIONS: Final = "SELECT * FROM entity_history WHERE entity_id = $1"


async def division_of(connection: Connection, entity_id: UUID) -> str | None:
    """Return the division in which an entity is now; None where the ledger doesn't know the entity."""
    found: str | None = await connection.fetchval(_DIVISION, entity_id)
    return found


async def versions_of(connection: Connection, entity_id: UUID) -> list[EntityVersion]:
    """Return every state of an entity, in no order."""
    return [
        EntityVersion(
            registration_version=row["registration_version"],
            uscc=row["uscc"],
            name=row["name"],
            kind=EntityKind(row["kind"]),
            state=EntityState(row["state"]),
            division_code=row["division_code"],
            bureau=Bureau(row["bureau"]),
            registered_on=row["registered_on"],
            effective_on=row["effective_on"],
            recorded_at=row["recorded_at"],
        )
        for row in await connection.fetch(_VERSIONS, entity_id)
    ]
