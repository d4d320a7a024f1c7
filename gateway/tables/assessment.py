"""Tables of schemes and ratings."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import DateTime, Index, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, Access, ReadModelTable


class Scheme(ReadModelTable, table=True):
    """A scheme of the fortress index 堡垒指数, in its newest edition (topic `assessment-scheme`).

    It is published for everybody, and there are a few: they are read whole.
    """

    __tablename__ = "scheme"
    access: ClassVar[Access] = Access(divisions=(), bureaus=False)

    scheme_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=CODE_POINTS)
    name_zh: str = Field(sa_type=CODE_POINTS)
    source: str = Field(sa_type=CODE_POINTS)
    parts: JsonValue = Field(sa_type=JSONB, nullable=False)
    bands: JsonValue = Field(sa_type=JSONB, nullable=False)
    valid_from: date
    valid_until: date | None = None
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Rating(ReadModelTable, table=True):
    """The rating of an organisation by a scheme (topic `assessment-rating`)."""

    __tablename__ = "rating"
    __table_args__ = (
        # The rating of each organisation of a page.
        Index("rating_organisation_id", "organisation_id"),
        # The list by points, in either direction.
        Index("rating_points", "points", "rating_id"),
        # A subtree of the divisions, which every scoped caller asks for.
        Index("rating_division_code", "division_code"),
    )

    rating_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    organisation_id: UUID
    scheme_id: UUID
    scheme_version: int = Field(sa_type=BigInteger)
    points: Decimal = Field(sa_type=Numeric(8, 2))
    band: str = Field(sa_type=CODE_POINTS)
    evidence: JsonValue = Field(sa_type=JSONB, nullable=False)
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
