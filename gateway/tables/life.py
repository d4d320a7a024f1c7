"""Tables of organisational life 组织生活: gatherings, published editions of its rules, and plans of training."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import DateTime, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, Access, ReadModelTable


class Gathering(ReadModelTable, table=True):
    """A gathering of an organisation (topic `ledgers-gathering`). Files are the owner's to give out: no ids of them."""

    __tablename__ = "gathering"
    __table_args__ = (
        # What an organisation held, also in a period.
        Index("gathering_organisation_id", "organisation_id", "held_on"),
        # The list, latest first.
        Index("gathering_held_on", "held_on", "gathering_id"),
    )

    gathering_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    organisation_id: UUID
    kind: str = Field(sa_type=CODE_POINTS)
    audience: str | None = Field(default=None, sa_type=CODE_POINTS)
    held_on: date
    place: str = Field(sa_type=CODE_POINTS)
    topics: JsonValue = Field(sa_type=JSONB, nullable=False)
    expected: int
    present: int
    term_until: date | None = None
    postponed_until: date | None = None
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class LifeRule(ReadModelTable, table=True):
    """A published edition of a rule (topic `ledgers-life-rule`); the defaults stand in `contracts.rules.life`."""

    __tablename__ = "life_rule"
    access: ClassVar[Access] = Access(divisions=(), bureaus=False)

    rule_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    duty: str = Field(sa_type=CODE_POINTS)
    forms: JsonValue = Field(sa_type=JSONB, nullable=False)
    period: str = Field(sa_type=CODE_POINTS)
    times: int
    committee_from: int | None = None
    term_years: int | None = None
    shift_months: int | None = None
    source: str = Field(sa_type=CODE_POINTS)
    source_zh: str = Field(sa_type=CODE_POINTS)
    valid_from: date
    valid_until: date | None = None
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class TrainingPlan(ReadModelTable, table=True):
    """A district's plan of a year for the training of secretaries (topic `ledgers-training-plan`); open to all."""

    __tablename__ = "training_plan"
    __table_args__ = (
        # The plan of a district and year.
        Index("training_plan_year", "year", "plan_id"),
    )
    access: ClassVar[Access] = Access(divisions=(), bureaus=False)

    plan_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    division_code: str = Field(sa_type=CODE_POINTS)
    year: int
    sessions: int
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
