"""Which entities have not filed the report on a year: computed from the facts each time, kept nowhere."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import strawberry
from sqlalchemy import BigInteger, Boolean, ColumnElement, Date, Text, and_, exists, not_, or_

from contracts.processes.reporting import ReportingTerm, reporting_term
from contracts.vocabulary import EntityState, ReportingState
from gateway import tables
from gateway.graphql.bindings import Bindings
from gateway.graphql.compilation import Field
from gateway.graphql.entities.filters import entity_list
from gateway.graphql.errors import Code, QueryError
from gateway.graphql.inputs import Input
from gateway.graphql.json_sql import word_literal
from gateway.graphql.pages import Connection
from gateway.graphql.references import LazyEntity
from gateway.graphql.rows import Row
from gateway.graphql.sources import Argument, column, declared
from kit.clock import SystemClock, today


def _without_report(reporting: Row, entity: Row) -> ColumnElement[bool]:
    """Join a year with the entities that were active at its end and have no report on it; none before it is over.

    Whose report it is decides, not who may see that: an entity that moved has filed all the same.
    """
    report = tables.AnnualReport.__table__.alias()  # type: ignore[attr-defined] # SQLModel sets it
    filed = exists().where(report.c.entity_id == entity["entity_id"], report.c.year == reporting["year"])
    return and_(
        reporting["begun"],
        or_(entity["registered_on"].is_(None), entity["registered_on"] <= reporting["year_end"]),
        or_(
            entity["state"] == word_literal(EntityState.ACTIVE),
            entity["effective_on"] > reporting["year_end"],
        ),
        not_(filed.correlate_except(report)),
    )


@strawberry.type(description="Where the reporting on a year stands, and who has not filed 年报未报情况")
class AnnualReportsMissing:
    """Where the reporting on a year stands, and who has not filed."""

    year: int = column("year", "The year that is reported on 报告年度")
    state: ReportingState = column(
        "state", "NOT_BEGUN: nothing can be missing yet; RUNNING: those missing are in time still; OVERDUE 年报阶段"
    )
    opens_on: date = column("first", "First day on which reports are taken in 报送起始日")
    due_on: date = column("last", "Last day in time 截止日期")
    source: str = column("source", "Of the rule 依据")
    entities: Connection[LazyEntity] = entity_list(
        "Entities that were active at the end of the year and have no report on it 未报年报的市场主体", _without_report
    )


@dataclass(frozen=True, slots=True)
class _OfYear:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del row
        year = field.arguments().get("year")
        if year is None:
            raise TypeError("the year is required")
        bind = field.compilation.bind
        return field.object(
            Row(
                {
                    "year": bind(BigInteger(), lambda bindings: _term(year, bindings).year),
                    "year_end": bind(Date(), lambda bindings: _term(year, bindings).year_end),
                    "first": bind(Date(), lambda bindings: _term(year, bindings).first),
                    "last": bind(Date(), lambda bindings: _term(year, bindings).last),
                    "source": bind(Text(), lambda bindings: _term(year, bindings).source),
                    "state": bind(Text(), lambda bindings: _state(year, bindings).value),
                    "begun": bind(Boolean(), lambda bindings: _state(year, bindings) is not ReportingState.NOT_BEGUN),
                }
            )
        )


def _term(year: Input, bindings: Bindings) -> ReportingTerm:
    given = year.read(bindings)
    term = reporting_term(given)
    if term is None:
        raise QueryError(Code.INPUT, f"No reports are asked for on {given}.", f"{given}年度不要求报送年报。")
    return term


def _state(year: Input, bindings: Bindings) -> ReportingState:
    return _term(year, bindings).state(today(SystemClock()))


def reports_missing(description: str) -> Any:
    """Declare who has not filed the report on a year. It stands at the root."""
    return declared(_OfYear(), description, arguments=[Argument("year", int, "The year that is reported on 报告年度")])
