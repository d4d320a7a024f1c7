"""Visits, namings and questionnaires as rows, and queries on those that a new one could repeat."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.pairing import NamingRecorded, QuestionnaireRecorded, VisitRecorded
from contracts.vocabulary import NamingKind
from kit.copying import as_told
from kit.database import Connection
from kit.records import Records

VISITS: Final = Records(VisitRecorded, as_told("visit", VisitRecorded))
NAMINGS: Final = Records(NamingRecorded, as_told("naming", NamingRecorded))
QUESTIONNAIRES: Final = Records(QuestionnaireRecorded, as_told("questionnaire", QuestionnaireRecorded))

_VISITED: Final = """
    SELECT target_id FROM visit
    WHERE cadre_id = $1 AND visited_on = $2 AND target_id = ANY($3::uuid[]) AND state = 'RECORDED'
"""
_NAMED: Final = "SELECT entity_id FROM naming WHERE kind = $1 AND entity_id = ANY($2::uuid[]) AND state = 'NAMED'"


async def visited(connection: Connection, cadre_id: UUID, day: date, targets: Sequence[UUID]) -> frozenset[UUID]:
    """Return which of these a cadre visited on a day; who records visits of the same cadre waits meanwhile."""
    await _wait(connection, f"visits {cadre_id}")
    return frozenset(row["target_id"] for row in await connection.fetch(_VISITED, cadre_id, day, targets))


async def named(connection: Connection, kind: NamingKind, entities: Sequence[UUID]) -> frozenset[UUID]:
    """Return which entities are named so; whoever names others so waits meanwhile."""
    await _wait(connection, f"naming {kind}")
    return frozenset(row["entity_id"] for row in await connection.fetch(_NAMED, kind, entities))


async def _wait(connection: Connection, what: str) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", what)
