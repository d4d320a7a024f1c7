"""Quotas of a year and what is taken of them, beside how many people worked there at its start and at its end.

The study of district X (2024) asks for places where people are: so both stand in one answer, by division and line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from contracts.vocabulary import Bureau
from gateway import tables
from gateway.graphql.compilation import Compilation, Field
from gateway.graphql.counts import Dimension
from gateway.graphql.coverage.figures import of_counted_kinds
from gateway.graphql.coverage.over_time import there_on
from gateway.graphql.developments.types import places_left
from gateway.graphql.division_levels import LEVEL_ARGUMENT, division_at_level
from gateway.graphql.errors import Code, QueryError
from gateway.graphql.inputs import Input
from gateway.graphql.json_sql import json_list
from gateway.graphql.limits import COUNT_COST
from gateway.graphql.predicates import among, filtered_by, given_filter, in_division
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Row
from gateway.graphql.sources import Argument, column, declared
from gateway.graphql.suppression import member_count
from kit.clock import SystemClock, today

FIRST_YEAR, LAST_YEAR = 1949, 2999
"""The years that can be asked for."""
_SUMS: Final = ("places", "taken", "employees_at_start", "employees_at_end", "employee_growth")
_COUNTS: Final = ("stated_at_start", "stated_at_end")


@strawberry.input(description="Quotas and entities for which all that is given holds 统计范围")
class DevelopmentFigureFilter:
    """Quotas and entities for which all that is given holds."""

    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="What the figures of development can be grouped by 统计维度")
class DevelopmentDimension(Enum):
    """What the figures can be grouped by."""

    DIVISION = strawberry.enum_value("DIVISION", description="行政区划")
    BUREAU = strawberry.enum_value("BUREAU", description="条线")


_DIMENSIONS: Final[Mapping[DevelopmentDimension, Dimension]] = {
    DevelopmentDimension.DIVISION: Dimension("division_code", division_at_level),
    DevelopmentDimension.BUREAU: Dimension("bureau", lambda row, _: row["bureau"]),
}


@dataclass(frozen=True, slots=True)
class _Year:
    """The year that is asked for, and the two days between which it lies; a day that is to come is today."""

    number: ColumnElement[int]
    start: ColumnElement[date]
    end: ColumnElement[date]

    @classmethod
    def of(cls, given: Input) -> "_Year":
        """Return the year of an argument."""
        return cls(
            given.bind(Integer(), _checked),
            given.bind(Date(), lambda year: _past(date(_checked(year) - 1, 12, 31))),
            given.bind(Date(), lambda year: _past(date(_checked(year), 12, 31))),
        )


def _checked(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise QueryError(
            Code.INPUT,
            f"{year} is no year that can be asked for: give one from {FIRST_YEAR} to {LAST_YEAR}.",
            f"年度{year}无效，应在{FIRST_YEAR}至{LAST_YEAR}之间。",
        )
    return year


def _past(day: date) -> date:
    return min(day, today(SystemClock()))


class _Figures:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del row
        arguments, compilation = field.arguments(), field.compilation
        field.costs(lambda _: 2 * COUNT_COST)  # quotas, and entities with what they stated
        by = arguments.words("by", DevelopmentDimension)
        given = arguments.get("year")
        if given is None:
            raise TypeError("the year is required")
        year = _Year.of(given)
        both = union_all(select(_quotas(field, arguments, year)), select(_employees(field, arguments, year))).subquery(
            compilation.name()
        )
        values = {word: one.value(Row(both.c), arguments) for word, one in _DIMENSIONS.items() if word in by}
        groups = (
            select(
                *(values.get(word, null()).label(one.name) for word, one in _DIMENSIONS.items()),
                *(cast(func.coalesce(func.sum(both.c[name]), _number(0)), Integer).label(name) for name in _SUMS),
                *(func.count(both.c[name]).label(name) for name in _COUNTS),
            )
            .select_from(both)
            .group_by(*values.values())
            .correlate(None)
            .subquery(compilation.name())
        )
        order = [groups.c[_DIMENSIONS[word].name] for word in by]
        listed = json_list(field.object(Row(groups.c)), order_by=order)
        return select(listed).select_from(groups).correlate_except(groups).scalar_subquery()


def _quotas(field: Field, arguments: Input, year: _Year) -> Subquery:
    """Return the quotas of the year that the caller sees, a row each."""
    quotas = field.compilation.relation(tables.Quota)
    quota = Row(quotas.c)
    return (
        select(
            quota["division_code"],
            quota["bureau"],
            quota["places"],
            quota["taken"],
            *(cast(null(), Integer).label(name) for name in (*_SUMS[2:], *_COUNTS)),
        )
        .where(
            quota["year"] == year.number,
            *given_filter(field, arguments, quota),
            *field.compilation.visible(tables.Quota, quota),
        )
        .correlate(None)
        .subquery(field.compilation.name())
    )


def _employees(field: Field, arguments: Input, year: _Year) -> Subquery:
    """Return the entities of the three kinds that the caller sees, each with what it stated by the two days.

    The growth is of those of whom it is known: an entity that was not there yet, or is no more, had nobody then.
    """
    compilation = field.compilation
    entities = compilation.relation(tables.Entity)
    entity = Row(entities.c)
    first, last = _stated_by(compilation, year.start), _stated_by(compilation, year.end)
    here_first, here_last = (and_(*there_on(entity, day)) for day in (year.start, year.end))
    at_start = _where(here_first, first.c.employees)
    at_end = _where(here_last, last.c.employees)
    known = and_(or_(not_(here_first), at_start.is_not(None)), or_(not_(here_last), at_end.is_not(None)))
    growth = func.coalesce(at_end, _number(0)) - func.coalesce(at_start, _number(0))
    return (
        select(
            entity["division_code"],
            entity["bureau"],
            cast(null(), Integer).label("places"),
            cast(null(), Integer).label("taken"),
            at_start.label("employees_at_start"),
            at_end.label("employees_at_end"),
            _where(known, growth).label("employee_growth"),
            at_start.label("stated_at_start"),
            at_end.label("stated_at_end"),
        )
        .select_from(
            entities.outerjoin(first, first.c.entity_id == entity["entity_id"]).outerjoin(
                last, last.c.entity_id == entity["entity_id"]
            )
        )
        .where(
            of_counted_kinds(entity),
            *given_filter(field, arguments, entity),
            *compilation.visible(tables.Entity, entity),
        )
        .correlate(None)
        .subquery(compilation.name())
    )


def _stated_by(compilation: Compilation, day: ColumnElement[date]) -> Subquery:
    """Return what each entity stated last by a day: in a report on a year that was over, or when it was asked.

    Whose statement it is decides, not where it was made: an entity that moved has stated it all the same.
    """
    reports = compilation.relation(tables.AnnualReport)
    forms = compilation.relation(tables.PartyBuildingForm)
    year_end = func.make_date(cast(reports.c.year, Integer), _number(12), _number(31), type_=Date)
    every = union_all(
        select(reports.c.entity_id, year_end.label("day"), reports.c.employees, reports.c.recorded_at).where(
            reports.c.employees.is_not(None)
        ),
        select(forms.c.entity_id, forms.c.effective_on, forms.c.employees, forms.c.recorded_at).where(
            forms.c.employees.is_not(None)
        ),
    ).subquery(compilation.name())
    return (
        select(every.c.entity_id, every.c.employees)
        .ext(distinct_on(every.c.entity_id))
        .where(every.c.day <= day)
        .order_by(every.c.entity_id, every.c.day.desc(), every.c.recorded_at.desc())
        .correlate(None)
        .subquery(compilation.name())
    )


def _where(condition: ColumnElement[bool], value: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((condition, value))


def _number(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)


@strawberry.type(description="Quotas of a year beside the employees of one group 年度发展党员名额与从业人数统计")
class DevelopmentFigures:
    """Quotas of a year beside the employees of one group; what was not grouped by is null."""

    division_code: str | None = column("division_code", "Division, 12 digits, where grouped by it 行政区划代码")
    bureau: Bureau | None = column("bureau", "Bureau line, where grouped by it 条线")
    places: int = column("places", "Who may be admitted in the year 名额")
    taken: int | None = member_count(lambda row: row["taken"], "Who was admitted by it: the developments 已发展")
    left: int | None = places_left()
    employees_at_start: int = column(
        "employees_at_start",
        "People who worked at the entities at the end of the year before, as these stated last by then 年初从业人数",
    )
    employees_at_end: int = column(
        "employees_at_end",
        "The same at the end of the year; today, while it lasts 年末从业人数（当年截至今日）",
    )
    stated_at_start: int = column("stated_at_start", "Entities that the number at the start is of 年初已填报主体数")
    stated_at_end: int = column("stated_at_end", "Entities that the number at the end is of 年末已填报主体数")
    employee_growth: int = column(
        "employee_growth",
        "How many more there were, of the entities of which both are known; one that was not there had none "
        "从业人数增长（两端均已填报的主体）",
    )


def development_figures(description: str) -> Any:
    """Declare the figures. They stand at the root."""
    return declared(
        _Figures(),
        description,
        arguments=(
            Argument("year", int, "The year 年度"),
            Argument("by", list[DevelopmentDimension], "What to count by; empty for one figure 统计维度"),
            LEVEL_ARGUMENT,
            Argument("filter", DevelopmentFigureFilter | None, "What to count 筛选条件"),
        ),
    )
