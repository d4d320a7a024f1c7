"""Queries on the ledger of members."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from asyncpg import Record

from contracts.events.ledgers.members import MemberErased, MemberRecorded
from kit.copying import Column, Copy, Copying
from kit.database import Connection

ERASED: Final = "ERASED"
"""State of a member whose data were erased; it is no word of the vocabulary, for nothing is told of them any more."""

COPY: Final[Copy[MemberRecorded]] = Copy(
    table="member",
    columns=(
        Column("member_id", "uuid"),
        Column("version", "bigint"),
        Column("masked_name", "text"),
        Column("born_in", "text"),
        Column("standing", "text"),
        Column("state", "text"),
        Column("merged_into", "uuid"),
        Column("workplace_entity_id", "uuid"),
        Column("workplace_since", "date"),
        Column("relation_organisation_id", "uuid"),
        Column("relation_since", "date"),
        Column("management_organisation_id", "uuid"),
        Column("management_since", "date"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
        Column("leaving_reason", "text"),
    ),
    events=(MemberRecorded,),
)
_COPYING: Final = Copying(COPY)

_REMEMBER: Final = """
    INSERT INTO member_history (member_id, version, state, effective_on, recorded_at)
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::jsonb[], $4::date[], $5::timestamptz[])
"""
_ERASE: Final = """
    UPDATE member SET version = $2, state = $3, recorded_at = $4, masked_name = NULL, born_in = NULL, standing = NULL,
        leaving_reason = NULL, merged_into = NULL, workplace_entity_id = NULL, workplace_since = NULL,
        relation_organisation_id = NULL, relation_since = NULL, management_organisation_id = NULL,
        management_since = NULL, division_code = '000000000000'
    WHERE member_id = $1
"""
_MOVED: Final = """
    SELECT member.*, found.division_code AS division_now, found.bureau AS bureau_now
    FROM member
    CROSS JOIN LATERAL (
        SELECT division_code, bureau FROM entity WHERE entity_id = workplace_entity_id
        UNION ALL
        SELECT division_code, bureau FROM organisation
        WHERE workplace_entity_id IS NULL
            AND organisation_id = coalesce(management_organisation_id, relation_organisation_id)
    ) AS found
    WHERE member.state = 'ACTIVE' AND (
        workplace_entity_id = ANY($1::uuid[]) OR (workplace_entity_id IS NULL
        AND coalesce(management_organisation_id, relation_organisation_id) = ANY($2::uuid[])))
    AND (found.division_code, found.bureau) IS DISTINCT FROM (member.division_code, member.bureau)
    ORDER BY member_id FOR UPDATE OF member
"""

_AT_WORK: Final = """
    SELECT member.*, coalesce(found.division_code, '000000000000') AS division_now,
        coalesce(found.bureau, 'OTHER') AS bureau_now
    FROM member
    LEFT JOIN organisation AS found
        ON found.organisation_id = coalesce(management_organisation_id, relation_organisation_id)
    WHERE member.state = 'ACTIVE' AND workplace_entity_id = ANY($1::uuid[])
    ORDER BY member_id FOR UPDATE OF member
"""


async def lock_member(connection: Connection, member_id: UUID) -> MemberRecorded | None:
    """Return a member, locked until the transaction ends; None where they aren't there, or were erased."""
    return _member(await connection.fetchrow("SELECT * FROM member WHERE member_id = $1 FOR UPDATE", member_id))


async def lock_members(connection: Connection, members: Sequence[UUID]) -> dict[UUID, MemberRecorded]:
    """Return members by id, locked in order of it until the transaction ends; without those erased."""
    rows = await connection.fetch(
        "SELECT * FROM member WHERE member_id = ANY($1::uuid[]) ORDER BY member_id FOR UPDATE", members
    )
    return {one.member_id: one for one in map(_member, rows) if one is not None}


async def find_member(connection: Connection, member_id: UUID) -> MemberRecorded | None:
    """Return a member; None where they aren't there, or were erased."""
    return _member(await connection.fetchrow("SELECT * FROM member WHERE member_id = $1", member_id))


async def lock_moved(
    connection: Connection, entities: Sequence[UUID], organisations: Sequence[UUID]
) -> list[tuple[MemberRecorded, str, str]]:
    """Lock the members whose division or line is no longer that of their entity or organisation.

    Args:
        connection: of the open transaction.
        entities: workplaces that may have moved.
        organisations: for members without a workplace, those who manage them or to which they are related.

    Returns:
        Each with the division and the line that are theirs now.
    """
    rows = await connection.fetch(_MOVED, entities, organisations)
    return [
        (MemberRecorded.model_validate(dict(row)), str(row["division_now"]), str(row["bureau_now"])) for row in rows
    ]


async def lock_at_work(connection: Connection, entities: Sequence[UUID]) -> list[tuple[MemberRecorded, str, str]]:
    """Lock the members who work at some entities.

    Returns:
        Each with the division and the line that are theirs without a workplace: those of the organisation that manages
        them, else of the one that they are related to, else of nobody.
    """
    return [
        (MemberRecorded.model_validate(dict(row)), str(row["division_now"]), str(row["bureau_now"]))
        for row in await connection.fetch(_AT_WORK, entities)
    ]


async def write_members(connection: Connection, members: Sequence[MemberRecorded]) -> None:
    """Write the next state of members, and keep it in their history."""
    if not members:
        return
    await _COPYING.write(connection, members)
    await connection.execute(
        _REMEMBER,
        [one.member_id for one in members],
        [one.version for one in members],
        [one.model_dump_json(exclude_none=True) for one in members],
        [one.effective_on for one in members],
        [one.recorded_at for one in members],
    )


async def erase_member(connection: Connection, erased: MemberErased) -> None:
    """Delete all that is kept of a member but the id and the version."""
    await connection.execute("DELETE FROM member_history WHERE member_id = $1", erased.member_id)
    await connection.execute(_ERASE, erased.member_id, erased.version, ERASED, erased.recorded_at)


async def placed_on(connection: Connection, member_id: UUID, day: date) -> MemberRecorded | None:
    """Return a member as they were on a day, by what is known today; None where nothing held then."""
    state = await connection.fetchval(
        "SELECT state::text FROM member_history WHERE member_id = $1 AND effective_on <= $2 "
        "ORDER BY effective_on DESC, version DESC LIMIT 1",
        member_id,
        day,
    )
    return None if state is None else MemberRecorded.model_validate_json(state)


async def count_members(connection: Connection) -> int:
    """Return how many members there are, those erased included."""
    return int(await connection.fetchval("SELECT count(*) FROM member"))


_BEHIND: Final = "SELECT * FROM member WHERE member_id > $1 ORDER BY member_id LIMIT $2 FOR UPDATE"


async def lock_members_behind(connection: Connection, last: UUID, limit: int) -> list[MemberRecorded | MemberErased]:
    """Return members behind an id, in order of it, locked until the transaction ends; those erased too."""
    return [
        MemberErased.model_validate(dict(row)) if row["state"] == ERASED else MemberRecorded.model_validate(dict(row))
        for row in await connection.fetch(_BEHIND, last, limit)
    ]


def _member(row: Record | None) -> MemberRecorded | None:
    return None if row is None or row["state"] == ERASED else MemberRecorded.model_validate(dict(row))
