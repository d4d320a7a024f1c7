"""Queries on what pairing told of assignments."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.pairing import AssignmentEnded, AssignmentMade, RecordedAssignment
from contracts.vocabulary import AssignmentState
from kit.copying import Column, Copy, Copying
from kit.database import Connection


def _ended_on(assignment: RecordedAssignment) -> date | None:
    """Return the day from which an assignment holds no more; that of its last state where none is told."""
    if assignment.state is AssignmentState.ACTIVE:
        return None
    return assignment.ended_on or assignment.effective_on


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
        Column("starts_on", "date"),
        Column("ended_on", "date", _ended_on),
    ),
    events=(AssignmentMade, AssignmentEnded),
)
_COPYING: Final = Copying(COPY)

_AFFECTED: Final = """
    SELECT target_id, entity_id FROM unnest($1::uuid[]) AS targets (target_id) JOIN entity ON entity_id = target_id
    UNION
    SELECT target_id, covered::uuid FROM unnest($1::uuid[]) AS targets (target_id)
    JOIN organisation_history ON organisation_id = target_id,
    jsonb_array_elements_text(state -> 'entity_ids') AS covered
"""


async def keep_assignments(connection: Connection, heard: Sequence[RecordedAssignment]) -> None:
    """Keep the newest state of each assignment."""
    await _COPYING.write(connection, heard)


async def affected_entities(connection: Connection, targets: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return, for each target of assignments, the entities whose work coverage follows, or ever followed, from it."""
    found: dict[UUID, list[UUID]] = {}
    for row in await connection.fetch(_AFFECTED, list(targets)):
        found.setdefault(row["target_id"], []).append(row["entity_id"])
    return found
