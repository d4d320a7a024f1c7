"""Queries for reorganisations: who takes part in one, and all that points to an organisation that goes."""

from collections.abc import Sequence
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.events.processes import ProcessMoved
from kit.database import Connection

P = TypeVar("P", bound=ProcessMoved)

_TAKING_PART: Final = """
    SELECT process_id FROM process
    WHERE topic = $1 AND under_way
    AND (subject_id = ANY($2::text[]) OR told ->> 'target_id' = ANY($2::text[]))
    ORDER BY process_id LIMIT 1
"""
_MEMBERS: Final = """
    SELECT * FROM member WHERE state = 'ACTIVE' AND (relation_organisation_id = $1 OR management_organisation_id = $1)
    ORDER BY member_id FOR UPDATE
"""


async def taking_part(connection: Connection, organisations: Sequence[UUID]) -> UUID | None:
    """Return a reorganisation under way in which one of some organisations takes part.

    Whoever asks first is the first: others who ask about one of them wait until the transaction ends.
    """
    names = sorted(map(str, organisations))
    for name in names:
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"reorganisation {name}")
    found: UUID | None = await connection.fetchval(_TAKING_PART, ReorganisationMoved.topic, names)
    return found


async def lock_belonging(connection: Connection, organisation_id: UUID) -> list[MemberRecorded]:
    """Return the members related to an organisation or managed by it, locked in order of id."""
    return [MemberRecorded.model_validate(dict(row)) for row in await connection.fetch(_MEMBERS, organisation_id)]


async def lock_naming(connection: Connection, model: type[P], organisation_id: UUID, *fields: str) -> list[P]:
    """Return the processes of a kind that are under way and name an organisation, locked in order of id.

    Args:
        connection: of the open transaction.
        model: of the kind.
        organisation_id: which.
        fields: in which they may name it; names of ours, never of a user.
    """
    named = " OR ".join(f"told ->> '{field}' = $2" for field in fields)
    rows = await connection.fetch(
        f"SELECT told FROM process WHERE topic = $1 AND under_way AND ({named}) ORDER BY process_id FOR UPDATE",  # noqa: S608 - names of ours
        model.topic,
        str(organisation_id),
    )
    return [model.model_validate_json(row["told"]) for row in rows]
