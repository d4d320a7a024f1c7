"""The figures of the two coverages on several days 两个覆盖历史走势, from the dated facts that the ledgers tell.

Entities stand in the kind, the division and the line that they are in now, so that a series is of one district.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import strawberry
from sqlalchemy import Boolean, ColumnElement, Date, FromClause, Integer, Text, and_, cast, func, null, or_, select
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from contracts.vocabulary import Bureau, EntityKind, EntityState
from gateway import tables
from gateway.graphql.compilation import Compilation, Field
from gateway.graphql.coverage.figures import (
    DIMENSIONS,
    CoverageDimension,
    CoverageFigure,
    CoverageFigureFilter,
    Over,
    figures_of,
    of_counted_kinds,
)
from gateway.graphql.division_levels import LEVEL_ARGUMENT
from gateway.graphql.errors import Code, QueryError
from gateway.graphql.inputs import Bindings, Input
from gateway.graphql.json_sql import json_list, word_literal
from gateway.graphql.limits import COUNT_COST
from gateway.graphql.predicates import given_filter
from gateway.graphql.rows import Row
from gateway.graphql.sources import Argument, column, declared
from gateway.graphql.suppression import SUPPRESSED
from kit.clock import SystemClock, today

MOST_DAYS: Final = 36
"""Days that one question may be about: three years of months."""
DAYS_A_COUNT: Final = 6
"""So many days cost as one count."""
_MONTHS: Final = 12

PERIOD: Final[dict[str, TypeEngine[Any]]] = {
    "since": Date(),
    "until": Date(),
    "full_members": Integer(),
    "probationary_members": Integer(),
    "organisation_coverage": Text(),
    "work_coverage": Boolean(),
}
"""What of a period the figures are made of."""


@strawberry.input(description="Months from one to another, each by its last day; the month under way by today 月份范围")
class MonthRange:
    """Months from one to another, each by its last day; the month under way by today."""

    first: date = strawberry.field(description="A day of the first month 起始月份中的任意一天")
    last: date | None = strawberry.field(
        description="A day of the last month; today where not given 截止月份中的任意一天，默认今日", default=None
    )


@dataclass(frozen=True, slots=True)
class _Days:
    """The days that are asked for: given one by one, or as months."""

    given: Input | None
    months: Input | None

    def __call__(self, bindings: Bindings) -> list[date]:
        now = today(SystemClock())
        days = self._given(bindings) if self.given is not None else self._of_months(bindings, now)
        if not 1 <= len(days) <= MOST_DAYS:
            raise QueryError(
                Code.INPUT,
                f"The question is about {len(days)} days: ask for 1 to {MOST_DAYS} at once.",
                f"查询涉及{len(days)}个日期，每次应为1至{MOST_DAYS}个。",
            )
        if days[-1] > now:
            raise QueryError(
                Code.INPUT,
                f"{days[-1]} is in the future: ask for days until today, {now}.",
                f"{days[-1]}晚于今日，请查询今日（{now}）及以前的日期。",
            )
        return days

    def _given(self, bindings: Bindings) -> list[date]:
        return sorted(set(self.given.read(bindings))) if self.given is not None else []

    def _of_months(self, bindings: Bindings, now: date) -> list[date]:
        range_ = self.months.read(bindings) if self.months is not None else {}
        first, last = range_["first"], range_.get("last") or now
        numbers = range(_number_of_month(first), _number_of_month(last) + 1)
        if len(numbers) > MOST_DAYS:  # counted before any is made: the first may be thousands of years ago
            raise QueryError(
                Code.INPUT,
                f"The question is about {len(numbers)} months: ask for 1 to {MOST_DAYS} at once.",
                f"查询涉及{len(numbers)}个月，每次应为1至{MOST_DAYS}个。",
            )
        ends = (_end_of_month(number) for number in numbers)
        return [now if (end.year, end.month) == (now.year, now.month) else end for end in ends]


def _number_of_month(day: date) -> int:
    return day.year * _MONTHS + day.month - 1


def _end_of_month(number: int) -> date:
    year, month = divmod(number, _MONTHS)
    return date(year, month + 1, monthrange(year, month + 1)[1])


@dataclass(frozen=True, slots=True)
class _OverTime:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del row
        arguments, compilation = field.arguments(), field.compilation
        days = _days(arguments)
        field.costs(lambda bindings: COUNT_COST * -(-len(days(bindings)) // DAYS_A_COUNT))
        by = arguments.words("by", CoverageDimension)
        # As text, for the driver would ask the database about an array of days first.
        texts = (
            func.unnest(compilation.bind(ARRAY(Text), lambda bindings: [str(day) for day in days(bindings)]))
            .table_valued(sql_column("day", Text()))
            .render_derived(name=compilation.name())
        )
        asked = select(cast(texts.c.day, Date).label("day")).correlate(None).subquery(compilation.name())
        entities = compilation.relation(tables.Entity)
        entity, day = Row(entities.c), asked.c.day
        values = {word: one.value(entity, arguments) for word, one in DIMENSIONS.items() if word in by}
        there = _periods(compilation)
        counted = and_(
            *there_on(entity, day),
            of_counted_kinds(entity),
            *given_filter(field, arguments, entity),
            *compilation.visible(tables.Entity, entity),
        )
        # Without groups each day has figures, be they none; with groups there are those that have entities.
        rows: FromClause = asked.join(entities, counted, isouter=not by)
        rows = rows.outerjoin(
            there,
            and_(
                there.c.entity_id == entity["entity_id"],
                there.c.since <= day,
                or_(there.c.until.is_(None), there.c.until >= day),
            ),
        )
        figures = figures_of(Row(there.c))
        groups = (
            select(
                day.label("day"),
                *(values.get(word, null()).label(one.name) for word, one in DIMENSIONS.items()),
                *(_of_entities(entity, name, figure).label(name) for name, figure in figures.items()),
            )
            .select_from(rows)
            .group_by(day, *values.values())
            .correlate(None)
            .subquery(compilation.name())
        )
        order = [groups.c.day, *(groups.c[DIMENSIONS[word].name] for word in by)]
        listed = json_list(field.object(Row(groups.c)), order_by=order)
        return select(listed).select_from(groups).correlate_except(groups).scalar_subquery()


def _days(arguments: Input) -> _Days:
    given, months = arguments.get("on"), arguments.get("months")
    if (given is None) == (months is None):
        raise QueryError(Code.INPUT, "Give either on or months.", "on 与 months 须且只须给出其中一个。")
    return _Days(given, months)


def there_on(entity: Row, day: ColumnElement[date]) -> Sequence[ColumnElement[bool]]:
    """Return what holds where an entity was registered on a day and not yet deregistered; an unknown day is past."""
    return (
        or_(entity["registered_on"].is_(None), entity["registered_on"] <= day),
        or_(entity["state"] == word_literal(EntityState.ACTIVE), entity["effective_on"] > day),
    )


def _periods(compilation: Compilation) -> Any:
    """Return the periods of all coverages that the caller sees, a row each."""
    coverages = compilation.relation(tables.Coverage)
    coverage = Row(coverages.c)
    each = (
        func.jsonb_to_recordset(coverage["periods"])
        .table_valued(*(sql_column(name, type_) for name, type_ in PERIOD.items()))
        .render_derived(name=compilation.name(), with_types=True)
    )
    return (
        select(coverage["entity_id"], *(each.c[name] for name in PERIOD))
        .select_from(coverages.join(each, and_(True)))
        .where(*compilation.visible(tables.Coverage, coverage))
        .correlate(None)
        .subquery(compilation.name())
    )


def _of_entities(entity: Row, name: str, figure: ColumnElement[int]) -> ColumnElement[int]:
    return func.count(entity["entity_id"]) if name == "all_entities" else figure


@strawberry.type(description="Figures of the two coverages of one group on one day 某日两个覆盖统计")
class CoverageOnDay:
    """Figures of the two coverages of one group on one day; what was not grouped by is null."""

    on: date = column("day", "The day, Asia/Shanghai 日期")
    kind: EntityKind | None = column("kind", "Kind as it is now, where grouped by it 类别（按现行口径）")
    division_code: str | None = column(
        "division_code", "Division as it is now, 12 digits, where grouped by it 行政区划代码（按现行口径）"
    )
    bureau: Bureau | None = column("bureau", "Bureau line as it is now, where grouped by it 条线（按现行口径）")
    all: CoverageFigure = declared(Over("all", of_members=False), "Over all entities there were 全部主体")
    with_member: CoverageFigure = declared(
        Over("member", of_members=True), f"Over those where a member worked, each figure {SUPPRESSED} 有党员的主体"
    )
    with_three_full_members: CoverageFigure = declared(
        Over("three", of_members=False), "Over those where three full members or more worked 有三名以上正式党员的主体"
    )


def coverage_over_time(description: str) -> Any:
    """Declare the figures on several days. It stands at the root."""
    return declared(
        _OverTime(),
        description,
        arguments=(
            Argument(
                "by",
                list[CoverageDimension],
                "What to count by beside the day: the line 条 is BUREAU, the block 块 DIVISION; empty for one figure a "
                "day 统计维度，留空则每日一个总数",
            ),
            Argument("on", list[date] | None, f"These days, {MOST_DAYS} at the most; or `months` 指定日期"),
            Argument("months", MonthRange | None, f"These months, {MOST_DAYS} at the most; or `on` 按月"),
            LEVEL_ARGUMENT,
            Argument("filter", CoverageFigureFilter | None, "What to count, as it is now 筛选条件（按现行口径）"),
        ),
    )
