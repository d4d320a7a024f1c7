"""Tables of quotas of development 名额, and of posts 岗位 and honours 荣誉 of members."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Index
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, Access, ReadModelTable
from gateway.tables.ledgers import ERASED


class Quota(ReadModelTable, table=True):
    """How many probationary members an organisation may admit in a year, and has (topic `ledgers-quota`)."""

    __tablename__ = "quota"
    __table_args__ = (
        # The quotas of an organisation.
        Index("quota_organisation_id", "organisation_id"),
        # Latest year first.
        Index("quota_year", "year", "quota_id"),
    )

    quota_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    organisation_id: UUID
    year: int
    places: int
    taken: int
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Post(ReadModelTable, table=True):
    """A post of a member (topic `ledgers-post`). Restricted; of an erased member's the row alone stays."""

    __tablename__ = "post"
    __table_args__ = (
        # The posts of a member, at an organisation, and at an entity.
        Index("post_member_id", "member_id"),
        Index("post_organisation_id", "organisation_id"),
        Index("post_entity_id", "entity_id"),
        # Latest first.
        Index("post_since", "since", "post_id"),
    )
    access: ClassVar[Access] = Access(members=True, erased_state=ERASED)

    post_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    member_id: UUID | None = None
    kind: str = Field(sa_type=CODE_POINTS)
    organisation_id: UUID | None = None
    entity_id: UUID | None = None
    since: date
    until: date | None = None
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Honour(ReadModelTable, table=True):
    """An honour of a member (topic `ledgers-honour`). Restricted; of an erased member's the row alone stays."""

    __tablename__ = "honour"
    __table_args__ = (
        # The honours of a member.
        Index("honour_member_id", "member_id"),
        # Latest year first.
        Index("honour_year", "year", "honour_id"),
    )
    access: ClassVar[Access] = Access(members=True, erased_state=ERASED)

    honour_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    member_id: UUID | None = None
    kind: str = Field(sa_type=CODE_POINTS)
    level: str = Field(sa_type=CODE_POINTS)
    year: int
    awarded_by: str = Field(sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
