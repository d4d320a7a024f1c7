"""Facts that pairing tells: cadres assigned, partners suggested, alliances formed."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, Explained, RecordedAt, Uscc, Version
from contracts.vocabulary import (
    AllianceSide,
    AllianceState,
    AssignmentRole,
    AssignmentState,
    AssignmentTarget,
    Bureau,
    SuggestionState,
)

_VERSION = Field(description="Counts its changes from 1; a higher one is newer.")
_DIVISION = Field(description="行政区划; 000000000000 while unassigned.")
_BUREAU = Field(description="The bureau line 条.")
_EFFECTIVE = Field(description="Day from which this state holds, Asia/Shanghai.")
_RECORDED = Field(description="Moment at which pairing recorded it, UTC.")


class RecordedAssignment(EventData):
    """Whole state of an assignment of a cadre to an entity or to an organisation."""

    topic: ClassVar[str] = "pairing-assignment"

    assignment_id: Annotated[UUID, Field(description="Id of the assignment.")]
    version: Annotated[Version, _VERSION]
    cadre_id: Annotated[UUID, Field(description="The cadre.")]
    role: Annotated[AssignmentRole, Field(description="指导员, 第一书记, 联系干部 or 专职党建工作者.")]
    target: Annotated[AssignmentTarget, Field(description="What they are assigned to.")]
    target_id: Annotated[UUID, Field(description="Id of the entity or the organisation.")]
    uscc: Annotated[Uscc | None, Field(description="The code of an entity.")] = None
    state: Annotated[AssignmentState, Field(description="ENDED from `ended_on` on.")]
    starts_on: Annotated[date, Field(description="First day, Asia/Shanghai.")]
    ended_on: Annotated[date | None, Field(description="Day from which it holds no more, where known.")] = None
    division_code: Annotated[DivisionCode, _DIVISION]
    bureau: Annotated[Bureau, _BUREAU]
    effective_on: Annotated[date, _EFFECTIVE]
    recorded_at: Annotated[RecordedAt, _RECORDED]

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


class RecordedSuggestion(EventData):
    """Whole state of a suggested partner for an entity that must found an organisation."""

    topic: ClassVar[str] = "pairing-suggestion"

    suggestion_id: Annotated[UUID, Field(description="Id of the suggestion.")]
    version: Annotated[Version, _VERSION]
    entity_id: Annotated[UUID, Field(description="The entity that must found an organisation.")]
    uscc: Annotated[Uscc, Field(description="The entity's code.")]
    partner_organisation_id: Annotated[
        UUID | None, Field(description="The organisation that should help; none while there is no fit one.")
    ] = None
    reasons: Annotated[tuple[Explained, ...], Field(description="Why this one, or why none.")]
    state: Annotated[SuggestionState, Field(description="SETTLED once the entity need not found one any more.")]
    division_code: Annotated[DivisionCode, _DIVISION]
    bureau: Annotated[Bureau, _BUREAU]
    effective_on: Annotated[date, _EFFECTIVE]
    recorded_at: Annotated[RecordedAt, _RECORDED]

    @property
    def key(self) -> str:
        """Record key: the suggestion's id."""
        return str(self.suggestion_id)


class SuggestionMade(RecordedSuggestion):
    """A partner was suggested, or another one."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.suggestion.made.v1"
    meaning: ClassVar[str] = "A partner was suggested, with reasons, for an entity that must found an organisation."
    meaning_zh: ClassVar[str] = "为应建未建主体推荐结对组织"


class SuggestionSettled(RecordedSuggestion):
    """A suggestion is settled."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.suggestion.settled.v1"
    meaning: ClassVar[str] = "The entity need not found an organisation any more; the suggestion is settled."
    meaning_zh: ClassVar[str] = "结对推荐了结"


class AllianceParty(EventData):
    """One party of an alliance, on one of its sides; exactly one of its four ids is there."""

    side: Annotated[AllianceSide, Field(description="群众, 企业 or 街道.")]
    entity_id: Annotated[UUID | None, Field(description="An entity, on the enterprises' side.")] = None
    organisation_id: Annotated[UUID | None, Field(description="A Party organisation.")] = None
    association_id: Annotated[UUID | None, Field(description="An association, on the masses' side.")] = None
    division_code: Annotated[DivisionCode | None, Field(description="A subdistrict, on its own side.")] = None


class RecordedAlliance(EventData):
    """Whole state of an alliance of 群众+企业+街道 (domain rule 11): at least one party on each side."""

    topic: ClassVar[str] = "pairing-alliance"

    alliance_id: Annotated[UUID, Field(description="Id of the alliance.")]
    version: Annotated[Version, _VERSION]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200), Field(description="名称.")]
    parties: Annotated[tuple[AllianceParty, ...], Field(min_length=3, max_length=500, description="Who takes part.")]
    state: Annotated[AllianceState, Field(description="DISSOLVED once it is no more.")]
    formed_on: Annotated[date, Field(description="成立日期.")]
    division_code: Annotated[DivisionCode, _DIVISION]
    bureau: Annotated[Bureau, _BUREAU]
    effective_on: Annotated[date, _EFFECTIVE]
    recorded_at: Annotated[RecordedAt, _RECORDED]

    @property
    def key(self) -> str:
        """Record key: the alliance's id."""
        return str(self.alliance_id)


class AllianceFormed(RecordedAlliance):
    """An alliance was formed."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.alliance.formed.v1"
    meaning: ClassVar[str] = "An alliance of masses, enterprises and subdistrict was formed."
    meaning_zh: ClassVar[str] = "“群众+企业+街道”党建联合体成立"


class AllianceDissolved(RecordedAlliance):
    """An alliance was dissolved."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.alliance.dissolved.v1"
    meaning: ClassVar[str] = "An alliance was dissolved; its record stays."
    meaning_zh: ClassVar[str] = "党建联合体解散"


EVENTS: Final[tuple[type[EventData], ...]] = (
    AssignmentMade,
    AssignmentEnded,
    SuggestionMade,
    SuggestionSettled,
    AllianceFormed,
    AllianceDissolved,
)
