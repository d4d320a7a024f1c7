"""Which rows of which files were taken in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text
from sqlmodel import BigInteger, Field

from services.ledgers.tables.base import MOMENT, LedgersTable


class ImportedRow(LedgersTable, table=True):
    """A row of a file that was taken in: what it is about, what it did, and who gave it. It says nothing of itself."""

    __tablename__ = "imported_row"
    __table_args__ = (Index("imported_row_aggregate", "aggregate_id"),)

    digest: bytes = Field(sa_type=LargeBinary, primary_key=True)
    ordinal: int = Field(sa_type=BigInteger, primary_key=True)
    line: int = Field(sa_type=BigInteger)
    aggregate: str = Field(sa_type=Text)
    aggregate_id: UUID
    outcome: str = Field(sa_type=Text)
    imported_by: str = Field(sa_type=Text)
    imported_at: datetime = Field(sa_type=MOMENT)
