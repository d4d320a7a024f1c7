"""Visits 走访 of cadres. Each is a fact of its own and is kept."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field

from contracts.events.base import DivisionCode, EventData, RecordedAt, Uscc, Version
from contracts.events.pairing.facts import BUREAU, DIVISION, EFFECTIVE, RECORDED, VERSION
from contracts.vocabulary import AssignmentTarget, Bureau, VisitPurpose, VisitState


class VisitRecorded(EventData):
    """Whole state of a visit of a cadre to an entity or to an organisation (the study, section 1)."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.visit.recorded.v1"
    topic: ClassVar[str] = "pairing-visit"
    meaning: ClassVar[str] = "A cadre visited an entity or an organisation, or the record of it was withdrawn."
    meaning_zh: ClassVar[str] = "干部走访市场主体或党组织"

    visit_id: Annotated[UUID, Field(description="Id of the visit.")]
    version: Annotated[Version, VERSION]
    cadre_id: Annotated[UUID, Field(description="The cadre.")]
    target: Annotated[AssignmentTarget, Field(description="What was visited.")]
    target_id: Annotated[UUID, Field(description="Id of the entity or the organisation.")]
    uscc: Annotated[Uscc | None, Field(description="The code of an entity.")] = None
    purpose: Annotated[VisitPurpose, Field(description="What for.")]
    visited_on: Annotated[date, Field(description="Day of the visit 走访日期, Asia/Shanghai.")]
    state: Annotated[VisitState, Field(description="WITHDRAWN where it was recorded by mistake.")]
    division_code: Annotated[DivisionCode, DIVISION]
    bureau: Annotated[Bureau, BUREAU]
    effective_on: Annotated[date, EFFECTIVE]
    recorded_at: Annotated[RecordedAt, RECORDED]

    @property
    def key(self) -> str:
        """Record key: the visit's id."""
        return str(self.visit_id)


EVENTS: Final[tuple[type[EventData], ...]] = (VisitRecorded,)
