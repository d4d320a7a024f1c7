"""Queries on coverage: its rows are the locks under which everything that it follows from is counted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Record

from contracts.events.ledgers.coverage import RecordedCoverage
from contracts.vocabulary import Bureau, EntityKind, EntityState
from kit.database import Connection
from services.ledgers.domain.coverage import CoverageFacts

_CREATE: Final = """
    INSERT INTO coverage (entity_id, version, uscc, kind, state, full_members, probationary_members,
                          organisation_coverage, organisation_ids, work_coverage, duty, division_code, bureau,
                          effective_on, recorded_at, periods)
    SELECT entity_id, 0, uscc, kind, state, 0, 0, 'NONE', '{}', false, 'OUTSIDE', division_code, bureau, effective_on,
           recorded_at, '[]'
    FROM entity WHERE entity_id = ANY($1::uuid[]) ORDER BY entity_id
    ON CONFLICT DO NOTHING
"""
_LOCK: Final = "SELECT * FROM coverage WHERE entity_id = ANY($1::uuid[]) ORDER BY entity_id FOR UPDATE"
_FACTS: Final = """
    SELECT entity.entity_id, entity.uscc, entity.kind, entity.state, entity.division_code, entity.bureau,
           coalesce(working.full_members, 0) AS full_members,
           coalesce(working.probationary_members, 0) AS probationary_members,
           coalesce(covering.has_own, false) AS has_own,
           coalesce(covering.organisation_ids, '{}') AS organisation_ids,
           EXISTS (
               SELECT FROM assignment WHERE assignment.state = 'ACTIVE' AND role <> 'FULL_TIME_WORKER' AND (
                   assignment.target_id = entity.entity_id OR assignment.target_id = ANY(covering.organisation_ids))
           ) AS assigned
    FROM entity
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE standing = 'FULL') AS full_members,
               count(*) FILTER (WHERE standing = 'PROBATIONARY') AS probationary_members
        FROM member WHERE workplace_entity_id = entity.entity_id AND state = 'ACTIVE'
    ) AS working ON true
    LEFT JOIN LATERAL (
        SELECT bool_or(organisation.mode = 'SINGLE') AS has_own,
               array_agg(organisation_id ORDER BY organisation_id) AS organisation_ids
        FROM organisation_entity JOIN organisation USING (organisation_id)
        WHERE organisation_entity.entity_id = entity.entity_id AND organisation.state = 'ACTIVE'
    ) AS covering ON true
    WHERE entity.entity_id = ANY($1::uuid[])
    ORDER BY entity.entity_id
"""
_WRITE: Final = """
    UPDATE coverage SET
        version = decided.version, uscc = decided.uscc, kind = decided.kind, state = decided.state,
        full_members = decided.full_members, probationary_members = decided.probationary_members,
        organisation_coverage = decided.organisation_coverage,
        organisation_ids = ARRAY(SELECT jsonb_array_elements_text(decided.organisation_ids)::uuid),
        work_coverage = decided.work_coverage, duty = decided.duty, must_found_since = decided.must_found_since,
        must_found_due = decided.must_found_due, periods = coalesce(decided.periods -> 'periods', '[]'),
        division_code = decided.division_code, bureau = decided.bureau, effective_on = decided.effective_on,
        recorded_at = $17
    FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::int[], $7::int[], $8::text[],
                $9::jsonb[], $10::bool[], $11::text[], $12::date[], $13::text[], $14::text[], $15::date[], $16::date[],
                $18::jsonb[])
         AS decided (entity_id, version, uscc, kind, state, full_members, probationary_members, organisation_coverage,
                     organisation_ids, work_coverage, duty, must_found_since, division_code, bureau, effective_on,
                     must_found_due, periods)
    WHERE coverage.entity_id = decided.entity_id
"""
_REMEMBER: Final = """
    INSERT INTO coverage_history (entity_id, version, state, effective_on, recorded_at)
    SELECT entity_id, version, state, effective_on, $5
    FROM unnest($1::uuid[], $2::bigint[], $3::jsonb[], $4::date[]) AS told (entity_id, version, state, effective_on)
"""
_FORGET: Final = "DELETE FROM coverage WHERE entity_id = ANY($1::uuid[]) AND version = 0"
_KNOWN: Final = """
    SELECT entity_id FROM coverage WHERE entity_id = ANY($1::uuid[])
    UNION SELECT workplace_entity_id FROM member WHERE workplace_entity_id = ANY($1::uuid[]) AND state = 'ACTIVE'
    UNION SELECT entity_id FROM organisation_entity WHERE entity_id = ANY($1::uuid[])
    UNION SELECT target_id FROM assignment WHERE target_id = ANY($1::uuid[]) AND state = 'ACTIVE'
