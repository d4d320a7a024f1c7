"""What the ledgers keep of entities, and every state of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import BigInteger, Field

from services.ledgers.tables.base import MOMENT, LedgersTable


class Entity(LedgersTable, table=True):
    """The ledger's record of an entity, as it is now."""

    __tablename__ = "entity"
    __table_args__ = (
        Index("entity_division_code", "division_code", "entity_id"),
        Index("entity_uscc", "uscc"),
    )

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
    recorded_at: datetime = Field(sa_type=MOMENT)


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
    recorded_at: datetime = Field(sa_type=MOMENT)
