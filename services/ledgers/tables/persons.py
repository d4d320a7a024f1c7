"""What names a person, what they are found by, who looked, and whose data were erased."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, LargeBinary, Text, Uuid, text
from sqlmodel import Field

from services.ledgers.tables.base import MOMENT, LedgersTable


class Person(LedgersTable, table=True):
    """What names a person, encrypted by a key of their own, which is wrapped by the master key. Erasing deletes it."""

    __tablename__ = "person"
    __table_args__ = (Index("person_merged_into", "merged_into"),)

    person_id: UUID = Field(primary_key=True)
    wrapped_key: bytes = Field(sa_type=LargeBinary)
    sealed_name: bytes = Field(sa_type=LargeBinary)
    sealed_id_number: bytes | None = Field(default=None, sa_type=LargeBinary)
    sealed_telephone: bytes | None = Field(default=None, sa_type=LargeBinary)
    recorded_at: datetime = Field(sa_type=MOMENT)
    merged_into: UUID | None = None


class PersonIndex(LedgersTable, table=True):
    """What a member is found by: keyed digests. `member_id` is who is found, `person_id` whose record says so."""

    __tablename__ = "person_index"
    __table_args__ = (
        Index("person_index_id_number", "digest", unique=True, postgresql_where=text("kind = 'ID_NUMBER'")),
        Index("person_index_digest", "digest"),
        Index("person_index_member", "member_id"),
    )

    person_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True, sa_type=Text)
    digest: bytes = Field(sa_type=LargeBinary)
    member_id: UUID


class PersonLook(LedgersTable, table=True):
    """An audit record: who looked at what is sealed, when, as what, and what for. The reason may name people."""

    __tablename__ = "person_look"
    __table_args__ = (
        Index("person_look_looked_at", "looked_at"),
        Index("person_look_members", "member_ids", postgresql_using="gin"),
    )

    look_id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    looked_by: str = Field(sa_type=Text)
    looked_as: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    purpose: str = Field(sa_type=Text)
    sealed_reason: bytes | None = Field(default=None, sa_type=LargeBinary)
    fields_looked_at: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    member_ids: list[UUID] = Field(sa_type=ARRAY(Uuid), nullable=False)
    correlation_id: UUID
    looked_at: datetime = Field(sa_type=MOMENT)


class Erasure(LedgersTable, table=True):
    """An erased member, and the end of the term by which the topic holds nothing older of them."""

    __tablename__ = "erasure"
    __table_args__ = (Index("erasure_division_code", "division_code", "member_id"),)

    member_id: UUID = Field(primary_key=True)
    division_code: str = Field(sa_type=Text)
    erased_at: datetime = Field(sa_type=MOMENT)
    due_at: datetime = Field(sa_type=MOMENT)
    done_at: datetime | None = Field(default=None, sa_type=MOMENT)
