"""Cadres assigned 选派."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field

from contracts.events.base import DivisionCode, EventData, RecordedAt, Uscc, Version
from contracts.events.pairing.facts import BUREAU, DIVISION, EFFECTIVE, RECORDED, VERSION
from contracts.vocabulary import AssignmentRole, AssignmentState, AssignmentTarget, Bureau


class RecordedAssignment(EventData):
    """Whole state of an assignment of a cadre to an entity or to an organisation."""

    topic: ClassVar[str] = "pairing-assignment"

    assignment_id: Annotated[UUID, Field(description="Id of the assignment.")]
    version: Annotated[Version, VERSION]
    cadre_id: Annotated[UUID, Field(description="The cadre.")]
    role: Annotated[AssignmentRole, Field(description="指导员, 第一书记, 联系干部 or 专职党建工作者.")]
    target: Annotated[AssignmentTarget, Field(description="What they are assigned to.")]
    target_id: Annotated[UUID, Field(description="Id of the entity or the organisation.")]
    uscc: Annotated[Uscc | None, Field(description="The code of an entity.")] = None
    state: Annotated[AssignmentState, Field(description="ENDED from `ended_on` on.")]
    starts_on: Annotated[date, Field(description="First day, Asia/Shanghai.")]
    ended_on: Annotated[date | None, Field(description="Day from which it holds no more, where known.")] = None
    division_code: Annotated[DivisionCode, DIVISION]
    bureau: Annotated[Bureau, BUREAU]
    effective_on: Annotated[date, EFFECTIVE]
    recorded_at: Annotated[RecordedAt, RECORDED]

    @property
    def key(self) -> str:
        """Record key: the assignment's id."""
        return str(self.assignment_id)


class AssignmentMade(RecordedAssignment):
    """A cadre was assigned."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.assignment.made.v1"
    meaning: ClassVar[str] = "A cadre was assigned to an entity or to an organisation."
    meaning_zh: ClassVar[str] = "选派联系干部、指导员或第一书记"


class AssignmentEnded(RecordedAssignment):
    """An assignment ended."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.assignment.ended.v1"
    meaning: ClassVar[str] = "The assignment of a cadre ended."
    meaning_zh: ClassVar[str] = "选派结束"


EVENTS: Final[tuple[type[EventData], ...]] = (AssignmentMade, AssignmentEnded)
