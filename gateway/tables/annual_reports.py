"""Tables of annual reports, and of what in them differs from the ledgers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Index
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, ReadModelTable
from gateway.tables.processes import ProcessTable


class AnnualReport(ReadModelTable, table=True):
    """An annual report 年报 of an entity (topic `registration-annual-report`)."""

    __tablename__ = "annual_report"
    __table_args__ = (
        # The reports of an entity, and whether it has one on a year.
        Index("annual_report_entity_id", "entity_id", "year"),
        # All, latest first, and those of a year.
        Index("annual_report_filed_on", "filed_on", "report_id"),
        Index("annual_report_year", "year", "filed_on", "report_id"),
    )

    report_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    entity_id: UUID
    year: int = Field(sa_type=BigInteger)
    state: str = Field(sa_type=CODE_POINTS)
    filed_on: date
    due_on: date
    late: bool
    edition: str = Field(sa_type=CODE_POINTS)
    employees: int | None = Field(default=None, sa_type=BigInteger)
    full_members: int | None = Field(default=None, sa_type=BigInteger)
    probationary_members: int | None = Field(default=None, sa_type=BigInteger)
    has_organisation: bool | None = None
    has_secretary: bool | None = None
    wishes_guidance: bool | None = None
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Discrepancy(ProcessTable, table=True):
    """A discrepancy 年报差异 of an annual report and the ledgers (topic `registration-discrepancy`)."""

    __tablename__ = "discrepancy"
    __table_args__ = (
        # The discrepancies of an entity, and those of a report.
        Index("discrepancy_entity_id", "entity_id"),
        Index("discrepancy_report_id", "report_id"),
        # Those that are to be looked into, by the day on which they are due, and all, latest first.
        Index("discrepancy_due_at", "state", "due_at"),
        Index("discrepancy_effective_on", "effective_on", "process_id"),
    )

    entity_id: UUID
    report_id: UUID
    year: int = Field(sa_type=BigInteger)
    field: str = Field(sa_type=CODE_POINTS)
    stated_count: int | None = Field(default=None, sa_type=BigInteger)
    known_count: int | None = Field(default=None, sa_type=BigInteger)
    stated_organisation: bool | None = None
    known_organisation: bool | None = None
