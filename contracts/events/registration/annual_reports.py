"""Annual reports 年报 of entities, and what in them differs from the ledgers (domain rule 7)."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Version
from contracts.events.processes import ProcessMoved
from contracts.events.registration.forms import Count
from contracts.vocabulary import Bureau
from contracts.vocabulary.annual_reports import (
    AnnualReportState,
    DiscrepancyAction,
    DiscrepancyField,
    DiscrepancyState,
)

Year = Annotated[int, Field(ge=2000, le=9998)]
"""A calendar year, Asia/Shanghai."""


class AnnualReportRecorded(EventData):
    """Whole state of an annual report. An entity has one a year; filed again, it is corrected."""

    event_type: ClassVar[str] = "cn.lianhe.registration.annual-report.recorded.v1"
    topic: ClassVar[str] = "registration-annual-report"
    meaning: ClassVar[str] = "An entity's annual report was filed, or corrected."
    meaning_zh: ClassVar[str] = "市场主体年报报送或更正"

    report_id: Annotated[UUID, Field(description="Id of the report.")]
    version: Annotated[Version, Field(description="Counts its changes from 1.")]
    entity_id: Annotated[UUID, Field(description="The entity.")]
    year: Annotated[Year, Field(description="The year that is reported on 报告年度.")]
    state: Annotated[AnnualReportState, Field(description="CORRECTED once it was filed again.")]
    filed_on: Annotated[date, Field(description="Day on which it was filed at first, Asia/Shanghai 报送日期.")]
    due_on: Annotated[date, Field(description="Last day on which it was in time, Asia/Shanghai 截止日期.")]
    late: Annotated[bool, Field(description="Whether it was filed after that day 是否逾期.")]
    edition: Annotated[
        str, StringConstraints(pattern=r"^[0-9a-z-]{1,40}$"), Field(description="The edition of the questions 版本.")
    ]
    employees: Annotated[Count | None, Field(description="从业人数.")] = None
    full_members: Annotated[Count | None, Field(description="正式党员人数.")] = None
    probationary_members: Annotated[Count | None, Field(description="预备党员人数.")] = None
    has_organisation: Annotated[
        bool | None, Field(description="Whether it has a Party organisation 是否建立党组织.")
    ] = None
    has_secretary: Annotated[bool | None, Field(description="Whether that has a secretary 是否有党组织书记.")] = None
    wishes_guidance: Annotated[bool | None, Field(description="Whether it wishes guidance 是否需要党建指导.")] = None
    division_code: Annotated[DivisionCode, Field(description="行政区划; 000000000000 while unassigned.")]
    bureau: Annotated[Bureau, Field(description="The bureau line 条.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which registration recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the report's id."""
        return str(self.report_id)


class DiscrepancyMoved(ProcessMoved):
    """Whole state of a discrepancy. What was stated and what was known are of the last filing, or of its correction.

    For ORGANISATION they are yes or no, for all other fields numbers of persons.
    """

    event_type: ClassVar[str] = "cn.lianhe.registration.discrepancy.moved.v1"
    topic: ClassVar[str] = "registration-discrepancy"
    meaning: ClassVar[str] = "An annual report and the ledgers differ, or that was explained, corrected or closed."
    meaning_zh: ClassVar[str] = "年报与台账差异的发现、说明、更正与办结"

    entity_id: Annotated[UUID, Field(description="The entity.")]
    report_id: Annotated[UUID, Field(description="The annual report.")]
    year: Annotated[Year, Field(description="The year that it reports on 报告年度.")]
    field: Annotated[DiscrepancyField, Field(description="What differs.")]
    stated_count: Annotated[Count | None, Field(description="Persons, as the report states 年报人数.")] = None
    known_count: Annotated[Count | None, Field(description="Persons, as the ledgers know 台账人数.")] = None
    stated_organisation: Annotated[
        bool | None, Field(description="Whether there is an organisation, as the report states 年报是否建立党组织.")
    ] = None
    known_organisation: Annotated[
        bool | None, Field(description="Whether one covers it, as the ledgers know 台账是否有党组织覆盖.")
    ] = None
    state: Annotated[DiscrepancyState, Field(description="State after the step.")]
    action: Annotated[DiscrepancyAction, Field(description="The step.")]


EVENTS: Final[tuple[type[EventData], ...]] = (AnnualReportRecorded, DiscrepancyMoved)
