"""Queries on how many members each organisation has. Its rows are the locks under which they are counted."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from contracts.events.ledgers.organisations import MembershipCounted
from kit.copying import Column, Copy, Copying
from kit.database import Connection

_CREATE: Final = """
    INSERT INTO membership (organisation_id, version, related, managed, related_and_managed, full_related, full_managed,
                            division_code, bureau, effective_on, recorded_at)
    SELECT organisation_id, 0, 0, 0, 0, 0, 0, division_code, bureau, effective_on, recorded_at
    FROM organisation WHERE organisation_id = ANY($1::uuid[]) ORDER BY organisation_id
    ON CONFLICT DO NOTHING
"""
_LOCK: Final = "SELECT * FROM membership WHERE organisation_id = ANY($1::uuid[]) ORDER BY organisation_id FOR UPDATE"
_COUNT: Final = """
    SELECT organisation_id, organisation.division_code, organisation.bureau,
           count(member_id) FILTER (WHERE relation_organisation_id = organisation_id) AS related,
           count(member_id) FILTER (WHERE management_organisation_id = organisation_id) AS managed,
           count(member_id) FILTER (WHERE relation_organisation_id = organisation_id
                                    AND management_organisation_id = organisation_id) AS related_and_managed,
           count(member_id) FILTER (WHERE relation_organisation_id = organisation_id AND standing = 'FULL')
               AS full_related,
           count(member_id) FILTER (WHERE management_organisation_id = organisation_id AND standing = 'FULL')
               AS full_managed
    FROM organisation LEFT JOIN LATERAL (
        SELECT member_id, standing, relation_organisation_id, management_organisation_id FROM member
        WHERE state = 'ACTIVE' AND relation_organisation_id = organisation.organisation_id
        UNION
        SELECT member_id, standing, relation_organisation_id, management_organisation_id FROM member
        WHERE state = 'ACTIVE' AND management_organisation_id = organisation.organisation_id
    ) AS belonging ON true
    WHERE organisation_id = ANY($1::uuid[])
    GROUP BY organisation_id ORDER BY organisation_id
"""
COPY: Final[Copy[MembershipCounted]] = Copy(
    table="membership",
    columns=(
        Column("organisation_id", "uuid"),
        Column("version", "bigint"),
        Column("related", "integer"),
        Column("managed", "integer"),
        Column("related_and_managed", "integer"),
        Column("full_related", "integer"),
        Column("full_managed", "integer"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(MembershipCounted,),
)
_COPYING: Final = Copying(COPY)


async def lock_membership(
    connection: Connection, organisations: Sequence[UUID]
) -> dict[UUID, MembershipCounted | None]:
    """Lock the figures of organisations in order of id, made where they are missing; None where they are new."""
    await connection.execute(_CREATE, organisations)
    rows = await connection.fetch(_LOCK, organisations)
    return {
        row["organisation_id"]: MembershipCounted.model_validate(dict(row)) if row["version"] else None for row in rows
    }


async def count_membership(connection: Connection, organisations: Sequence[UUID]) -> list[dict[str, object]]:
    """Return the figures of organisations as they are now, by their names in the event."""
    return [dict(row) for row in await connection.fetch(_COUNT, organisations)]


async def write_membership(connection: Connection, counted: Sequence[MembershipCounted]) -> None:
    """Write figures; their rows are locked."""
    if counted:
        await _COPYING.write(connection, counted)


async def count_memberships(connection: Connection) -> int:
    """Return how many organisations have figures."""
    return int(await connection.fetchval("SELECT count(*) FROM membership WHERE version > 0"))


_BEHIND: Final = """
    SELECT * FROM membership WHERE organisation_id > $1 AND version > 0 ORDER BY organisation_id LIMIT $2 FOR UPDATE
"""


async def lock_memberships_behind(connection: Connection, last: UUID, limit: int) -> list[MembershipCounted]:
    """Return figures behind an organisation id, in order of it, locked until the transaction ends."""
    return [MembershipCounted.model_validate(dict(row)) for row in await connection.fetch(_BEHIND, last, limit)]
