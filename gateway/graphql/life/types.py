"""Gatherings, plans of training, rules, and what is owed, declared on where they come from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import strawberry
from sqlalchemy import ColumnElement, Date, select

from contracts.vocabulary import (
    Audience,
    Bureau,
    GatheringKind,
    GatheringPlace,
    GatheringState,
    GatheringTopic,
    LifeDuty,
    LifePeriod,
    LifeState,
    OrganisationForm,
)
from gateway import tables
from gateway.graphql.compilation import Field
from gateway.graphql.inputs import Input
from gateway.graphql.json_sql import json_list
from gateway.graphql.life.editions import editions
from gateway.graphql.life.owed import owed
from gateway.graphql.references import LazyOrganisation
from gateway.graphql.rows import Row, joined
from gateway.graphql.sources import Argument, column, declared, to_one
from kit.clock import SystemClock, today

_OWED_COST: Final = 20
_EDITIONS_COST: Final = 20
"""Rows that one such list counts for in the cost of a request, about."""
_CLOCK: Final = SystemClock()

ON: Final = Argument("on", date | None, "The day, Asia/Shanghai; today where not given 日期，默认今日", None)


def on_day(field: Field, arguments: Input) -> ColumnElement[date]:
    """Return the day that is asked about."""
    given = arguments.get("on")
    if given is None:
        return field.compilation.bind(Date(), lambda _: today(_CLOCK))
    return given.bind(Date(), lambda value: value)


@strawberry.type(description="A gathering of an organisation; numbers, no names 组织生活（仅人数，无姓名）")
class Gathering:
    """A gathering of an organisation."""

    id: strawberry.ID = column("gathering_id", "Id of the gathering 组织生活编号")
    version: int = column("version", "Counts its corrections from 1 版本")
    kind: GatheringKind = column("kind", "What it was 类别")
    audience: Audience | None = column("audience", "For whom it was; a training says it 参加对象")
    held_on: date = column("held_on", "Day on which it was held, Asia/Shanghai 开展日期")
    place: GatheringPlace = column("place", "Kind of place 地点类型")
    topics: list[GatheringTopic] = column("topics", "What it was about 议题类别")
    expected: int = column("expected", "How many were to come 应到人数")
    present: int = column("present", "How many came 实到人数")
    term_until: date | None = column("term_until", "Of elections: last day of the term 任期截止")
    postponed_until: date | None = column(
        "postponed_until", "Of elections: to when the superior lets the next one be late 延期换届至"
    )
    state: GatheringState = column("state", "WITHDRAWN once it counts no more 状态")
    division_code: str = column("division_code", "Division of the organisation when it was recorded 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line of the same 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 记录时间")
    organisation: LazyOrganisation | None = to_one(
        tables.Organisation,
        joined("organisation_id", "organisation_id"),
        "The organisation that held it, where in the caller's divisions 党组织",
    )


@strawberry.type(description="A district's plan of a year for the training of secretaries 党组织书记年度培训计划")
class TrainingPlan:
    """A district's plan of a year for the training of secretaries."""

    id: strawberry.ID = column("plan_id", "Id of the plan 计划编号")
    version: int = column("version", "Counts its changes from 1 版本")
    division_code: str = column("division_code", "The district whose plan it is 行政区划代码")
    year: int = column("year", "Year 年度")
    sessions: int = column("sessions", "How often in the year 次数")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 记录时间")


@strawberry.type(description="An edition of the rule on a duty 组织生活规则")
class LifeRule:
    """An edition of the rule on a duty; of those on one, the newest that is valid holds."""

    duty: LifeDuty = column("duty", "What is owed 事项")
    forms: list[OrganisationForm] = column("forms", "Forms of organisations that owe it 适用组织形式")
    period: LifePeriod = column("period", "How often 周期")
    times: int = column("times", "How often in a period 次数")
    committee_from: int | None = column(
        "committee_from", "Only who has a committee owes it: said, or so many full members 设支委会的正式党员人数"
    )
    term_years: int | None = column("term_years", "Of elections: years of a term 任期年数")
    shift_months: int | None = column(
        "shift_months", "Of elections: months that one may come early or late 可提前或延期的月数"
    )
    source: str = column("source", "What it rests on, in English 依据（英文）")
    source_zh: str = column("source_zh", "What it rests on 依据")
    valid_from: date = column("valid_from", "First day, Asia/Shanghai 生效日期")
    valid_until: date | None = column("valid_until", "Last day; without one until the next edition 失效日期")
    published: bool = column("published", "Whether the district published it; else it is a default 是否由本区发布")


@strawberry.type(description="A duty of a period, as it stands on the day 应开展事项")
class Owed:
    """A duty of a period, as it stands on the day."""

    duty: LifeDuty = column("duty", "What is owed 事项")
    first: date = column("first", "First day of the period; of a term the election 周期首日")
    last: date = column("last", "Last day of it; of a term the day until which it runs 周期末日")
    required: int = column("required", "How often it is owed 应开展次数")
    held: int = column("held", "How often it was held up to the day 已开展次数")
    state: LifeState = column("state", "State 状态")


@dataclass(frozen=True, slots=True)
class _Owed:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        items = owed(field.compilation, row, on_day(field, field.arguments()))
        field.costs(lambda _: _OWED_COST)
        item = field.object(Row(items.c), within=lambda _: _OWED_COST)
        listed = json_list(item, order_by=[items.c.place, items.c.first])
        return select(listed).select_from(items).correlate_except(items).scalar_subquery()


@dataclass(frozen=True, slots=True)
class _Editions:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del row
        every = editions(field.compilation)
        field.costs(lambda _: _EDITIONS_COST)
        item = field.object(Row(every.c), within=lambda _: _EDITIONS_COST)
        listed = json_list(item, order_by=[every.c.duty, every.c.valid_from, every.c.published])
        return select(listed).select_from(every).correlate_except(every).scalar_subquery()


def owed_list(description: str) -> Any:
    """Declare what an organisation owes on a day."""
    return declared(_Owed(), description, arguments=[ON])


def rule_list(description: str) -> Any:
    """Declare every edition of every rule; it stands at the root."""
    return declared(_Editions(), description)
