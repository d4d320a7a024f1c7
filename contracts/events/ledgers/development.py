"""Development of members 发展党员 and its quota 名额. The development is restricted: sensitive personal information."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Version
from contracts.events.processes import ProcessMoved
from contracts.vocabulary import Bureau
from contracts.vocabulary.development import DevelopmentAction, DevelopmentState

STEPS = 25
"""Steps of the regulation (`contracts.processes.development`)."""
LATEST_YEAR = 2199
EARLIEST_YEAR = 1921

Year = Annotated[int, Field(ge=EARLIEST_YEAR, le=LATEST_YEAR)]


class DoneStep(EventData):
    """One of the twenty-five steps that was done."""

    number: Annotated[int, Field(ge=1, le=STEPS, description="Number of the step, from 1.")]
    done_on: Annotated[date, Field(description="Day on which it was done, Asia/Shanghai.")]


class DevelopmentMoved(ProcessMoved):
    """Whole state of a development. The person is a member, by the same id, from PROBATIONARY on."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.development.moved.v1"
    topic: ClassVar[str] = "ledgers-development"
    meaning: ClassVar[str] = "The development of a person towards membership began, or went a step further."
    meaning_zh: ClassVar[str] = "发展党员工作进展"

    person_id: Annotated[UUID, Field(description="The person; a member's id once they are one.")]
    masked_name: Annotated[
        str | None,
        StringConstraints(pattern=r"^.\*{1,3}$"),
        Field(description="The first character of the name and stars: 王*; absent once their data are erased."),
    ] = None
    organisation_id: Annotated[UUID, Field(description="培养党组织.")]
    workplace_entity_id: Annotated[UUID | None, Field(description="从业主体, as stated.")] = None
    done_steps: Annotated[
        tuple[DoneStep, ...], Field(max_length=STEPS, description="Steps of the regulation that are done, by number.")
    ]
    quota_year: Annotated[Year | None, Field(description="Year whose place 名额 was taken; absent before.")] = None
    prolonged_by_months: Annotated[
        int | None, Field(ge=1, le=24, description="By how much probation was prolonged 延长预备期.")
    ] = None
    next_from: Annotated[
        date | None, Field(description="First day on which the next stage may be decided, where a rule says so.")
    ] = None
    state: Annotated[DevelopmentState, Field(description="How far the person came.")]
    action: Annotated[DevelopmentAction, Field(description="The step.")]


class QuotaRecorded(EventData):
    """Whole state of the quota of an organisation for a year."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.quota.recorded.v1"
    topic: ClassVar[str] = "ledgers-quota"
    meaning: ClassVar[str] = "The quota of an organisation for a year was set or changed, or a place of it was taken."
    meaning_zh: ClassVar[str] = "党组织年度发展党员名额核定、调整或使用"

    quota_id: Annotated[UUID, Field(description="Id of the quota.")]
    version: Annotated[Version, Field(description="Counts its changes from 1.")]
    organisation_id: Annotated[UUID, Field(description="The organisation.")]
    year: Annotated[Year, Field(description="The year.")]
    places: Annotated[int, Field(ge=0, description="Probationary members who may be admitted 名额.")]
    taken: Annotated[int, Field(ge=0, description="Those who were 已使用; never more.")]
    division_code: Annotated[DivisionCode, Field(description="行政区划 of the organisation.")]
    bureau: Annotated[Bureau, Field(description="The line 条.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which the ledgers recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the id of the quota."""
        return str(self.quota_id)


EVENTS: Final[tuple[type[EventData], ...]] = (DevelopmentMoved, QuotaRecorded)
