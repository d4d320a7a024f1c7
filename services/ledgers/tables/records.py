"""Quotas of development 发展党员名额, posts 岗位 and honours 荣誉 of members."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import BigInteger, Field

from services.ledgers.tables.base import MOMENT, LedgersTable


class Quota(LedgersTable, table=True):
    """The quota of an organisation for a year. Its row is the lock under which places are taken."""

    __tablename__ = "quota"
    __table_args__ = (UniqueConstraint("organisation_id", "year", name="quota_organisation_year"),)

    quota_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    organisation_id: UUID
    year: int
    places: int
    taken: int
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)


class Post(LedgersTable, table=True):
    """A post of a member. Erasing the member takes who held it away."""

    __tablename__ = "post"
    __table_args__ = (Index("post_member", "member_id", postgresql_where=text("member_id IS NOT NULL")),)

    post_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    member_id: UUID | None = None
    kind: str = Field(sa_type=Text)
    organisation_id: UUID | None = None
    entity_id: UUID | None = None
    since: date
    until: date | None = None
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)


class Honour(LedgersTable, table=True):
    """An honour of a member. Erasing the member takes whose it was away."""

    __tablename__ = "honour"
    __table_args__ = (Index("honour_member", "member_id", postgresql_where=text("member_id IS NOT NULL")),)

    honour_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    member_id: UUID | None = None
    kind: str = Field(sa_type=Text)
    level: str = Field(sa_type=Text)
    year: int
    awarded_by: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)
