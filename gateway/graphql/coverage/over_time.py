"""The figures of the two coverages on several days 两个覆盖历史走势, from the dated facts that the ledgers tell.

Entities stand in the kind, the division and the line that they are in now, so that a series is of one district.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import strawberry
from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import column as sql_column
from sqlalchemy.types import TypeEngine

from contracts.vocabulary import Bureau, EntityKind, EntityState
from gateway import tables
from gateway.graphql.compilation import Compilation, Field
from gateway.graphql.coverage.days import DAYS_ARGUMENTS, asked, days_of
from gateway.graphql.coverage.figures import (
    DIMENSIONS,
    FIGURES,
    CoverageDimension,
    CoverageFigure,
    CoverageFigureFilter,
    Over,
    figures_of,
    of_counted_kinds,
)
from gateway.graphql.division_levels import LEVEL_ARGUMENT
from gateway.graphql.inputs import Input
from gateway.graphql.json_sql import ONE, json_list, word_literal
from gateway.graphql.limits import COUNT_COST
from gateway.graphql.predicates import given_filter
from gateway.graphql.rows import Row
from gateway.graphql.sources import Argument, column, declared
from gateway.graphql.suppression import SUPPRESSED

DAYS_A_COUNT: Final = 6
"""So many days cost as one count."""
_ENTITIES: Final = "all_entities"
"""The one figure that needs no coverage."""
_ZERO: Final = literal_column("0", Integer)

PERIOD: Final[dict[str, TypeEngine[Any]]] = {
    "since": Date(),
    "until": Date(),
    "full_members": Integer(),
    "probationary_members": Integer(),
    "organisation_coverage": Text(),
    "work_coverage": Boolean(),
}
"""What of a period the figures are made of."""


class _OverTime:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del row
        arguments, compilation = field.arguments(), field.compilation
        days = days_of(arguments)
        field.costs(lambda bindings: COUNT_COST * -(-len(days(bindings)) // DAYS_A_COUNT))
        counting = _Counting(field, arguments, asked(compilation, days))
        by = counting.by
        every = union_all(
            select(counting.there()), select(counting.covered()), *([] if by else [select(counting.nobody())])
        ).subquery(compilation.name())
        names = [DIMENSIONS[word].name for word in by]
        groups = (
            select(
                every.c.day,
                *((every.c[one.name] if word in by else null()).label(one.name) for word, one in DIMENSIONS.items()),
                *(cast(func.sum(every.c[name]), Integer).label(name) for name in counting.figures),
            )
            .group_by(every.c.day, *(every.c[name] for name in names))
            .correlate(None)
            .subquery(compilation.name())
        )
        order = [groups.c.day, *(groups.c[name] for name in names)]
        listed = json_list(field.object(Row(groups.c)), order_by=order)
        return select(listed).select_from(groups).correlate_except(groups).scalar_subquery()


class _Counting:
    """Counts what there was on each day, and what of it was covered, each of a part of the statement.

    Most entities never had a coverage: they are counted by the days between which they were there. Only what has
    periods is looked at on each day by itself.
    """

    def __init__(self, field: Field, arguments: Input, asked: CTE) -> None:
        self.by = arguments.words("by", CoverageDimension)
        self._field, self._arguments, self._asked = field, arguments, asked
        self._compilation = field.compilation
        self.figures = FIGURES

    def there(self) -> Subquery:
        """Return how many entities there were on each day, by groups.

        An entity is there from one of the days to another: so it is counted once, and then each day asks how many
        began by it and had not ended, which a few rows a group answer.
        """
        entities = self._compilation.relation(tables.Entity)
        entity, values = Row(entities.c), self._values(Row(entities.c))
        days = select(self._asked.c.all_days).limit(ONE).scalar_subquery()
        before_first = func.coalesce(_days_before(entity["registered_on"], days), _ZERO)
        gone_on = case((entity["state"] != word_literal(EntityState.ACTIVE), entity["effective_on"]))
        until_last = func.coalesce(_days_before(gone_on, days), func.cardinality(days))
        stock = (
            select(
                *(value.label(name) for name, value in values.items()),
                before_first.label("before_first"),
                until_last.label("until_last"),
                func.count().label("entities"),
            )
            .where(*self._counted(entity))
            .group_by(*values.values(), before_first, until_last)
            .correlate(None)
            .subquery(self._compilation.name())
        )
        number = self._asked.c.number
        held = and_(stock.c.before_first < number, number <= stock.c.until_last)
        return (
            select(
                self._asked.c.day.label("day"),
                *self._dimensions({name: stock.c[name] for name in values}),
                *((func.sum(stock.c.entities) if name == _ENTITIES else _ZERO).label(name) for name in self.figures),
            )
            .select_from(self._asked.join(stock, held))
            .group_by(self._asked.c.day, *(stock.c[name] for name in values))
            .correlate(None)
            .subquery(self._compilation.name())
        )

    def covered(self) -> Subquery:
        """Return what of them was covered on each day, and with how many members, by groups."""
        entities = self._compilation.relation(tables.Entity)
        entity, periods = Row(entities.c), _periods(self._compilation)
        values = self._values(entity)
        known = (
            select(
                *(value.label(name) for name, value in values.items()),
                *(entity[name] for name in ("state", "registered_on", "effective_on")),
                *(periods.c[name] for name in PERIOD),
            )
            .select_from(periods.join(entities, periods.c.entity_id == entity["entity_id"]))
            .where(*self._counted(entity))
            .cte(self._compilation.name())
            .prefix_with("MATERIALIZED")  # else the periods of a coverage are taken out of it for each day
        )
        day = self._asked.c.day
        held = and_(
            *there_on(Row(known.c), day), known.c.since <= day, or_(known.c.until.is_(None), known.c.until >= day)
        )
        figures = figures_of(Row(known.c))
        return (
            select(
                day.label("day"),
                *self._dimensions({name: known.c[name] for name in values}),
                *((_ZERO if name == _ENTITIES else figure).label(name) for name, figure in figures.items()),
            )
            .select_from(self._asked.join(known, held))
            .group_by(day, *(known.c[name] for name in values))
            .correlate(None)
            .subquery(self._compilation.name())
        )

    def nobody(self) -> Subquery:
        """Return figures of nothing for each day, so that without groups every day has some."""
        return (
            select(
                self._asked.c.day.label("day"),
                *self._dimensions({}),
                *(_ZERO.label(name) for name in self.figures),
            )
            .correlate(None)
            .subquery(self._compilation.name())
        )

    def _counted(self, entity: Row) -> list[ColumnElement[bool]]:
        return [
            of_counted_kinds(entity),
            *given_filter(self._field, self._arguments, entity),
            *self._compilation.visible(tables.Entity, entity),
        ]

    def _values(self, entity: Row) -> dict[str, ColumnElement[Any]]:
        """Return what is grouped by."""
        return {one.name: one.value(entity, self._arguments) for word, one in DIMENSIONS.items() if word in self.by}

    def _dimensions(self, values: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
        """Return every dimension, null where it is not grouped by."""
        names = (one.name for one in DIMENSIONS.values())
        return [values.get(name, cast(null(), Text)).label(name) for name in names]


def _days_before(edge: ColumnElement[Any], days: ColumnElement[Any]) -> ColumnElement[int]:
    """Return how many of the days that are asked for are before a day; null where that is not known."""
    return func.width_bucket(edge - ONE, days, type_=Integer)


def there_on(entity: Row, day: ColumnElement[date]) -> Sequence[ColumnElement[bool]]:
    """Return what holds where an entity was registered on a day and not yet deregistered; an unknown day is past."""
    return (
        or_(entity["registered_on"].is_(None), entity["registered_on"] <= day),
        or_(entity["state"] == word_literal(EntityState.ACTIVE), entity["effective_on"] > day),
    )


def _periods(compilation: Compilation) -> Subquery:
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
        .select_from(coverages.join(each, true()))
        .where(*compilation.visible(tables.Coverage, coverage))
        .correlate(None)
        .subquery(compilation.name())
    )


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
            *DAYS_ARGUMENTS,
            LEVEL_ARGUMENT,
            Argument("filter", CoverageFigureFilter | None, "What to count, as it is now 筛选条件（按现行口径）"),
        ),
    )
