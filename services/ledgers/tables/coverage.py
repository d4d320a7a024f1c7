"""The coverage of entities."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import BigInteger, Field

from services.ledgers.tables.base import MOMENT, LedgersTable


class Coverage(LedgersTable, table=True):
    """The coverage of an entity that has a member, an organisation or a cadre; version 0 was not told yet."""

    __tablename__ = "coverage"

    entity_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    uscc: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    full_members: int
    probationary_members: int
    organisation_coverage: str = Field(sa_type=Text)
    organisation_ids: list[UUID] = Field(sa_type=ARRAY(Uuid))
    work_coverage: bool
    duty: str = Field(sa_type=Text)
    must_found_since: date | None = None
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)
    must_found_due: date | None = None
    periods: str = Field(sa_type=JSONB)


class CoverageHistory(LedgersTable, table=True):
    """Every state of a coverage, as it was told, with its periods as they were known then."""

    __tablename__ = "coverage_history"

    entity_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    state: str = Field(sa_type=JSONB)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)
