"""Queries on contacts of entities."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from asyncpg import Record

from contracts.events.ledgers.contacts import ContactErased, ContactRecorded
from kit.copying import Column, Copy, Copying
from kit.database import Connection
from services.ledgers.repository.members import ERASED

COPY: Final[Copy[ContactRecorded]] = Copy(
    table="contact",
    columns=(
        Column("contact_id", "uuid"),
        Column("version", "bigint"),
        Column("masked_name", "text"),
        Column("entity_id", "uuid"),
        Column("role", "text"),
        Column("party_member", "text"),
        Column("since", "date"),
        Column("until", "date"),
        Column("state", "text"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(ContactRecorded,),
)
_COPYING: Final = Copying(COPY)

_REMEMBER: Final = """
    INSERT INTO contact_history (contact_id, version, state, stated_by, recorded_at)
    VALUES ($1, $2, $3::jsonb, $4, $5)
"""
_ERASE: Final = """
    UPDATE contact SET version = $2, state = $3, recorded_at = $4, masked_name = NULL, entity_id = NULL, role = NULL,
        party_member = NULL, since = NULL, until = NULL, division_code = NULL, bureau = NULL, effective_on = NULL
    WHERE contact_id = $1
"""
_MOVED: Final = """
    SELECT contact.*, entity.division_code AS division_now, entity.bureau AS bureau_now
    FROM contact JOIN entity USING (entity_id)
    WHERE contact.entity_id = ANY($1::uuid[])
        AND (entity.division_code, entity.bureau) IS DISTINCT FROM (contact.division_code, contact.bureau)
    ORDER BY contact_id FOR UPDATE OF contact
"""
_BEHIND: Final = "SELECT * FROM contact WHERE contact_id > $1 ORDER BY contact_id LIMIT $2 FOR UPDATE"


async def lock_contact(connection: Connection, contact_id: UUID) -> ContactRecorded | None:
    """Return a contact, locked until the transaction ends; None where they aren't there, or were erased."""
    return _contact(await connection.fetchrow("SELECT * FROM contact WHERE contact_id = $1 FOR UPDATE", contact_id))


async def find_contact(connection: Connection, contact_id: UUID) -> ContactRecorded | None:
    """Return a contact; None where they aren't there, or were erased."""
    return _contact(await connection.fetchrow("SELECT * FROM contact WHERE contact_id = $1", contact_id))


async def lock_moved_contacts(
    connection: Connection, entities: Sequence[UUID]
) -> list[tuple[ContactRecorded, str, str]]:
    """Lock the contacts of some entities whose division or line is no longer that of the entity.

    Returns:
        Each with the division and the line that are theirs now.
    """
    return [
        (ContactRecorded.model_validate(dict(row)), str(row["division_now"]), str(row["bureau_now"]))
        for row in await connection.fetch(_MOVED, entities)
    ]


async def write_contact(connection: Connection, contact: ContactRecorded, by: str | None) -> None:
    """Write the next state of a contact, and keep it in their history.

    Args:
        connection: of the open transaction.
        contact: the state.
        by: the subject who stated it; None where it followed from something else.
    """
    await _COPYING.write(connection, [contact])
    await connection.execute(
        _REMEMBER,
        contact.contact_id,
        contact.version,
        contact.model_dump_json(exclude_none=True),
        by,
        contact.recorded_at,
    )


async def erase_contact(connection: Connection, erased: ContactErased) -> None:
    """Delete all that is kept of a contact but the id and the version."""
    await connection.execute("DELETE FROM contact_history WHERE contact_id = $1", erased.contact_id)
    await connection.execute(_ERASE, erased.contact_id, erased.version, ERASED, erased.recorded_at)


async def count_contacts(connection: Connection) -> int:
    """Return how many contacts there are, those erased included."""
    return int(await connection.fetchval("SELECT count(*) FROM contact"))


async def lock_contacts_behind(connection: Connection, last: UUID, limit: int) -> list[ContactRecorded | ContactErased]:
    """Return contacts behind an id, in order of it, locked until the transaction ends; those erased too."""
    return [
        ContactErased.model_validate(dict(row)) if row["state"] == ERASED else ContactRecorded.model_validate(dict(row))
        for row in await connection.fetch(_BEHIND, last, limit)
    ]


def _contact(row: Record | None) -> ContactRecorded | None:
    return None if row is None or row["state"] == ERASED else ContactRecorded.model_validate(dict(row))
