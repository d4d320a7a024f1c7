"""Every state of who does the work.

The tables of divisions, bureaus, associations, cadres and mandates have the shapes of `kit.schema.LINES_V1`.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import BigInteger, Field

from services.ledgers.tables.base import MOMENT, LedgersTable


class LineHistory(LedgersTable, table=True):
    """Every state of a division, bureau, association, cadre or mandate, as it was told."""

    __tablename__ = "line_history"

    aggregate: str = Field(primary_key=True, sa_type=Text)
    id: str = Field(primary_key=True, sa_type=Text)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    state: str = Field(sa_type=JSONB)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)


class Assignment(LedgersTable, table=True):
    """An assignment of a cadre, as pairing told it."""

    __tablename__ = "assignment"
    __table_args__ = (Index("assignment_target", "target_id"),)

    assignment_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    target: str = Field(sa_type=Text)
    target_id: UUID
    cadre_id: UUID
    role: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    starts_on: date | None = None
    ended_on: date | None = None
