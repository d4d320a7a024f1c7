"""Tables of who does the work: divisions, bureaus, associations, cadres.

A district has some dozens or hundreds of each, which are read whole faster than by an index. Only divisions, with
their grids, and what is asked for once a row of a page have one.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Index
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, Access, ReadModelTable


class Division(ReadModelTable, table=True):
    """A division 行政区划 (topic `ledgers-division`). It belongs to no line, so every bureau sees it."""

    __tablename__ = "division"
    __table_args__ = (
        # The divisions right below one.
        Index("division_parent_code", "parent_code"),
    )
    access: ClassVar[Access] = Access(bureaus=False)

    division_code: str = Field(primary_key=True, sa_type=CODE_POINTS)
    version: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=CODE_POINTS)
    level: str = Field(sa_type=CODE_POINTS)
    parent_code: str | None = Field(default=None, sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class BureauUnit(ReadModelTable, table=True):
    """A bureau 部门 or a station of one (topic `ledgers-bureau`)."""

    __tablename__ = "bureau"

    bureau_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=CODE_POINTS)
    kind: str = Field(sa_type=CODE_POINTS)
    parent_id: UUID | None = None
    bureau: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Association(ReadModelTable, table=True):
    """An association 协会 or a sub-association of one (topic `ledgers-association`)."""

    __tablename__ = "association"

    association_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=CODE_POINTS)
    parent_id: UUID | None = None
    bureau: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Cadre(ReadModelTable, table=True):
    """A cadre 干部: an id and a unit, never a name (topic `ledgers-cadre`)."""

    __tablename__ = "cadre"

    cadre_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    bureau_id: UUID | None = None
    association_id: UUID | None = None
    bureau: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
