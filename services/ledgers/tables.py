"""Tables of the ledgers: entities, organisations, members, their history, and the coverage that follows from them.

Those of divisions, bureaus, associations, cadres and mandates have the shapes of `kit.schema.LINES_V1`.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import BigInteger, Field, SQLModel

_MOMENT = DateTime(timezone=True)
_ACTIVE = text("state = 'ACTIVE'")


class LedgersTable(SQLModel, registry=registry()):
    """Base of the ledgers' tables: a registry and metadata of their own."""


class Entity(LedgersTable, table=True):
    """The ledger's record of an entity, as it is now."""

    __tablename__ = "entity"
    __table_args__ = (Index("entity_division_code", "division_code", "entity_id"),)

    entity_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    registration_version: int = Field(sa_type=BigInteger)
    uscc: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    registered_on: date | None = None
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class EntityHistory(LedgersTable, table=True):
    """Every state of an entity that the ledger heard: from which day it holds, and when the ledger learnt it."""

    __tablename__ = "entity_history"

    entity_id: UUID = Field(primary_key=True)
    registration_version: int = Field(primary_key=True, sa_type=BigInteger)
    uscc: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    registered_on: date | None = None
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class LineHistory(LedgersTable, table=True):
    """Every state of a division, bureau, association, cadre or mandate, as it was told."""

    __tablename__ = "line_history"

    aggregate: str = Field(primary_key=True, sa_type=Text)
    id: str = Field(primary_key=True, sa_type=Text)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    state: str = Field(sa_type=JSONB)
    effective_on: date
    recorded_at: datetime = Field(sa_type=_MOMENT)


class Organisation(LedgersTable, table=True):
    """A Party organisation 党组织, as it is now."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index("organisation_division_code", "division_code", "organisation_id"),
        Index("organisation_superior", "superior_id"),
    )

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    form: str = Field(sa_type=Text)
    external: bool
    mode: str | None = Field(default=None, sa_type=Text)
    superior_id: UUID | None = None
    association_id: UUID | None = None
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    founded_on: date | None = None
    effective_on: date
    recorded_at: datetime = Field(sa_type=_MOMENT)


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
    recorded_at: datetime = Field(sa_type=_MOMENT)


class Person(LedgersTable, table=True):
    """What names a person, encrypted by a key of their own, which is wrapped by the master key. Erasing deletes it."""

    __tablename__ = "person"

    person_id: UUID = Field(primary_key=True)
    wrapped_key: bytes = Field(sa_type=LargeBinary)
    sealed_name: bytes = Field(sa_type=LargeBinary)


class Member(LedgersTable, table=True):
    """A member 党员 as they are now; of one who was erased only the id and the version stay."""

    __tablename__ = "member"
    __table_args__ = (
        Index("member_workplace", "workplace_entity_id", postgresql_where=_ACTIVE),
        Index("member_relation", "relation_organisation_id", postgresql_where=_ACTIVE),
        Index("member_management", "management_organisation_id", postgresql_where=_ACTIVE),
    )

    member_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    masked_name: str | None = Field(default=None, sa_type=Text)
    standing: str | None = Field(default=None, sa_type=Text)
    state: str = Field(sa_type=Text)
    workplace_entity_id: UUID | None = None
    workplace_since: date | None = None
    relation_organisation_id: UUID | None = None
    relation_since: date | None = None
    management_organisation_id: UUID | None = None
    management_since: date | None = None
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=_MOMENT)


class MemberHistory(LedgersTable, table=True):
    """Every state of a member, as it was told: their three dated facts at any date. Erasing deletes it."""

    __tablename__ = "member_history"

    member_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    state: str = Field(sa_type=JSONB)
    effective_on: date
    recorded_at: datetime = Field(sa_type=_MOMENT)


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
    recorded_at: datetime = Field(sa_type=_MOMENT)


class Assignment(LedgersTable, table=True):
    """An assignment of a cadre, as pairing told it."""

    __tablename__ = "assignment"
    __table_args__ = (Index("assignment_target", "target_id", postgresql_where=_ACTIVE),)

    assignment_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    target: str = Field(sa_type=Text)
    target_id: UUID
    cadre_id: UUID
    role: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)


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
    recorded_at: datetime = Field(sa_type=_MOMENT)
