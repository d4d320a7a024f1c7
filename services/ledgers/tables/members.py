"""Members, and their history."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import BigInteger, Field

from services.ledgers.tables.base import ACTIVE, MOMENT, LedgersTable


class Member(LedgersTable, table=True):
    """A member 党员 as they are now; of one who was erased only the id and the version stay."""

    __tablename__ = "member"
    __table_args__ = (
        Index("member_workplace", "workplace_entity_id", postgresql_where=ACTIVE),
        Index("member_relation", "relation_organisation_id", postgresql_where=ACTIVE),
        Index("member_management", "management_organisation_id", postgresql_where=ACTIVE),
    )

    member_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    masked_name: str | None = Field(default=None, sa_type=Text)
    born_in: str | None = Field(default=None, sa_type=Text)
    standing: str | None = Field(default=None, sa_type=Text)
    state: str = Field(sa_type=Text)
    merged_into: UUID | None = None
    workplace_entity_id: UUID | None = None
    workplace_since: date | None = None
    relation_organisation_id: UUID | None = None
    relation_since: date | None = None
    management_organisation_id: UUID | None = None
    management_since: date | None = None
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)
    leaving_reason: str | None = Field(default=None, sa_type=Text)


class MemberHistory(LedgersTable, table=True):
    """Every state of a member, as it was told: their three dated facts at any date. Erasing deletes it."""

    __tablename__ = "member_history"
    __table_args__ = (Index("member_history_workplace", text("(state ->> 'workplace_entity_id')")),)

    member_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    state: str = Field(sa_type=JSONB)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)
