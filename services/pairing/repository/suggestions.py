"""Queries on suggestions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Record
from pydantic import TypeAdapter

from contracts.events.ledgers.coverage import RecordedCoverage
from kit.database import Connection
from services.pairing.domain.partner import Reason
from services.pairing.domain.suggestion import Suggestion

LOCK: Final = 0x4C49414E_50414952

_SUGGESTION: Final = TypeAdapter(Suggestion)
_REASONS: Final = TypeAdapter(tuple[Reason, ...])

_MAKE_ROOM: Final = """
    INSERT INTO suggestion (
        entity_id, suggestion_id, version, coverage_version, uscc, reasons, state, division_code, bureau, effective_on,
        recorded_at)
    SELECT entity_id, suggestion_id, 0, 0, uscc, '[]', 'SETTLED', division_code, bureau, effective_on, $7
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[])
         AS heard (entity_id, suggestion_id, uscc, division_code, bureau, effective_on)
    ORDER BY entity_id
    ON CONFLICT DO NOTHING
"""
_LOCK: Final = "SELECT * FROM suggestion WHERE entity_id = ANY($1::uuid[]) ORDER BY entity_id FOR UPDATE"
_LOCK_OPEN: Final = """
    SELECT * FROM suggestion
    WHERE state = 'OPEN' AND (
        partner_organisation_id = ANY($1::uuid[])
        OR (partner_organisation_id IS NULL AND left(division_code, 6) = ANY($2::text[])))
    ORDER BY entity_id FOR UPDATE
"""
_WRITE: Final = """
    UPDATE suggestion SET
        version = decided.version, coverage_version = decided.coverage_version, uscc = decided.uscc,
        partner_organisation_id = decided.partner_organisation_id, reasons = decided.reasons, state = decided.state,
        division_code = decided.division_code, bureau = decided.bureau, effective_on = decided.effective_on,
        recorded_at = decided.recorded_at
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::uuid[], $6::jsonb[], $7::text[], $8::text[],
                $9::text[], $10::date[], $11::timestamptz[])
         AS decided (entity_id, version, coverage_version, uscc, partner_organisation_id, reasons, state,
                     division_code, bureau, effective_on, recorded_at)
    WHERE suggestion.entity_id = decided.entity_id
"""
_COUNT: Final = "SELECT count(*) FROM suggestion WHERE version > 0"
_BEHIND: Final = """
    SELECT * FROM suggestion WHERE version > 0 AND entity_id > $1 ORDER BY entity_id LIMIT $2 FOR UPDATE
"""


async def decide_alone(connection: Connection) -> None:
    """Wait until nobody else decides suggestions, and keep others from it until the transaction ends.

    A suggestion follows from its coverage and from the organisations, which two consumers hear. With locked rows
    alone, one could choose while the other hasn't committed the organisation that would be chosen, and neither would
    look again. So whoever decides next sees all that was decided on before.
    """
    await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)


async def lock_suggestions(
    connection: Connection, heard: Sequence[tuple[UUID, RecordedCoverage]], *, now: datetime
) -> dict[UUID, Suggestion]:
    """Return the suggestions of entities, by entity, locked in order of entity id; missing ones are made first.

    Args:
        connection: of the open transaction.
        heard: coverages, each with the id that a new suggestion of its entity has.
        now: the moment.
    """
    first = {coverage.entity_id: (suggestion_id, coverage) for suggestion_id, coverage in reversed(heard)}
    ids, coverages = [one for one, _ in first.values()], [coverage for _, coverage in first.values()]
    await connection.execute(
        _MAKE_ROOM,
        list(first),
        ids,
        [one.uscc for one in coverages],
        [one.division_code for one in coverages],
        [one.bureau for one in coverages],
        [one.effective_on for one in coverages],
        now,
    )
    return {row["entity_id"]: _suggestion(row) for row in await connection.fetch(_LOCK, list(first))}


async def lock_open_suggestions(
    connection: Connection, partners: Sequence[UUID], districts: Sequence[str]
) -> list[Suggestion]:
    """Return open suggestions that could be decided otherwise, locked in order of entity id.

    Args:
        connection: of the open transaction.
        partners: those whose partner is one of these,
        districts: and those without a partner in one of these, the first 6 digits of division codes.
    """
    return [_suggestion(row) for row in await connection.fetch(_LOCK_OPEN, partners, districts)]


async def write_suggestions(connection: Connection, decided: Sequence[Suggestion]) -> None:
    """Write suggestions, which are locked already."""
    await connection.execute(
        _WRITE,
        [one.entity_id for one in decided],
        [one.version for one in decided],
        [one.coverage_version for one in decided],
        [one.uscc for one in decided],
        [one.partner_organisation_id for one in decided],
        [_REASONS.dump_json(one.reasons).decode() for one in decided],
        [one.state for one in decided],
        [one.division_code for one in decided],
        [one.bureau for one in decided],
        [one.effective_on for one in decided],
        [one.recorded_at for one in decided],
    )


async def count_suggestions(connection: Connection) -> int:
    """Return how many suggestions were ever told."""
    return int(await connection.fetchval(_COUNT))


async def lock_suggestions_behind(connection: Connection, last: UUID, limit: int) -> list[Suggestion]:
    """Return suggestions that were told, behind an entity's id, in its order, locked until the transaction ends."""
    return [_suggestion(row) for row in await connection.fetch(_BEHIND, last, limit)]


def _suggestion(row: Record) -> Suggestion:
    return _SUGGESTION.validate_python({**row, "reasons": _REASONS.validate_json(row["reasons"])})
