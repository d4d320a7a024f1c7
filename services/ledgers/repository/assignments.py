"""Queries on what pairing told of assignments."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from contracts.events.pairing import AssignmentEnded, AssignmentMade, RecordedAssignment
from kit.copying import Column, Copy, Copying
from kit.database import Connection

COPY: Final[Copy[RecordedAssignment]] = Copy(
    table="assignment",
    columns=(
        Column("assignment_id", "uuid"),
        Column("version", "bigint"),
        Column("target", "text"),
        Column("target_id", "uuid"),
        Column("cadre_id", "uuid"),
        Column("role", "text"),
        Column("state", "text"),
    ),
    events=(AssignmentMade, AssignmentEnded),
)
_COPYING: Final = Copying(COPY)

_AFFECTED: Final = """
    SELECT target_id, entity_id FROM unnest($1::uuid[]) AS targets (target_id) JOIN entity ON entity_id = target_id
    UNION
    SELECT target_id, entity_id FROM unnest($1::uuid[]) AS targets (target_id)
    JOIN organisation_entity ON organisation_id = target_id
"""


async def keep_assignments(connection: Connection, heard: Sequence[RecordedAssignment]) -> None:
    """Keep the newest state of each assignment."""
    await _COPYING.write(connection, heard)


async def affected_entities(connection: Connection, targets: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return, for each target of assignments, the entities whose work coverage follows from it."""
    found: dict[UUID, list[UUID]] = {}
    for row in await connection.fetch(_AFFECTED, list(targets)):
        found.setdefault(row["target_id"], []).append(row["entity_id"])
    return found
