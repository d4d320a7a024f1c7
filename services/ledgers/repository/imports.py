"""Queries of the import of files: which rows were taken in, what their references may mean, and their locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.vocabulary import DivisionLevel, OrganisationState, UnitState
from kit.database import Connection
from services.ledgers.domain.matching import KnownOrganisation
from services.ledgers.repository.persons import Reach

_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended('ledgers import', 0))"
_NOTE: Final = """
    INSERT INTO imported_row (digest, ordinal, line, aggregate, aggregate_id, outcome, imported_by, imported_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_REACH: Final = "(division_code BETWEEN $1 AND $2 OR ($3 AND division_code = '000000000000'))"
_NAMESAKES: Final = """
    SELECT DISTINCT member.member_id FROM person_index JOIN member USING (member_id)
    WHERE person_index.digest = ANY($1::bytea[]) AND person_index.kind = 'NAME' AND member.state = 'ACTIVE'
        AND ($2::uuid IS NULL OR relation_organisation_id = $2)
    ORDER BY member_id
"""
# In one order everywhere (docs/adr/0020): entities, organisations, members, memberships, coverage.
_LOCKS: Final = (
    "SELECT FROM entity WHERE entity_id = ANY($1::uuid[]) ORDER BY entity_id FOR SHARE",
    "SELECT FROM organisation WHERE organisation_id = ANY($1::uuid[]) ORDER BY organisation_id FOR UPDATE",
    "SELECT FROM member WHERE member_id = ANY($1::uuid[]) ORDER BY member_id FOR UPDATE",
    "SELECT FROM membership WHERE organisation_id = ANY($1::uuid[]) ORDER BY organisation_id FOR UPDATE",
    "SELECT FROM coverage WHERE entity_id = ANY($1::uuid[]) ORDER BY entity_id FOR UPDATE",
)


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row that was taken in.

    Attributes:
        ordinal: its place among the records of the file, from 1.
        line: where it stands.
        aggregate: topic of what it is about.
        aggregate_id: what it is about.
        outcome: what it did.
    """

    ordinal: int
    line: int
    aggregate: str
    aggregate_id: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class StatedEntity:
    """An entity that rows name by its code."""

    entity_id: UUID
    division_code: str


async def wait_for_other_imports(connection: Connection) -> None:
    """Let one import at a time take rows in, until the transaction ends: each sees what the others made."""
    await connection.execute(_ONE_AT_A_TIME)


async def taken_in(connection: Connection, digests: Sequence[bytes], ordinals: Sequence[int]) -> dict[int, str]:
    """Return which rows of a file were taken in, each with what it did."""
    rows = await connection.fetch(
        "SELECT ordinal, outcome FROM imported_row WHERE digest = ANY($1::bytea[]) AND ordinal = ANY($2::bigint[])",
        digests,
        ordinals,
    )
    return {row["ordinal"]: row["outcome"] for row in rows}


async def line_about(connection: Connection, digests: Sequence[bytes], aggregate_id: UUID) -> int | None:
    """Return the line of the row of a file that was taken in about something; None where there is none."""
    line: int | None = await connection.fetchval(
        "SELECT line FROM imported_row WHERE digest = ANY($1::bytea[]) AND aggregate_id = $2", digests, aggregate_id
    )
    return line


async def note_row(connection: Connection, digest: bytes, row: TakenRow, by: str, now: datetime) -> None:
    """Keep that a row was taken in, and who gave it."""
    await connection.execute(
        _NOTE, digest, row.ordinal, row.line, row.aggregate, row.aggregate_id, row.outcome, by, now
    )


async def organisations_in_reach(connection: Connection, reach: Reach) -> list[KnownOrganisation]:
    """Return what tells the organisations within reach from each other."""
    rows = await connection.fetch(
        f"SELECT organisation_id, name, code, division_code, state FROM organisation WHERE {_REACH}",  # noqa: S608 - its own part
        reach.first,
        reach.last,
        reach.unassigned,
    )
    return [
        KnownOrganisation(
            row["organisation_id"],
            row["name"],
            row["code"],
            row["division_code"],
            row["state"] == OrganisationState.ACTIVE,
        )
        for row in rows
    ]


async def entities_by_uscc(connection: Connection, usccs: Sequence[str]) -> dict[str, StatedEntity]:
    """Return entities of the ledger by their codes."""
    rows = await connection.fetch(
        "SELECT uscc, entity_id, division_code FROM entity WHERE uscc = ANY($1::text[])", usccs
    )
    return {row["uscc"]: StatedEntity(row["entity_id"], row["division_code"]) for row in rows}


async def divisions_by_name(connection: Connection, reach: Reach) -> Mapping[str, Sequence[str]]:
    """Return the codes of the divisions in use within reach, by name."""
    rows = await connection.fetch(
        f"SELECT name, array_agg(division_code ORDER BY division_code) AS codes FROM division "  # noqa: S608 - its own part
        f"WHERE {_REACH} AND state = $4 GROUP BY name",
        reach.first,
        reach.last,
        reach.unassigned,
        UnitState.ACTIVE.value,
    )
    return {row["name"]: row["codes"] for row in rows}


async def associations_by_name(connection: Connection) -> Mapping[str, Sequence[UUID]]:
    """Return the ids of the associations that are active, by name."""
    rows = await connection.fetch(
        "SELECT name, array_agg(association_id) AS ids FROM association WHERE state = $1 GROUP BY name",
        UnitState.ACTIVE.value,
    )
    return {row["name"]: row["ids"] for row in rows}


async def districts(connection: Connection) -> list[str]:
    """Return the codes of the districts that are known."""
    rows = await connection.fetch(
        "SELECT division_code FROM division WHERE level = $1 AND state = $2 ORDER BY division_code",
        DivisionLevel.DISTRICT.value,
        UnitState.ACTIVE.value,
    )
    return [row["division_code"] for row in rows]


async def namesakes(connection: Connection, digests: Sequence[bytes], relation: UUID | None) -> list[UUID]:
    """Return the members in the ledger whose name has one of the digests, and whose relation is at an organisation.

    Args:
        connection: of the open transaction.
        digests: of the name.
        relation: the organisation; None asks for all of that name.
    """
    return [row["member_id"] for row in await connection.fetch(_NAMESAKES, digests, relation)]


async def holder(connection: Connection, digests: Sequence[bytes]) -> UUID | None:
    """Return the member who has an ID number, without keeping others from it."""
    found: UUID | None = await connection.fetchval(
        "SELECT member_id FROM person_index WHERE digest = ANY($1::bytea[]) AND kind = 'ID_NUMBER'", digests
    )
    return found


async def around_organisations(connection: Connection, organisations: Sequence[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Return the entities that organisations cover, and the members whose division follows from theirs."""
    entities = await connection.fetch(
        "SELECT DISTINCT entity_id FROM organisation_entity WHERE organisation_id = ANY($1::uuid[])", organisations
    )
    members = await connection.fetch(
        "SELECT member_id FROM member WHERE state = 'ACTIVE' AND workplace_entity_id IS NULL "
        "AND coalesce(management_organisation_id, relation_organisation_id) = ANY($1::uuid[])",
        organisations,
    )
    return [row["entity_id"] for row in entities], [row["member_id"] for row in members]


async def around_members(connection: Connection, members: Sequence[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Return the workplaces of members, and the organisations to which they are related or which manage them."""
    rows = await connection.fetch(
        "SELECT workplace_entity_id, relation_organisation_id, management_organisation_id FROM member "
        "WHERE member_id = ANY($1::uuid[])",
        members,
    )
    entities = {row[0] for row in rows} - {None}
    organisations = {row[1] for row in rows} | {row[2] for row in rows}
    return sorted(entities), sorted(organisations - {None})


async def lock_around(
    connection: Connection, entities: Sequence[UUID], organisations: Sequence[UUID], members: Sequence[UUID]
) -> None:
    """Lock what a batch of rows touches, in the one order, until the transaction ends."""
    for statement, ids in zip(_LOCKS, (entities, organisations, members, organisations, entities), strict=True):
        await connection.execute(statement, ids)
