"""Contacts of entities; who they are is in `person`."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import BigInteger, Field

from services.ledgers.tables.base import MOMENT, LedgersTable


class Contact(LedgersTable, table=True):
    """A contact 联系人 as they are now; of one who was erased only the id and the version stay."""

    __tablename__ = "contact"
    __table_args__ = (Index("contact_entity", "entity_id"),)

    contact_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    masked_name: str | None = Field(default=None, sa_type=Text)
    entity_id: UUID | None = None
    role: str | None = Field(default=None, sa_type=Text)
    party_member: str | None = Field(default=None, sa_type=Text)
    since: date | None = None
    until: date | None = None
    state: str = Field(sa_type=Text)
    division_code: str | None = Field(default=None, sa_type=Text)
    bureau: str | None = Field(default=None, sa_type=Text)
    effective_on: date | None = None
    recorded_at: datetime = Field(sa_type=MOMENT)


class ContactHistory(LedgersTable, table=True):
    """Every state of a contact, as it was told, and who stated it, unless it followed. Erasing deletes it."""

    __tablename__ = "contact_history"

    contact_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    state: str = Field(sa_type=JSONB)
    stated_by: str | None = Field(default=None, sa_type=Text)
    recorded_at: datetime = Field(sa_type=MOMENT)
