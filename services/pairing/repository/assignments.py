"""Queries on assignments."""

from typing import Final
from uuid import UUID

from asyncpg import Record
from pydantic import TypeAdapter

from kit.database import Connection
from services.pairing.domain.assignment import Assignment

_ASSIGNMENT: Final = TypeAdapter(Assignment)

# The update that changes nothing locks the row in the way, so that its version can be told.
_ADD: Final = """
    INSERT INTO assignment AS stored (
        assignment_id, version, cadre_id, role, target, target_id, uscc, state, starts_on, ended_on, division_code,
        bureau, effective_on, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (cadre_id, role, target_id) WHERE state = 'ACTIVE' DO UPDATE SET version = stored.version
    RETURNING *
"""
_REPLACE: Final = """
    UPDATE assignment SET version = $2, state = $3, ended_on = $4, effective_on = $5, recorded_at = $6
    WHERE assignment_id = $1
"""
_BEHIND: Final = "SELECT * FROM assignment WHERE assignment_id > $1 ORDER BY assignment_id LIMIT $2 FOR UPDATE"


async def add_assignment(connection: Connection, one: Assignment) -> Assignment:
    """Store a new assignment.

    Returns:
        What is stored: the assignment; or, where that cadre has that role on that target already, the active one that
        says so, which stays as it is.
    """
    row = await connection.fetchrow(
        _ADD,
        one.assignment_id,
        one.version,
        one.cadre_id,
        one.role,
        one.target,
        one.target_id,
        one.uscc,
        one.state,
        one.starts_on,
        one.ended_on,
        one.division_code,
        one.bureau,
        one.effective_on,
        one.recorded_at,
    )
    if row is None:
        raise LookupError(one.assignment_id)
    return _assignment(row)


async def find_assignment(connection: Connection, assignment_id: UUID) -> Assignment | None:
    """Return the assignment with an id."""
    row = await connection.fetchrow("SELECT * FROM assignment WHERE assignment_id = $1", assignment_id)
    return None if row is None else _assignment(row)


async def lock_assignment(connection: Connection, assignment_id: UUID) -> Assignment | None:
    """Return the assignment with an id, locked until the transaction ends."""
    row = await connection.fetchrow("SELECT * FROM assignment WHERE assignment_id = $1 FOR UPDATE", assignment_id)
    return None if row is None else _assignment(row)


async def replace_assignment(connection: Connection, one: Assignment) -> None:
    """Write the next state of an assignment. Its row is locked already."""
    await connection.execute(
        _REPLACE, one.assignment_id, one.version, one.state, one.ended_on, one.effective_on, one.recorded_at
    )


async def count_assignments(connection: Connection) -> int:
    """Return how many assignments there are."""
    return int(await connection.fetchval("SELECT count(*) FROM assignment"))


async def lock_assignments_behind(connection: Connection, last: UUID, limit: int) -> list[Assignment]:
    """Return assignments behind an id, in order of id, locked until the transaction ends."""
    return [_assignment(row) for row in await connection.fetch(_BEHIND, last, limit)]


def _assignment(row: Record) -> Assignment:
    return _ASSIGNMENT.validate_python(dict(row))
