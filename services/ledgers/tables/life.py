"""Gatherings, the published rules of organisational life, and the plans of training."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import BigInteger, Field

from services.ledgers.tables.base import MOMENT, LedgersTable


class Gathering(LedgersTable, table=True):
    """A gathering of an organisation, as it is now."""

    __tablename__ = "gathering"
    __table_args__ = (Index("gathering_organisation", "organisation_id", "held_on"),)

    gathering_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    organisation_id: UUID
    kind: str = Field(sa_type=Text)
    audience: str | None = Field(default=None, sa_type=Text)
    held_on: date
    place: str = Field(sa_type=Text)
    topics: str = Field(sa_type=JSONB)
    expected: int
    present: int
    term_until: date | None = None
    postponed_until: date | None = None
    evidence_ids: str = Field(sa_type=JSONB)
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)


class GatheringHistory(LedgersTable, table=True):
    """Every state of a gathering as it was told, who stated it, and what was stated in free text, sealed."""

    __tablename__ = "gathering_history"

    gathering_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    state: str = Field(sa_type=JSONB)
    stated_by: str = Field(sa_type=Text)
    stated_as: str = Field(sa_type=Text)
    sealed_agenda: bytes | None = None
    sealed_on_behalf_of: bytes | None = None
    sealed_note: bytes | None = None
    recorded_at: datetime = Field(sa_type=MOMENT)


class LifeRule(LedgersTable, table=True):
    """An edition of a rule that was published."""

    __tablename__ = "life_rule"
    __table_args__ = (UniqueConstraint("duty", "valid_from"),)

    rule_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    duty: str = Field(sa_type=Text)
    forms: str = Field(sa_type=JSONB)
    period: str = Field(sa_type=Text)
    times: int
    committee_from: int | None = None
    term_years: int | None = None
    shift_months: int | None = None
    source: str = Field(sa_type=Text)
    source_zh: str = Field(sa_type=Text)
    valid_from: date
    valid_until: date | None = None
    recorded_at: datetime = Field(sa_type=MOMENT)


class TrainingPlan(LedgersTable, table=True):
    """How often a district trains secretaries in a year."""

    __tablename__ = "training_plan"
    __table_args__ = (UniqueConstraint("division_code", "year"),)

    plan_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    division_code: str = Field(sa_type=Text)
    year: int
    sessions: int
    recorded_at: datetime = Field(sa_type=MOMENT)


class LifeHistory(LedgersTable, table=True):
    """Every state of a published rule or a plan, as it was told, and who stated it."""

    __tablename__ = "life_history"

    aggregate: str = Field(primary_key=True, sa_type=Text)
    id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    state: str = Field(sa_type=JSONB)
    stated_by: str = Field(sa_type=Text)
    stated_as: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=MOMENT)
