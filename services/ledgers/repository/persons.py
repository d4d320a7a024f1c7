"""Queries on who is found by what, who looked, and whose data were erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from contracts.vocabulary import DuplicateReason, LookKind, LookPurpose, PersonField
from kit.database import Connection

# An unassigned row is the district's.
_IN_SCOPE: Final = "({column} BETWEEN $1 AND $2 OR ($3 AND {column} = '000000000000'))"
_FOUND: Final = f"""
    SELECT member.* FROM member
    WHERE {_IN_SCOPE.format(column="member.division_code")} AND member_id IN (
        SELECT member_id FROM person_index JOIN unnest($4::bytea[], $5::text[]) AS wanted (digest, kind)
            USING (digest, kind)
        GROUP BY member_id HAVING count(DISTINCT kind) = $6
    )
    ORDER BY member_id LIMIT $7
"""  # noqa: S608 - its own parts
# Two ID numbers are two persons: one number is never given to two members.
_DUPLICATES: Final = f"""
    WITH alike AS (
        SELECT one.member_id, other.member_id AS other_id, one.kind
        FROM person_index AS one JOIN person_index AS other ON other.digest = one.digest AND other.kind = one.kind
            AND other.member_id > one.member_id
        WHERE one.kind IN ('NAME', 'TELEPHONE') AND (one.member_id, other.member_id) > ($4::uuid, $5::uuid)
    )
    SELECT alike.member_id, other_id,
        array_agg(DISTINCT CASE kind WHEN 'NAME' THEN 'NAME_AND_BIRTH_MONTH' ELSE kind END) AS reasons
    FROM alike JOIN member AS mine ON mine.member_id = alike.member_id
        JOIN member AS theirs ON theirs.member_id = other_id
    WHERE mine.merged_into IS NULL AND theirs.merged_into IS NULL
        AND (mine.state = 'ACTIVE' OR theirs.state = 'ACTIVE')
        AND (kind <> 'NAME' OR mine.born_in = theirs.born_in)
        AND {_IN_SCOPE.format(column="mine.division_code")} AND {_IN_SCOPE.format(column="theirs.division_code")}
        AND NOT (
            EXISTS (SELECT FROM person_index WHERE member_id = mine.member_id AND kind = 'ID_NUMBER')
            AND EXISTS (SELECT FROM person_index WHERE member_id = theirs.member_id AND kind = 'ID_NUMBER')
        )
    GROUP BY alike.member_id, other_id ORDER BY alike.member_id, other_id LIMIT $6
