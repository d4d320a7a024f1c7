"""What visits, namings and questionnaires can be filtered and ordered by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import ColumnElement, and_

from contracts.vocabulary import (
    AssignmentTarget,
    Bureau,
    NamingKind,
    NamingState,
    QuestionnaireState,
    VisitPurpose,
    VisitState,
)
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.json_sql import word_literal
from gateway.graphql.orders import Order, by_day
from gateway.graphql.predicates import among, between_dates, filtered_by, in_division
from gateway.graphql.ranges import DateRange, DivisionFilter
from gateway.graphql.rows import Join, Row


def visited(target: AssignmentTarget, key: str) -> Join:
    """Join a row of this kind, named by its column `key`, with the visits to it."""
    return lambda row, visit: and_(visit["target_id"] == row[key], visit["target"] == word_literal(target))


def visited_entity(entity: Row, visit: Row) -> ColumnElement[bool]:
    """Join an entity with the visits to it that weren't withdrawn."""
    to_it = visited(AssignmentTarget.ENTITY, "entity_id")(entity, visit)
    return and_(to_it, visit["state"] == word_literal(VisitState.RECORDED))


@strawberry.input(description="Visits for which all that is given holds 走访筛选条件")
class VisitFilter:
    """Visits for which all that is given holds."""

    purpose: list[VisitPurpose] | None = filtered_by(among("purpose"), "For any of these 走访事由")
    target: list[AssignmentTarget] | None = filtered_by(among("target"), "To any of these 走访对象")
    state: list[VisitState] | None = filtered_by(among("state"), "Any of these states 状态")
    visited_on: DateRange | None = filtered_by(between_dates("visited_on"), "In these days 走访日期")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.input(description="Namings for which all that is given holds 命名筛选条件")
class NamingFilter:
    """Namings for which all that is given holds."""

    kind: list[NamingKind] | None = filtered_by(among("kind"), "As any of these 命名类别")
    state: list[NamingState] | None = filtered_by(among("state"), "Any of these states 状态")
    named_on: DateRange | None = filtered_by(between_dates("named_on"), "Named in these days 命名日期")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.input(description="Questionnaires for which all that is given holds 问卷筛选条件")
class QuestionnaireFilter:
    """Questionnaires for which all that is given holds."""

    state: list[QuestionnaireState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of visits 走访排序")
class VisitSort(Enum):
    """Orders of visits."""

    VISITED_ON_DESC = strawberry.enum_value("VISITED_ON_DESC", description="Latest first 走访日期从新到旧")
    VISITED_ON_ASC = strawberry.enum_value("VISITED_ON_ASC", description="Earliest first 走访日期从旧到新")


@strawberry.enum(description="Orders of namings 命名排序")
class NamingSort(Enum):
    """Orders of namings."""

    NAMED_ON_DESC = strawberry.enum_value("NAMED_ON_DESC", description="Latest first 命名日期从新到旧")
    NAMED_ON_ASC = strawberry.enum_value("NAMED_ON_ASC", description="Earliest first 命名日期从旧到新")


@strawberry.enum(description="Orders of questionnaires 问卷排序")
class QuestionnaireSort(Enum):
    """Orders of questionnaires."""

    HANDED_OUT_ON_DESC = strawberry.enum_value("HANDED_OUT_ON_DESC", description="Latest first 发放日期从新到旧")
    HANDED_OUT_ON_ASC = strawberry.enum_value("HANDED_OUT_ON_ASC", description="Earliest first 发放日期从旧到新")


_VISIT_ORDERS: Final[Mapping[VisitSort, Order]] = {
    VisitSort.VISITED_ON_DESC: by_day("visited_on", descending=True),
    VisitSort.VISITED_ON_ASC: by_day("visited_on", descending=False),
}
_NAMING_ORDERS: Final[Mapping[NamingSort, Order]] = {
    NamingSort.NAMED_ON_DESC: by_day("named_on", descending=True),
    NamingSort.NAMED_ON_ASC: by_day("named_on", descending=False),
}
_QUESTIONNAIRE_ORDERS: Final[Mapping[QuestionnaireSort, Order]] = {
    QuestionnaireSort.HANDED_OUT_ON_DESC: by_day("handed_out_on", descending=True),
    QuestionnaireSort.HANDED_OUT_ON_ASC: by_day("handed_out_on", descending=False),
}


def visit_list(description: str, on: Join | None = None) -> Any:
    """Declare visits by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Visit,
        row_id="visit_id",
        orders=_VISIT_ORDERS,
        default=VisitSort.VISITED_ON_DESC,
        filter_type=VisitFilter,
        description=description,
        on=on,
    )


def naming_list(description: str, on: Join | None = None) -> Any:
    """Declare namings by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Naming,
        row_id="naming_id",
        orders=_NAMING_ORDERS,
        default=NamingSort.NAMED_ON_DESC,
        filter_type=NamingFilter,
        description=description,
        on=on,
    )


def questionnaire_list(description: str, on: Join | None = None) -> Any:
    """Declare questionnaires by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Questionnaire,
        row_id="questionnaire_id",
        orders=_QUESTIONNAIRE_ORDERS,
        default=QuestionnaireSort.HANDED_OUT_ON_DESC,
        filter_type=QuestionnaireFilter,
        description=description,
        on=on,
    )