"""


@dataclass(frozen=True, slots=True)
class Located:
    """An entity's facts for its coverage, and where it belongs."""

    entity_id: UUID
    uscc: str
    division_code: str
    bureau: Bureau
    facts: CoverageFacts


async def with_coverage(connection: Connection, entities: Sequence[UUID]) -> list[UUID]:
    """Return those of some entities that have a coverage, or something that one follows from."""
    return sorted(row["entity_id"] for row in await connection.fetch(_KNOWN, entities))


async def lock_coverage(connection: Connection, entities: Sequence[UUID]) -> dict[UUID, RecordedCoverage | None]:
    """Lock the coverage of entities in order of id, made where it is missing; return it, None where it is new.

    Entities that the ledger doesn't know are left out. Whoever changes what a coverage follows from takes these locks
    after that change and before it counts, so that of two at once the later counts both.
    """
    await connection.execute(_CREATE, entities)
    rows = await connection.fetch(_LOCK, entities)
    return {row["entity_id"]: _coverage(row) if row["version"] else None for row in rows}


async def coverage_facts(connection: Connection, entities: Sequence[UUID]) -> list[Located]:
    """Return the facts of entities, in order of id."""
    return [
        Located(
            entity_id=row["entity_id"],
            uscc=row["uscc"],
            division_code=row["division_code"],
            bureau=Bureau(row["bureau"]),
            facts=CoverageFacts(
                kind=EntityKind(row["kind"]),
                state=EntityState(row["state"]),
                full_members=row["full_members"],
                probationary_members=row["probationary_members"],
                has_own=row["has_own"],
                organisation_ids=tuple(row["organisation_ids"]),
                assigned=row["assigned"],
            ),
        )
        for row in await connection.fetch(_FACTS, entities)
    ]


async def write_coverage(connection: Connection, decided: Sequence[RecordedCoverage], now: datetime) -> None:
    """Write coverages, whose rows are locked, and remember each state."""
    if not decided:
        return
    await connection.execute(
        _WRITE,
        [one.entity_id for one in decided],
        [one.version for one in decided],
        [one.uscc for one in decided],
        [one.kind for one in decided],
        [one.state for one in decided],
        [one.full_members for one in decided],
        [one.probationary_members for one in decided],
        [one.organisation_coverage for one in decided],
        ["[" + ",".join(f'"{each}"' for each in one.organisation_ids) + "]" for one in decided],
        [one.work_coverage for one in decided],
        [one.duty for one in decided],
        [one.must_found_since for one in decided],
        [one.division_code for one in decided],
        [one.bureau for one in decided],
        [one.effective_on for one in decided],
        [one.must_found_due for one in decided],
        now,
        [one.model_dump_json(include={"periods"}, exclude_none=True) for one in decided],
    )
    await connection.execute(
        _REMEMBER,
        [one.entity_id for one in decided],
        [one.version for one in decided],
        [one.model_dump_json(exclude_none=True) for one in decided],
        [one.effective_on for one in decided],
        now,
    )


async def forget_unused(connection: Connection, entities: Sequence[UUID]) -> None:
    """Delete coverages that were made to be locked, and have nothing to tell."""
    if entities:
        await connection.execute(_FORGET, entities)


async def find_coverage(connection: Connection, entity_id: UUID) -> RecordedCoverage | None:
    """Return the coverage of an entity."""
    row = await connection.fetchrow("SELECT * FROM coverage WHERE entity_id = $1 AND version > 0", entity_id)
    return None if row is None else _coverage(row)


async def count_coverages(connection: Connection) -> int:
    """Return how many coverages there are."""
    return int(await connection.fetchval("SELECT count(*) FROM coverage WHERE version > 0"))


_BEHIND: Final = "SELECT * FROM coverage WHERE entity_id > $1 AND version > 0 ORDER BY entity_id LIMIT $2 FOR UPDATE"


async def lock_coverages_behind(connection: Connection, last: UUID, limit: int) -> list[RecordedCoverage]:
    """Return coverages behind an entity id, in order of it, locked until the transaction ends."""
    rows = await connection.fetch(_BEHIND, last, limit)
    return [_coverage(row) for row in rows]


def _coverage(row: Record) -> RecordedCoverage:
    return RecordedCoverage.model_validate({**row, "periods": json.loads(row["periods"])})
