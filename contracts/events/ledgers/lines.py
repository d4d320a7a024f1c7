"""Who does the work: divisions (the line 块), bureaus and associations (条), cadres, and who may act for what.

All services keep a copy of these. Nothing here names a person: a cadre is an id and a unit.
"""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Version
from contracts.vocabulary import (
    Bureau,
    BureauKind,
    CadreState,
    CallerRole,
    DivisionLevel,
    MandateState,
    UnitState,
)

UnitName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_DIVISION = Field(description="行政区划 that it works in.")
_EFFECTIVE = Field(description="Day from which this state holds, Asia/Shanghai.")
_RECORDED = Field(description="Moment at which the ledgers recorded it, UTC.")
_VERSION = Field(description="Counts its changes from 1; a higher one is newer.")


class DivisionRecorded(EventData):
    """Whole state of a division 行政区划."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.division.recorded.v1"
    topic: ClassVar[str] = "ledgers-division"
    meaning: ClassVar[str] = "A division was made, renamed or abolished."
    meaning_zh: ClassVar[str] = "行政区划设立、更名或撤销"

    division_code: Annotated[DivisionCode, Field(description="12 digits; names it everywhere.")]
    version: Annotated[Version, _VERSION]
    name: Annotated[UnitName, Field(description="名称.")]
    level: Annotated[DivisionLevel, Field(description="District, township or grid.")]
    parent_code: Annotated[
        DivisionCode | None, Field(description="The division above it; a district has none here.")
    ] = None
    state: Annotated[UnitState, Field(description="CLOSED once it was abolished.")]
    effective_on: Annotated[date, _EFFECTIVE]
    recorded_at: Annotated[RecordedAt, _RECORDED]

    @property
    def key(self) -> str:
        """Record key: the division's code."""
        return self.division_code


class BureauRecorded(EventData):
    """Whole state of a bureau 部门, or of a station of one."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.bureau.recorded.v1"
    topic: ClassVar[str] = "ledgers-bureau"
    meaning: ClassVar[str] = "A bureau or a station of one was set up, changed or closed."
    meaning_zh: ClassVar[str] = "部门或市场监管所设立、变更或撤销"

    bureau_id: Annotated[UUID, Field(description="Id of the bureau.")]
    version: Annotated[Version, _VERSION]
    name: Annotated[UnitName, Field(description="名称.")]
    kind: Annotated[BureauKind, Field(description="A bureau, or a station of one.")]
    parent_id: Annotated[UUID | None, Field(description="The bureau that a station belongs to.")] = None
    bureau: Annotated[Bureau, Field(description="The line 条 that it belongs to.")]
    division_code: Annotated[DivisionCode, _DIVISION]
    state: Annotated[UnitState, Field(description="CLOSED once it is no more.")]
    effective_on: Annotated[date, _EFFECTIVE]
    recorded_at: Annotated[RecordedAt, _RECORDED]

    @property
    def key(self) -> str:
        """Record key: the bureau's id."""
        return str(self.bureau_id)


class AssociationRecorded(EventData):
    """Whole state of an association 协会, or of a sub-association 分会."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.association.recorded.v1"
    topic: ClassVar[str] = "ledgers-association"
    meaning: ClassVar[str] = "An association or a sub-association was set up, changed or closed."
    meaning_zh: ClassVar[str] = "协会或分会成立、变更或撤销"

    association_id: Annotated[UUID, Field(description="Id of the association.")]
    version: Annotated[Version, _VERSION]
    name: Annotated[UnitName, Field(description="名称.")]
    parent_id: Annotated[UUID | None, Field(description="The association that a sub-association belongs to.")] = None
    bureau: Annotated[Bureau, Field(description="The line 条 beside which it stands.")]
    division_code: Annotated[DivisionCode, _DIVISION]
    state: Annotated[UnitState, Field(description="CLOSED once it is no more.")]
    effective_on: Annotated[date, _EFFECTIVE]
    recorded_at: Annotated[RecordedAt, _RECORDED]

    @property
    def key(self) -> str:
        """Record key: the association's id."""
        return str(self.association_id)


class CadreRecorded(EventData):
    """Whole state of a cadre 干部: who they are stays in the ledgers."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.cadre.recorded.v1"
    topic: ClassVar[str] = "ledgers-cadre"
    meaning: ClassVar[str] = "A cadre took up, changed or left their work."
    meaning_zh: ClassVar[str] = "干部到岗、调整或离任"

    cadre_id: Annotated[UUID, Field(description="Id of the cadre.")]
    version: Annotated[Version, _VERSION]
    bureau_id: Annotated[UUID | None, Field(description="The bureau or station that they work at.")] = None
    association_id: Annotated[UUID | None, Field(description="The association that they work at.")] = None
    bureau: Annotated[Bureau, Field(description="The line 条 of their unit.")]
    division_code: Annotated[DivisionCode, _DIVISION]
    state: Annotated[CadreState, Field(description="LEFT once they work there no more.")]
    effective_on: Annotated[date, _EFFECTIVE]
    recorded_at: Annotated[RecordedAt, _RECORDED]

    @property
    def key(self) -> str:
        """Record key: the cadre's id."""
        return str(self.cadre_id)


class MandateRecorded(EventData):
    """Whole state of a mandate 授权: who may act as what, where, until when."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.mandate.recorded.v1"
    topic: ClassVar[str] = "ledgers-mandate"
    meaning: ClassVar[str] = "Somebody was given a mandate, or it was revoked."
    meaning_zh: ClassVar[str] = "授权设立或撤销"

    mandate_id: Annotated[UUID, Field(description="Id of the mandate.")]
    version: Annotated[Version, _VERSION]
    subject: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200),
        Field(description="Claim `sub` of the token: the account that may act. No name of a person."),
    ]
    cadre_id: Annotated[UUID | None, Field(description="The cadre whose account it is, where it is one's.")] = None
    role: Annotated[CallerRole, Field(description="What they may act as.")]
    bureau: Annotated[Bureau | None, Field(description="Only in this line 条, where one is given.")] = None
    division_code: Annotated[DivisionCode, Field(description="In this division and all under it.")]
    valid_from: Annotated[date, Field(description="First day, Asia/Shanghai.")]
    valid_until: Annotated[date | None, Field(description="Last day, included; without one until revoked.")] = None
    state: Annotated[MandateState, Field(description="REVOKED from `effective_on` on.")]
    effective_on: Annotated[date, _EFFECTIVE]
    recorded_at: Annotated[RecordedAt, _RECORDED]

    @property
    def key(self) -> str:
        """Record key: the mandate's id."""
        return str(self.mandate_id)


EVENTS: Final[tuple[type[EventData], ...]] = (
    DivisionRecorded,
    BureauRecorded,
    AssociationRecorded,
    CadreRecorded,
    MandateRecorded,
)
