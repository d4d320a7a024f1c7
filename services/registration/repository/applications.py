"""Queries on the papers of applications, and on who looked at an applicant."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from kit.database import Connection

_KEEP: Final = """
    INSERT INTO household_application (process_id, name, business_scope, address, sealed_applicant)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (process_id) DO UPDATE SET
        name = excluded.name, business_scope = excluded.business_scope, address = excluded.address,
        sealed_applicant = excluded.sealed_applicant
"""
_FIND: Final = """
    SELECT name, business_scope, address, sealed_applicant FROM household_application WHERE process_id = $1
"""
_LOOK: Final = "INSERT INTO applicant_look (process_id, looked_by, purpose, looked_at) VALUES ($1, $2, $3, $4)"


class Kept(NamedTuple):
    """Papers as they are kept."""

    name: str
    business_scope: str | None
    address: str | None
    sealed_applicant: bytes


async def keep_papers(connection: Connection, process_id: UUID, kept: Kept) -> None:
    """Keep papers, instead of those before; the process is locked, or it is new."""
    await connection.execute(_KEEP, process_id, *kept)


async def find_papers(connection: Connection, process_id: UUID) -> Kept | None:
    """Return the papers of an application."""
    row = await connection.fetchrow(_FIND, process_id)
    return None if row is None else Kept(**dict(row))


async def note_look(connection: Connection, process_id: UUID, who: str, purpose: str, now: datetime) -> None:
    """Keep that somebody looked at who applies, and why."""
    await connection.execute(_LOOK, process_id, who, purpose, now)
