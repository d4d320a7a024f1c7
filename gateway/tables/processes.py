"""Tables of processes 流程: what all have, and one table a kind."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Index
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, Access, ReadModelTable


class ProcessTable(ReadModelTable):
    """What the table of every kind of process has. Files are the owner's to give out: here are no ids of them."""

    process_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    state: str = Field(sa_type=CODE_POINTS)
    action: str = Field(sa_type=CODE_POINTS)
    due_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Transfer(ProcessTable, table=True):
    """A transfer 组织关系转接 of a member (topic `ledgers-transfer`). Restricted; both sides see it."""

    __tablename__ = "transfer"
    __table_args__ = (
        # The transfers of a member.
        Index("transfer_member_id", "member_id"),
        # Those of each side, latest first.
        Index("transfer_effective_on", "effective_on", "process_id"),
    )
    access: ClassVar[Access] = Access(divisions=("division_code", "to_division_code"), bureaus=False, members=True)

    member_id: UUID
    from_organisation_id: UUID
    to_organisation_id: UUID
    with_management: bool
    to_division_code: str = Field(sa_type=CODE_POINTS)
