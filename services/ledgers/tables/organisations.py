"""Organisations, whom they cover, and how many members they have."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import BigInteger, Field

from services.ledgers.tables.base import MOMENT, LedgersTable


class Organisation(LedgersTable, table=True):
    """A Party organisation 党组织, as it is now."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index("organisation_division_code", "division_code", "organisation_id"),
        Index("organisation_superior", "superior_id"),
        Index("organisation_code", "code", unique=True),
        Index(
            "organisation_committee",
            "committee",
            postgresql_using="gin",
            postgresql_ops={"committee": "jsonb_path_ops"},
        ),
    )

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    code: str | None = Field(default=None, sa_type=Text)
    name: str = Field(sa_type=Text)
    form: str = Field(sa_type=Text)
    external: bool
    mode: str | None = Field(default=None, sa_type=Text)
    superior_id: UUID | None = None
    association_id: UUID | None = None
    has_committee: bool | None = None
    groups: int | None = None
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    founded_on: date | None = None
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)
    industry: str | None = Field(default=None, sa_type=Text)
    secretary_id: UUID | None = None
    committee: str | None = Field(default=None, sa_type=JSONB)
    last_elected_on: date | None = None
    election_due_on: date | None = None
    election_put_off_to: date | None = None
    full_time_workers: int | None = None
    funds: str | None = Field(default=None, sa_type=JSONB)
    venues: str | None = Field(default=None, sa_type=JSONB)
    demonstration: str | None = Field(default=None, sa_type=Text)
    standardisation_pilot: bool | None = None


class StatedElection(LedgersTable, table=True):
    """The election that the profile of an organisation states; one that is held as a gathering goes before it."""

    __tablename__ = "stated_election"

    organisation_id: UUID = Field(primary_key=True)
    last_on: date
    put_off_to: date | None = None


class OrganisationEntity(LedgersTable, table=True):
    """Which entities an organisation covers now."""

    __tablename__ = "organisation_entity"
    __table_args__ = (Index("organisation_entity_entity", "entity_id"),)

    organisation_id: UUID = Field(primary_key=True)
    entity_id: UUID = Field(primary_key=True)


class OrganisationHistory(LedgersTable, table=True):
    """Every state of an organisation, as it was told."""

    __tablename__ = "organisation_history"

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    state: str = Field(sa_type=JSONB)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)


class Membership(LedgersTable, table=True):
    """How many members an organisation has, by relation and by management; version 0 was not told yet."""

    __tablename__ = "membership"

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    related: int
    managed: int
    related_and_managed: int
    full_related: int
    full_managed: int
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)
