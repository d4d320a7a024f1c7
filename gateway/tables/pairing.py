"""Tables of assignments, suggested partners, alliances, visits, namings and questionnaires."""

from datetime import date, datetime
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import DateTime, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, ReadModelTable


class Assignment(ReadModelTable, table=True):
    """A cadre assigned to an entity or to an organisation (topic `pairing-assignment`)."""

    __tablename__ = "assignment"
    __table_args__ = (
        # The assignments of each cadre of a page.
        Index("assignment_cadre_id", "cadre_id"),
        # The assignments of each entity or organisation of a page.
        Index("assignment_target_id", "target_id"),
        # The list by first day, in either direction.
        Index("assignment_starts_on", "starts_on", "assignment_id"),
        # A subtree of the divisions, which every scoped caller asks for.
        Index("assignment_division_code", "division_code"),
    )

    assignment_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    cadre_id: UUID
    role: str = Field(sa_type=CODE_POINTS)
    target: str = Field(sa_type=CODE_POINTS)
    target_id: UUID
    uscc: str | None = Field(default=None, sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    starts_on: date
    ended_on: date | None = None
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Suggestion(ReadModelTable, table=True):
    """A partner suggested for an entity that must found an organisation (topic `pairing-suggestion`)."""

    __tablename__ = "suggestion"
    __table_args__ = (
        # The suggestion of each entity of a page.
        Index("suggestion_entity_id", "entity_id"),
        # The suggestions in which each organisation of a page is the partner.
        Index("suggestion_partner_organisation_id", "partner_organisation_id"),
        # The list by day, in either direction.
        Index("suggestion_effective_on", "effective_on", "suggestion_id"),
        # A subtree of the divisions, which every scoped caller asks for.
        Index("suggestion_division_code", "division_code"),
    )

    suggestion_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    entity_id: UUID
    uscc: str = Field(sa_type=CODE_POINTS)
    partner_organisation_id: UUID | None = None
    reasons: JsonValue = Field(sa_type=JSONB, nullable=False)
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Alliance(ReadModelTable, table=True):
    """An alliance 群众+企业+街道 (topic `pairing-alliance`). A district has some dozens: they are read whole."""

    __tablename__ = "alliance"

    alliance_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=CODE_POINTS)
    parties: JsonValue = Field(sa_type=JSONB, nullable=False)
    state: str = Field(sa_type=CODE_POINTS)
    formed_on: date
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Visit(ReadModelTable, table=True):
    """A visit of a cadre to an entity or an organisation (topic `pairing-visit`)."""

    __tablename__ = "visit"
    __table_args__ = (
        # The visits of each cadre of a page.
        Index("visit_cadre_id", "cadre_id"),
        # The visits to each entity or organisation of a page, and whether there is one.
        Index("visit_target_id", "target_id"),
        # The list by day, in either direction.
        Index("visit_visited_on", "visited_on", "visit_id"),
        # A subtree of the divisions, which every scoped caller asks for.
        Index("visit_division_code", "division_code"),
    )

    visit_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    cadre_id: UUID
    target: str = Field(sa_type=CODE_POINTS)
    target_id: UUID
    uscc: str | None = Field(default=None, sa_type=CODE_POINTS)
    purpose: str = Field(sa_type=CODE_POINTS)
    visited_on: date
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Naming(ReadModelTable, table=True):
    """What an entity is named as (topic `pairing-naming`)."""

    __tablename__ = "naming"
    __table_args__ = (
        # The namings of each entity of a page.
        Index("naming_entity_id", "entity_id"),
        # The list by day, in either direction.
        Index("naming_named_on", "named_on", "naming_id"),
        # A subtree of the divisions, which every scoped caller asks for.
        Index("naming_division_code", "division_code"),
    )

    naming_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=CODE_POINTS)
    entity_id: UUID
    uscc: str = Field(sa_type=CODE_POINTS)
    document: str | None = Field(default=None, sa_type=CODE_POINTS)
    named_on: date
    withdrawn_on: date | None = None
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class Questionnaire(ReadModelTable, table=True):
    """A questionnaire that an association handed out (topic `pairing-questionnaire`). Some dozens: read whole."""

    __tablename__ = "questionnaire"

    questionnaire_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    association_id: UUID
    subject: str = Field(sa_type=CODE_POINTS)
    handed_out: int
    handed_out_on: date
    returned: int | None = None
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
