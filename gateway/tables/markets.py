"""Tables of specialised markets and their stalls."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Index
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, ReadModelTable


class Market(ReadModelTable, table=True):
    """A specialised market 专业市场 (topic `registration-market`): a place, never derived from a USCC."""

    __tablename__ = "market"
    __table_args__ = (
        # The markets of an operator.
        Index("market_operator_entity_id", "operator_entity_id"),
    )

    market_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=CODE_POINTS)
    operator_entity_id: UUID
    operator_uscc: str = Field(sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Stall(ReadModelTable, table=True):
    """A stall 摊位 that an entity occupies or occupied (topic `registration-stall`)."""

    __tablename__ = "stall"
    __table_args__ = (
        # The stalls of a market, and those of an entity.
        Index("stall_market_id", "market_id"),
        Index("stall_entity_id", "entity_id"),
        # All, latest first.
        Index("stall_since", "since", "stall_id"),
    )

    stall_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    market_id: UUID
    entity_id: UUID
    number: str = Field(sa_type=CODE_POINTS)
    since: date
    until: date | None = None
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
