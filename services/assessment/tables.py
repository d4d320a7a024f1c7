"""Tables of assessment: schemes and ratings, which it owns, and the newest of the facts that a rating rests on.

The row of an entity's coverage and that of a rating are what is locked before either is decided on. So both are made
before anything is known: version 0 stands for nothing told yet.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import DateTime, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import BigInteger, Field, SQLModel


class AssessmentTable(SQLModel, registry=registry()):
    """Base of assessment's tables: a registry and metadata of their own."""


class Scheme(AssessmentTable, table=True):
    """An edition of a scheme. Once ratings are decided by it, it is taken up, whatever another machine's clock says."""

    __tablename__ = "scheme"

    scheme_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    name_zh: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    parts: str = Field(sa_type=JSONB)
    bands: str = Field(sa_type=JSONB)
    valid_from: date
    valid_until: date | None = None
    taken_up: bool
    told_as: UUID
    correlation_id: UUID
    traceparent: str | None = Field(default=None, sa_type=Text)
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Organisation(AssessmentTable, table=True):
    """What the ledgers told of an organisation."""

    __tablename__ = "organisation"

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    external: bool
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)


class OrganisationEntity(AssessmentTable, table=True):
    """An entity that an organisation covers."""

    __tablename__ = "organisation_entity"
    __table_args__ = (Index("organisation_entity_entity_id", "entity_id"),)

    organisation_id: UUID = Field(primary_key=True)
    entity_id: UUID = Field(primary_key=True)


class Membership(AssessmentTable, table=True):
    """What the ledgers counted of an organisation's members."""

    __tablename__ = "membership"

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    related: int = Field(sa_type=BigInteger)
    managed: int = Field(sa_type=BigInteger)
    related_and_managed: int = Field(sa_type=BigInteger)
    full_related: int = Field(sa_type=BigInteger)
    full_managed: int = Field(sa_type=BigInteger)


class Coverage(AssessmentTable, table=True):
    """What the ledgers told of an entity's two coverages."""

    __tablename__ = "coverage"

    entity_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    organisation_coverage: str = Field(sa_type=Text)
    work_coverage: bool


class Rating(AssessmentTable, table=True):
    """The rating of an organisation as it was told last."""

    __tablename__ = "rating"

    organisation_id: UUID = Field(primary_key=True)
    rating_id: UUID = Field(unique=True)
    version: int = Field(sa_type=BigInteger)
    scheme_id: UUID
    scheme_version: int | None = Field(default=None, sa_type=BigInteger)
    points: Decimal | None = Field(default=None, sa_type=Numeric(8, 2))
    band: str | None = Field(default=None, sa_type=Text)
    evidence: str | None = Field(default=None, sa_type=JSONB)
    state: str | None = Field(default=None, sa_type=Text)
    division_code: str | None = Field(default=None, sa_type=Text)
    bureau: str | None = Field(default=None, sa_type=Text)
    effective_on: date | None = None
    recorded_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
