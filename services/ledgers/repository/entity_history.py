"""Queries on every state of an entity that the ledger heard."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from contracts.events.ledgers.coverage import CoveragePeriod, RecordedCoverage
from contracts.vocabulary import Bureau, EntityKind, EntityState
from kit.database import Connection
from services.ledgers.domain.entity_history import EntityVersion

_DIVISION: Final = "SELECT division_code FROM entity WHERE entity_id = $1"
_VERSIONS: Final = "SELECT * FROM entity_history WHERE entity_id = $1"
_COVERAGE: Final = """
    SELECT state FROM coverage_history WHERE entity_id = $1 AND recorded_at <= $2 ORDER BY version DESC LIMIT 1
"""


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


async def covered_on(connection: Connection, entity_id: UUID, day: date, known_at: datetime) -> CoveragePeriod | None:
    """Return the period of an entity's coverage that a day lies in, as it was known at a moment; None without one."""
    state = await connection.fetchval(_COVERAGE, entity_id, known_at)
    if state is None:
        return None
    periods = RecordedCoverage.model_validate_json(state).periods or ()
    return next((one for one in periods if one.since <= day <= (one.until or day)), None)
