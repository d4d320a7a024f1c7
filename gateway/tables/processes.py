"""Tables of processes 流程: what all have, and one table a kind."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import DateTime, Index
from sqlalchemy.dialects.postgresql import JSONB
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


class Floating(ProcessTable, table=True):
    """A member's being out 流动党员 (topic `ledgers-floating`). Restricted; both ends see it."""

    __tablename__ = "floating"
    __table_args__ = (
        # The floatings of a member.
        Index("floating_member_id", "member_id"),
        # Those of each end, latest first.
        Index("floating_out_since", "out_since", "process_id"),
    )
    access: ClassVar[Access] = Access(divisions=("division_code", "to_division_code"), bureaus=False, members=True)

    member_id: UUID
    organisation_id: UUID
    to_organisation_id: UUID | None = None
    to_division_code: str = Field(sa_type=CODE_POINTS)
    out_since: date
    reason: str = Field(sa_type=CODE_POINTS)


class Development(ProcessTable, table=True):
    """A development 发展党员 of a person towards membership (topic `ledgers-development`). Restricted."""

    __tablename__ = "development"
    __table_args__ = (
        # The development of a member, by the id that they had before.
        Index("development_person_id", "person_id"),
        # Those of an organisation.
        Index("development_organisation_id", "organisation_id"),
        # Latest first.
        Index("development_effective_on", "effective_on", "process_id"),
    )
    access: ClassVar[Access] = Access(members=True)

    person_id: UUID
    masked_name: str | None = Field(default=None, sa_type=CODE_POINTS)
    organisation_id: UUID
    workplace_entity_id: UUID | None = None
    done_steps: JsonValue = Field(sa_type=JSONB, nullable=False)
    quota_year: int | None = None
    prolonged_by_months: int | None = None
    next_from: date | None = None


class Reorganisation(ProcessTable, table=True):
    """A reorganisation 党组织设置调整 (topic `ledgers-reorganisation`), without the members whom it names one by one.

    So whoever sees the organisation sees it: a township approves for what is below it.
    """

    __tablename__ = "reorganisation"
    __table_args__ = (
        # Those of an organisation, and those that lead to one.
        Index("reorganisation_organisation_id", "organisation_id"),
        Index("reorganisation_target_id", "target_id"),
        # The list, latest first.
        Index("reorganisation_effective_on", "effective_on", "process_id"),
    )
    access: ClassVar[Access] = Access(divisions=("division_code", "superior_division_code"), bureaus=False)

    kind: str = Field(sa_type=CODE_POINTS)
    organisation_id: UUID
    target_id: UUID | None = None
    name: str | None = Field(default=None, sa_type=CODE_POINTS)
    form: str | None = Field(default=None, sa_type=CODE_POINTS)
    mode: str | None = Field(default=None, sa_type=CODE_POINTS)
    successor_id: UUID | None = None
    superior_division_code: str = Field(sa_type=CODE_POINTS)


class PartyBuildingForm(ProcessTable, table=True):
    """A Party-building form 党建信息采集表 of an entity (topic `registration-form`)."""

    __tablename__ = "party_building_form"
    __table_args__ = (
        # The forms of an entity.
        Index("party_building_form_entity_id", "entity_id"),
        # Those that are to be answered, by the day on which they are due, and all, latest first.
        Index("party_building_form_due_at", "state", "due_at"),
        Index("party_building_form_effective_on", "effective_on", "process_id"),
    )

    entity_id: UUID
    occasion: str = Field(sa_type=CODE_POINTS)
    edition: str = Field(sa_type=CODE_POINTS)
    asked_on: date
    employees: int | None = Field(default=None, sa_type=BigInteger)
    full_members: int | None = Field(default=None, sa_type=BigInteger)
    probationary_members: int | None = Field(default=None, sa_type=BigInteger)
    has_organisation: bool | None = None
    has_secretary: bool | None = None
    wishes_guidance: bool | None = None


class CreditCommitment(ProcessTable, table=True):
    """A credit commitment 信用承诺 of an entity (topic `registration-commitment`)."""

    __tablename__ = "credit_commitment"
    __table_args__ = (
        # The commitments of an entity.
        Index("credit_commitment_entity_id", "entity_id"),
        # Those under way, by the day on which they are due, and all, latest first.
        Index("credit_commitment_due_at", "state", "due_at"),
        Index("credit_commitment_effective_on", "effective_on", "process_id"),
    )

    entity_id: UUID
    kind: str = Field(sa_type=CODE_POINTS)
    promised_until: date


class HouseholdApplication(ProcessTable, table=True):
    """An application to register a household online 网上登记 (topic `registration-application`)."""

    __tablename__ = "household_application"
    __table_args__ = (
        # The application that an entity came of.
        Index("household_application_entity_id", "entity_id"),
        # Those under way, by the day on which they are due, and all, latest first.
        Index("household_application_due_at", "state", "due_at"),
        Index("household_application_effective_on", "effective_on", "process_id"),
    )

    entity_id: UUID | None = None
    uscc: str | None = Field(default=None, sa_type=CODE_POINTS)
