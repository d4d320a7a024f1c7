"""Annual reports, who filed each version, and what the ledgers know of those who file."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import BigInteger, Field, LargeBinary

from services.registration.tables.base import MOMENT, RegistrationTable


class AnnualReport(RegistrationTable, table=True):
    """An annual report 年报: its state now, as it was told. An entity has one a year."""

    __tablename__ = "annual_report"
    __table_args__ = (Index("annual_report_entity_year", "entity_id", "year", unique=True),)

    report_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    entity_id: UUID
    year: int = Field(sa_type=BigInteger)
    state: str = Field(sa_type=Text)
    filed_on: date
    due_on: date
    late: bool
    edition: str = Field(sa_type=Text)
    employees: int | None = Field(default=None, sa_type=BigInteger)
    full_members: int | None = Field(default=None, sa_type=BigInteger)
    probationary_members: int | None = Field(default=None, sa_type=BigInteger)
    has_organisation: bool | None = None
    has_secretary: bool | None = None
    wishes_guidance: bool | None = None
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)


class AnnualReportFiling(RegistrationTable, table=True):
    """A filing of an annual report, the first or a correction: by whom, for whom, why, and what it stated."""

    __tablename__ = "annual_report_filing"

    report_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    filed_by: str = Field(sa_type=Text)
    filed_as: str = Field(sa_type=Text)
    sealed_note: bytes | None = Field(default=None, sa_type=LargeBinary)
    sealed_on_behalf_of: bytes | None = Field(default=None, sa_type=LargeBinary)
    told: str = Field(sa_type=JSONB)


class Coverage(RegistrationTable, table=True):
    """What the ledgers know of an entity 台账事实: counts and organisations, nothing of a member."""

    __tablename__ = "coverage"

    entity_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    full_members: int = Field(sa_type=BigInteger)
    probationary_members: int = Field(sa_type=BigInteger)
    organisation_coverage: str = Field(sa_type=Text)
    organisation_ids: str = Field(sa_type=JSONB)
