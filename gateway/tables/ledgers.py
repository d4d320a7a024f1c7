"""Tables of organisations, what they cover, their members, and the coverage of entities."""

from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import DateTime, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, Access, ReadModelTable

ERASED: Final = "ERASED"
"""State of the row that stands for a member whose data were erased: its id and version, and nothing else."""


class Organisation(ReadModelTable, table=True):
    """A Party organisation 党组织 (topic `ledgers-organisation`)."""

    __tablename__ = "organisation"
    __table_args__ = (
        # The list by name, in either direction.
        Index("organisation_name", "name", "organisation_id"),
        # A subtree of the divisions, which every scoped caller asks for, and the list by division.
        Index("organisation_division_code", "division_code", "organisation_id"),
        # The branches below an organisation, and those of an association.
        Index("organisation_superior_id", "superior_id"),
        Index("organisation_association_id", "association_id"),
    )

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    code: str | None = Field(default=None, sa_type=CODE_POINTS)
    name: str = Field(sa_type=CODE_POINTS)
    form: str = Field(sa_type=CODE_POINTS)
    external: bool
    mode: str | None = Field(default=None, sa_type=CODE_POINTS)
    superior_id: UUID | None = None
    association_id: UUID | None = None
    has_committee: bool | None = None
    groups: int | None = None
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    founded_on: date | None = None
    industry: str | None = Field(default=None, sa_type=CODE_POINTS)
    secretary_id: UUID | None = None
    committee: JsonValue = Field(default=None, sa_type=JSONB, nullable=True)
    last_elected_on: date | None = None
    election_due_on: date | None = None
    election_put_off_to: date | None = None
    full_time_workers: int | None = None
    funds: JsonValue = Field(default=None, sa_type=JSONB, nullable=True)
    venues: JsonValue = Field(default=None, sa_type=JSONB, nullable=True)
    demonstration: str | None = Field(default=None, sa_type=CODE_POINTS)
    standardisation_pilot: bool | None = None
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class OrganisationEntity(ReadModelTable, table=True):
    """The entities that an organisation covers, of the version that `organisation` has.

    It is never read by itself: a query goes through it from one of the two to the other, whose own limits hold.
    """

    __tablename__ = "organisation_entity"
    __table_args__ = (
        # The organisations of an entity; the primary key finds the entities of an organisation.
        Index("organisation_entity_entity_id", "entity_id", "organisation_id"),
    )
    access: ClassVar[Access] = Access(divisions=(), bureaus=False)

    organisation_id: UUID = Field(primary_key=True)
    entity_id: UUID = Field(primary_key=True)


class Membership(ReadModelTable, table=True):
    """How many members an organisation has, by relation and by management (topic `ledgers-membership`)."""

    __tablename__ = "membership"

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    related: int
    managed: int
    related_and_managed: int
    full_related: int
    full_managed: int
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Member(ReadModelTable, table=True):
    """A member 党员 with three dated facts (topic `ledgers-member`). Restricted: sensitive personal information.

    Of an erased member the id and the version stay, so that an older state that comes late brings nothing back.
    """

    __tablename__ = "member"
    __table_args__ = (
        # The members who work at an entity.
        Index("member_workplace_entity_id", "workplace_entity_id"),
        # The members of an organisation, by relation and by management: one list reads both.
        Index("member_relation_organisation_id", "relation_organisation_id"),
        Index("member_management_organisation_id", "management_organisation_id"),
        # A subtree of the divisions, and the list by division.
        Index("member_division_code", "division_code", "member_id"),
    )
    access: ClassVar[Access] = Access(members=True, erased_state=ERASED)

    member_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    masked_name: str | None = Field(default=None, sa_type=CODE_POINTS)
    born_in: str | None = Field(default=None, sa_type=CODE_POINTS)
    standing: str | None = Field(default=None, sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    merged_into: UUID | None = None
    workplace_entity_id: UUID | None = None
    workplace_since: date | None = None
    relation_organisation_id: UUID | None = None
    relation_since: date | None = None
    management_organisation_id: UUID | None = None
    management_since: date | None = None
    division_code: str | None = Field(default=None, sa_type=CODE_POINTS)
    bureau: str | None = Field(default=None, sa_type=CODE_POINTS)
    effective_on: date | None = None
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    leaving_reason: str | None = Field(default=None, sa_type=CODE_POINTS)


class Coverage(ReadModelTable, table=True):
    """The two coverages 两个覆盖 of an entity (topic `ledgers-coverage`)."""

    __tablename__ = "coverage"
    __table_args__ = (
        # The must-found list, longest due first: those with a day come first, so a page of them reads little more.
        Index("coverage_longest_due", text("(coalesce(must_found_since, 'infinity'::date))"), "entity_id"),
        # A subtree of the divisions, which every scoped caller asks for, and the list by division.
        Index("coverage_division_code", "division_code", "entity_id"),
    )

    entity_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    uscc: str = Field(sa_type=CODE_POINTS)
    kind: str = Field(sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    full_members: int
    probationary_members: int
    organisation_coverage: str = Field(sa_type=CODE_POINTS)
    organisation_ids: JsonValue = Field(sa_type=JSONB, nullable=False)
    work_coverage: bool
    duty: str = Field(sa_type=CODE_POINTS)
    must_found_since: date | None = None
    must_found_due: date | None = None
    periods: JsonValue = Field(sa_type=JSONB, nullable=False)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
