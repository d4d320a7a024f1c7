"""Organisational life 组织生活: gatherings, the rules on what is owed, and the yearly plan of training (domain rule 6).

Nobody is named: a gathering has numbers. What its agenda says, and for whom it was recorded, stays sealed at the owner.
"""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Version
from contracts.events.processes import MOST_EVIDENCE
from contracts.vocabulary import (
    Audience,
    Bureau,
    GatheringKind,
    GatheringPlace,
    GatheringState,
    GatheringTopic,
    LifeDuty,
    LifePeriod,
    OrganisationForm,
)

MOST_PRESENT = 100_000
"""Persons at one gathering at the most; a slip of the finger is more."""
MOST_TIMES = 366
"""How often a duty is owed in a period at the most."""

_RECORDED = Field(description="Moment at which the ledgers recorded it, UTC.")
_Source = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class RecordedGathering(EventData):
    """Whole state of a gathering."""

    topic: ClassVar[str] = "ledgers-gathering"

    gathering_id: Annotated[UUID, Field(description="Id of the gathering.")]
    version: Annotated[Version, Field(description="Counts its corrections from 1; a higher one is newer.")]
    organisation_id: Annotated[UUID, Field(description="The organisation that held it.")]
    kind: Annotated[GatheringKind, Field(description="What it was 类别.")]
    audience: Annotated[Audience | None, Field(description="For whom it was 参加对象; a training says it.")] = None
    held_on: Annotated[date, Field(description="Day on which it was held, Asia/Shanghai.")]
    place: Annotated[GatheringPlace, Field(description="Kind of place 地点类型.")]
    topics: Annotated[
        tuple[GatheringTopic, ...], Field(max_length=len(GatheringTopic), description="What it was about 议题类别.")
    ]
    expected: Annotated[int, Field(ge=0, le=MOST_PRESENT, description="How many were to come 应到人数.")]
    present: Annotated[int, Field(ge=0, le=MOST_PRESENT, description="How many came 实到人数.")]
    term_until: Annotated[
        date | None, Field(description="Last day of the term that begins with it 任期截止; of elections alone.")
    ] = None
    postponed_until: Annotated[
        date | None, Field(description="Last day up to which its superior let the next one be late 延期换届至.")
    ] = None
    evidence_ids: Annotated[
        tuple[UUID, ...],
        Field(max_length=MOST_EVIDENCE, description="Ids of the files it carries 佐证材料; the owner gives them out."),
    ]
    state: Annotated[GatheringState, Field(description="WITHDRAWN once it counts no more.")]
    division_code: Annotated[DivisionCode, Field(description="行政区划 of the organisation when it was recorded.")]
    bureau: Annotated[Bureau, Field(description="The line 条 of the same.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, _RECORDED]

    @property
    def key(self) -> str:
        """Record key: the id of the gathering."""
        return str(self.gathering_id)


class GatheringRecorded(RecordedGathering):
    """A gathering was recorded."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.gathering.recorded.v1"
    meaning: ClassVar[str] = "An organisation held a meeting, a lecture, a training or an election."
    meaning_zh: ClassVar[str] = "组织生活开展情况入账"


class GatheringCorrected(RecordedGathering):
    """The record of a gathering was corrected."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.gathering.corrected.v1"
    meaning: ClassVar[str] = "The record of a gathering was corrected."
    meaning_zh: ClassVar[str] = "组织生活记录更正"


class GatheringWithdrawn(RecordedGathering):
    """The record of a gathering was withdrawn."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.gathering.withdrawn.v1"
    meaning: ClassVar[str] = "The record of a gathering was withdrawn: it counts no more."
    meaning_zh: ClassVar[str] = "组织生活记录撤回"


class LifeRulePublished(EventData):
    """Whole state of an edition of a rule. Of the editions on a duty, the one valid from the latest day holds."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.life-rule.published.v1"
    topic: ClassVar[str] = "ledgers-life-rule"
    meaning: ClassVar[str] = "The district published how often something of organisational life is owed."
    meaning_zh: ClassVar[str] = "组织生活规则发布"

    rule_id: Annotated[UUID, Field(description="Id of the edition; one a duty and first day.")]
    version: Annotated[Version, Field(description="Counts its corrections from 1.")]
    duty: Annotated[LifeDuty, Field(description="What is owed 事项.")]
    forms: Annotated[
        tuple[OrganisationForm, ...],
        Field(max_length=len(OrganisationForm), description="Forms of organisations that owe it; none: nobody does."),
    ]
    period: Annotated[LifePeriod, Field(description="How often 周期.")]
    times: Annotated[int, Field(ge=1, le=MOST_TIMES, description="How often in a period 次数.")]
    committee_from: Annotated[
        int | None,
        Field(ge=1, le=1000, description="Only who has a committee 支委会 owes it: said, or so many full members."),
    ] = None
    term_years: Annotated[int | None, Field(ge=1, le=10, description="Of elections: years of a term 任期.")] = None
    shift_months: Annotated[
        int | None, Field(ge=0, le=60, description="Of elections: months that one may come early or late 提前或延期.")
    ] = None
    source: Annotated[_Source, Field(description="What it rests on, in English.")]
    source_zh: Annotated[_Source, Field(description="依据.")]
    valid_from: Annotated[date, Field(description="First day, Asia/Shanghai.")]
    valid_until: Annotated[date | None, Field(description="Last day, included; absent until the next edition.")] = None
    recorded_at: Annotated[RecordedAt, _RECORDED]

    @property
    def key(self) -> str:
        """Record key: the id of the edition."""
        return str(self.rule_id)


class TrainingPlanRecorded(EventData):
    """Whole state of a district's plan of a year for the training of secretaries."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.training-plan.recorded.v1"
    topic: ClassVar[str] = "ledgers-training-plan"
    meaning: ClassVar[str] = "A district planned how often secretaries are trained in a year, or changed it."
    meaning_zh: ClassVar[str] = "党组织书记年度培训计划入账"

    plan_id: Annotated[UUID, Field(description="Id of the plan; one a district and year.")]
    version: Annotated[Version, Field(description="Counts its changes from 1.")]
    division_code: Annotated[DivisionCode, Field(description="The district 区县 whose plan it is.")]
    year: Annotated[int, Field(ge=2000, le=2999, description="年度.")]
    sessions: Annotated[int, Field(ge=0, le=MOST_TIMES, description="How often in the year 次数.")]
    recorded_at: Annotated[RecordedAt, _RECORDED]

    @property
    def key(self) -> str:
        """Record key: the id of the plan."""
        return str(self.plan_id)


EVENTS: Final[tuple[type[EventData], ...]] = (
    GatheringRecorded,
    GatheringCorrected,
    GatheringWithdrawn,
    LifeRulePublished,
    TrainingPlanRecorded,
)