"""  # noqa: S608 - its own parts
_NOTE_LOOK: Final = """
    INSERT INTO person_look (
        look_id, kind, looked_by, looked_as, division_code, purpose, sealed_reason, fields_looked_at, member_ids,
        correlation_id, looked_at
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_LOOKS: Final = f"""
    SELECT * FROM person_look
    WHERE {_IN_SCOPE.format(column="division_code")} AND ($4::uuid IS NULL OR look_id < $4)
        AND ($5::text IS NULL OR looked_by = $5) AND ($6::uuid IS NULL OR member_ids @> ARRAY[$6])
        AND ($7::text IS NULL OR kind = $7) AND ($8::text IS NULL OR purpose = $8)
        AND ($9::timestamptz IS NULL OR looked_at >= $9) AND ($10::timestamptz IS NULL OR looked_at < $10)
    ORDER BY look_id DESC LIMIT $11
"""  # noqa: S608 - its own parts
_ERASURES: Final = f"""
    SELECT * FROM erasure WHERE {_IN_SCOPE.format(column="division_code")} AND ($4::uuid IS NULL OR member_id > $4)
    ORDER BY member_id LIMIT $5
"""  # noqa: S608 - its own parts


@dataclass(frozen=True, slots=True)
class Reach:
    """The divisions for which somebody asks: from the first to the last, and what is unassigned."""

    first: str
    last: str
    unassigned: bool


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two members who may be one person, and why."""

    member_id: UUID
    other_id: UUID
    reasons: Sequence[DuplicateReason]


@dataclass(frozen=True, slots=True)
class Look:
    """An audit record. The reason is sealed; None where it was deleted together with whom it was about."""

    look_id: UUID
    kind: LookKind
    looked_by: str
    looked_as: str
    division_code: str
    purpose: LookPurpose
    sealed_reason: bytes | None
    fields: Sequence[PersonField]
    member_ids: Sequence[UUID]
    correlation_id: UUID
    looked_at: datetime


@dataclass(frozen=True, slots=True)
class LookFilter:
    """Which audit records are asked for; None asks for all."""

    looked_by: str | None = None
    member_id: UUID | None = None
    kind: LookKind | None = None
    purpose: LookPurpose | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ErasureNote:
    """An erased member, the end of the term, and when it was noted as over."""

    member_id: UUID
    division_code: str
    erased_at: datetime
    due_at: datetime
    done_at: datetime | None = None


async def found_by(
    connection: Connection, digests: Mapping[PersonField, Sequence[bytes]], reach: Reach, limit: int
) -> list[MemberRecorded]:
    """Return the members for whom every kind given has one of its digests, in order of id."""
    pairs = [(one, kind.value) for kind, several in digests.items() for one in several]
    rows = await connection.fetch(
        _FOUND,
        reach.first,
        reach.last,
        reach.unassigned,
        [digest for digest, _ in pairs],
        [kind for _, kind in pairs],
        len(digests),
        limit,
    )
    return [MemberRecorded.model_validate(dict(row)) for row in rows]


async def duplicates(connection: Connection, reach: Reach, after: tuple[UUID, UUID], limit: int) -> list[Duplicate]:
    """Return pairs of members who may be one person, both within reach, behind a pair, in order of ids."""
    rows = await connection.fetch(_DUPLICATES, reach.first, reach.last, reach.unassigned, *after, limit)
    return [
        Duplicate(row["member_id"], row["other_id"], [DuplicateReason(one) for one in sorted(row["reasons"])])
        for row in rows
    ]


async def note_look(connection: Connection, look: Look) -> None:
    """Keep an audit record."""
    await connection.execute(
        _NOTE_LOOK,
        look.look_id,
        look.kind.value,
        look.looked_by,
        look.looked_as,
        look.division_code,
        look.purpose.value,
        look.sealed_reason,
        [one.value for one in look.fields],
        look.member_ids,
        look.correlation_id,
        look.looked_at,
    )


async def looks(
    connection: Connection, reach: Reach, wanted: LookFilter, before: UUID | None, limit: int
) -> list[Look]:
    """Return audit records of callers within reach, the newest first."""
    rows = await connection.fetch(
        _LOOKS,
        reach.first,
        reach.last,
        reach.unassigned,
        before,
        wanted.looked_by,
        wanted.member_id,
        wanted.kind,
        wanted.purpose,
        wanted.since,
        wanted.until,
        limit,
    )
    return [
        Look(
            look_id=row["look_id"],
            kind=LookKind(row["kind"]),
            looked_by=row["looked_by"],
            looked_as=row["looked_as"],
            division_code=row["division_code"],
            purpose=LookPurpose(row["purpose"]),
            sealed_reason=row["sealed_reason"],
            fields=[PersonField(one) for one in row["fields_looked_at"]],
            member_ids=row["member_ids"],
            correlation_id=row["correlation_id"],
            looked_at=row["looked_at"],
        )
        for row in rows
    ]


async def forget_reasons(connection: Connection, member_id: UUID) -> None:
    """Delete the free text of the audit records about a member; that somebody looked stays."""
    await connection.execute(
        "UPDATE person_look SET sealed_reason = NULL WHERE member_ids @> ARRAY[$1::uuid]", member_id
    )


async def forget_looks(connection: Connection, before: datetime) -> int:
    """Delete the audit records of before a moment; return how many."""
    tag = await connection.execute("DELETE FROM person_look WHERE looked_at < $1", before)
    return int(tag.rsplit(" ", 1)[1])


async def merged_under(connection: Connection, member_id: UUID) -> list[UUID]:
    """Return the members whose records were merged into one, in order of id."""
    rows = await connection.fetch("SELECT person_id FROM person WHERE merged_into = $1 ORDER BY person_id", member_id)
    return [row["person_id"] for row in rows]


async def note_erasure(connection: Connection, erasure: ErasureNote) -> None:
    """Keep that a member was erased."""
    await connection.execute(
        "INSERT INTO erasure (member_id, division_code, erased_at, due_at) VALUES ($1, $2, $3, $4)",
        erasure.member_id,
        erasure.division_code,
        erasure.erased_at,
        erasure.due_at,
    )


async def end_erasure(connection: Connection, member_id: UUID, now: datetime) -> None:
    """Note that the term of an erasure is over."""
    await connection.execute("UPDATE erasure SET done_at = $2 WHERE member_id = $1 AND done_at IS NULL", member_id, now)


async def erasures(connection: Connection, reach: Reach, after: UUID | None, limit: int) -> list[ErasureNote]:
    """Return erasures within reach, behind an id, in order of it."""
    rows = await connection.fetch(_ERASURES, reach.first, reach.last, reach.unassigned, after, limit)
    return [ErasureNote(**dict(row)) for row in rows]
