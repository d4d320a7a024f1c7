"""The table of contacts 联系人 of entities."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Index
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, Access, ReadModelTable
from gateway.tables.ledgers import ERASED


class Contact(ReadModelTable, table=True):
    """A contact of an entity (topic `ledgers-contact`). Restricted: it says whether they are Party members.

    Of an erased one the id and the version stay, so that an older state that comes late brings nothing back.
    """

    __tablename__ = "contact"
    __table_args__ = (
        # The contacts of an entity.
        Index("contact_entity_id", "entity_id"),
        # The list by division.
        Index("contact_division_code", "division_code", "contact_id"),
    )
    access: ClassVar[Access] = Access(members=True, erased_state=ERASED)

    contact_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    masked_name: str | None = Field(default=None, sa_type=CODE_POINTS)
    entity_id: UUID | None = None
    role: str | None = Field(default=None, sa_type=CODE_POINTS)
    party_member: str | None = Field(default=None, sa_type=CODE_POINTS)
    since: date | None = None
    until: date | None = None
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str | None = Field(default=None, sa_type=CODE_POINTS)
    bureau: str | None = Field(default=None, sa_type=CODE_POINTS)
    effective_on: date | None = None
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
