"""Specialised markets and their stalls: their state now."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlmodel import BigInteger, Field

from services.registration.tables.base import MOMENT, RegistrationTable

_OCCUPIED: Final = text("state = 'OCCUPIED'")


class Market(RegistrationTable, table=True):
    """A specialised market 专业市场: a place with an id of its own."""

    __tablename__ = "market"
    __table_args__ = (Index("market_operator", "operator_entity_id", postgresql_where=text("state = 'OPEN'")),)

    market_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    operator_entity_id: UUID
    operator_uscc: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)


class Stall(RegistrationTable, table=True):
    """A stall 摊位 that an entity occupies, or occupied."""

    __tablename__ = "stall"
    __table_args__ = (
        Index("stall_number", "market_id", "number", unique=True, postgresql_where=_OCCUPIED),
        Index("stall_entity", "entity_id", postgresql_where=_OCCUPIED),
    )

    stall_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    market_id: UUID
    entity_id: UUID
    number: str = Field(sa_type=Text)
    since: date
    until: date | None = None
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)
