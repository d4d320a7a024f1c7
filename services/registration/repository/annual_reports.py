"""Queries on annual reports, on who filed them, on who did not, and on what the ledgers know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.registration.annual_reports import AnnualReportRecorded
from contracts.processes.reporting import ReportingTerm
from contracts.vocabulary import (
    UNASSIGNED_DIVISION,
    Bureau,
    EntityKind,
    EntityState,
    OrganisationCoverage,
    divisions_under,
)
from kit.copying import as_told
from kit.database import Connection
from kit.records import Records
from services.registration.domain.discrepancy import LedgerFacts

REPORTS: Final = Records(AnnualReportRecorded, as_told("annual_report", AnnualReportRecorded))

_OF_YEAR: Final = "SELECT report_id FROM annual_report WHERE entity_id = $1 AND year = $2"
_KEEP: Final = """
    INSERT INTO annual_report_filing (
        report_id, version, filed_by, filed_as, sealed_note, sealed_on_behalf_of, told
    ) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)
"""
_FILINGS: Final = """
    SELECT version, filed_by, filed_as, sealed_note, sealed_on_behalf_of, told
    FROM annual_report_filing WHERE report_id = $1 ORDER BY version
"""
_KNOWN: Final = """
    SELECT entity_id, full_members, probationary_members, organisation_coverage
    FROM coverage WHERE entity_id = ANY($1::uuid[])
"""
# An entity whose day of registration isn't known counts as there: it is to file, or to say since when it is there.
_MISSING: Final = """
    SELECT id, uscc, name, kind, state, division_code, bureau, registered_on FROM entity
    WHERE id > $1 AND (registered_on IS NULL OR registered_on <= $2) AND (state = 'ACTIVE' OR effective_on > $2)
        AND (division_code BETWEEN $4 AND $5 OR ($6 AND division_code = $7))
        AND NOT EXISTS (SELECT FROM annual_report WHERE annual_report.entity_id = entity.id AND year = $3)
    ORDER BY id LIMIT $8
"""


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing of a report: who filed, what came with it, sealed, and what it stated."""

    filed_by: str
    filed_as: str
    sealed_note: bytes | None
    sealed_on_behalf_of: bytes | None
    report: AnnualReportRecorded


@dataclass(frozen=True, slots=True)
class Missing:
    """An entity that has not filed."""

    id: UUID
    uscc: str
    name: str
    kind: EntityKind
    state: EntityState
    division_code: str
    bureau: Bureau
    registered_on: date | None


async def report_of_year(connection: Connection, entity_id: UUID, year: int) -> UUID | None:
    """Return the report of an entity on a year."""
    found: UUID | None = await connection.fetchval(_OF_YEAR, entity_id, year)
    return found


async def keep_filing(connection: Connection, filing: Filing) -> None:
    """Keep a filing. Filings are never changed."""
    report = filing.report
    await connection.execute(
        _KEEP,
        report.report_id,
        report.version,
        filing.filed_by,
        filing.filed_as,
        filing.sealed_note,
        filing.sealed_on_behalf_of,
        report.model_dump_json(exclude_none=True),
    )


async def filings(connection: Connection, report_id: UUID) -> list[Filing]:
    """Return the filings of a report, the first one first."""
    return [
        Filing(
            row["filed_by"],
            row["filed_as"],
            row["sealed_note"],
            row["sealed_on_behalf_of"],
            AnnualReportRecorded.model_validate_json(row["told"]),
        )
        for row in await connection.fetch(_FILINGS, report_id)
    ]


async def ledger_facts(connection: Connection, entity_ids: Sequence[UUID]) -> Mapping[UUID, LedgerFacts]:
    """Return what the ledgers told of entities, by id; those of which they told nothing aren't there."""
    return {
        row["entity_id"]: LedgerFacts(
            row["full_members"], row["probationary_members"], OrganisationCoverage(row["organisation_coverage"])
        )
        for row in await connection.fetch(_KNOWN, entity_ids)
    }


async def missing(
    connection: Connection, term: ReportingTerm, *, under: str, with_unassigned: bool, behind: UUID, limit: int
) -> list[Missing]:
    """Return entities that were active at the end of a year and have no report on it, in order of id.

    Args:
        connection: of the open transaction.
        term: of that year.
        under: the division whose entities are meant, and all under it.
        with_unassigned: whether those without a division are meant, too.
        behind: the id after which the page begins.
        limit: most rows of the page.
    """
    first, last = divisions_under(under)
    rows = await connection.fetch(
        _MISSING, behind, term.year_end, term.year, first, last, with_unassigned, UNASSIGNED_DIVISION, limit
    )
    return [
        Missing(
            id=row["id"],
            uscc=row["uscc"],
            name=row["name"],
            kind=EntityKind(row["kind"]),
            state=EntityState(row["state"]),
            division_code=row["division_code"],
            bureau=Bureau(row["bureau"]),
            registered_on=row["registered_on"],
        )
        for row in rows
    ]
