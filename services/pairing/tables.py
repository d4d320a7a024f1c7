"""Tables of pairing: what it decided and was told by commands, and what it keeps of other services' facts."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import DateTime, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import BigInteger, Field, SQLModel


class PairingTable(SQLModel, registry=registry()):
    """Base of pairing's tables: a registry and metadata of their own."""


class Assignment(PairingTable, table=True):
    """An assignment of a cadre. The same cadre is on the same target in the same role only once at a time."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "assignment_active",
            "cadre_id",
            "role",
            "target_id",
            unique=True,
            postgresql_where=text("state = 'ACTIVE'"),
        ),
    )

    assignment_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    cadre_id: UUID
    role: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    target_id: UUID
    uscc: str | None = Field(default=None, sa_type=Text)
    state: str = Field(sa_type=Text)
    starts_on: date
    ended_on: date | None = None
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Suggestion(PairingTable, table=True):
    """The suggestion for an entity, and the version of its coverage that was used; version 0 was never told."""

    __tablename__ = "suggestion"
    __table_args__ = (Index("suggestion_open", "partner_organisation_id", postgresql_where=text("state = 'OPEN'")),)

    entity_id: UUID = Field(primary_key=True)
    suggestion_id: UUID
    version: int = Field(sa_type=BigInteger)
    coverage_version: int = Field(sa_type=BigInteger)
    uscc: str = Field(sa_type=Text)
    partner_organisation_id: UUID | None = None
    reasons: str = Field(sa_type=JSONB)
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Alliance(PairingTable, table=True):
    """An alliance with its parties, which never change."""

    __tablename__ = "alliance"

    alliance_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    parties: str = Field(sa_type=JSONB)
    state: str = Field(sa_type=Text)
    formed_on: date
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Visit(PairingTable, table=True):
    """A visit of a cadre: the same target by the same cadre once a day."""

    __tablename__ = "visit"
    __table_args__ = (
        Index(
            "visit_once",
            "cadre_id",
            "visited_on",
            "target_id",
            unique=True,
            postgresql_where=text("state = 'RECORDED'"),
        ),
    )

    visit_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    cadre_id: UUID
    target: str = Field(sa_type=Text)
    target_id: UUID
    uscc: str | None = Field(default=None, sa_type=Text)
    purpose: str = Field(sa_type=Text)
    visited_on: date
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Naming(PairingTable, table=True):
    """What an entity is named as: once of a kind at a time."""

    __tablename__ = "naming"
    __table_args__ = (Index("naming_once", "entity_id", "kind", unique=True, postgresql_where=text("state = 'NAMED'")),)

    naming_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    entity_id: UUID
    uscc: str = Field(sa_type=Text)
    document: str | None = Field(default=None, sa_type=Text)
    named_on: date
    withdrawn_on: date | None = None
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Questionnaire(PairingTable, table=True):
    """A questionnaire that an association handed out."""

    __tablename__ = "questionnaire"

    questionnaire_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    association_id: UUID
    subject: str = Field(sa_type=Text)
    handed_out: int
    handed_out_on: date
    returned: int | None = None
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Entity(PairingTable, table=True):
    """Copy of the ledgers' record of an entity."""

    __tablename__ = "entity"

    entity_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    uscc: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)


class Organisation(PairingTable, table=True):
    """Copy of the ledgers' record of an organisation."""

    __tablename__ = "organisation"

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    external: bool
    entity_ids: str = Field(sa_type=JSONB)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)


class Rating(PairingTable, table=True):
    """Copy of assessment's rating of an organisation, one a scheme."""

    __tablename__ = "rating"
    __table_args__ = (Index("rating_organisation_id", "organisation_id"),)

    rating_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    organisation_id: UUID
    points: Decimal = Field(sa_type=Numeric(8, 2))
    band: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    effective_on: date
