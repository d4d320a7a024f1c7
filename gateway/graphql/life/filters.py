"""What gatherings and plans can be filtered and ordered by, and which organisations are late."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import ColumnElement, Text, any_, exists, select
from sqlalchemy.dialects.postgresql import ARRAY

from contracts.vocabulary import Audience, Bureau, GatheringKind, GatheringState, LifeDuty, LifeState
from gateway import tables
from gateway.graphql.compilation import Field
from gateway.graphql.connections import connection
from gateway.graphql.inputs import Input
from gateway.graphql.json_sql import ONE, word_literal
from gateway.graphql.life.owed import owed
from gateway.graphql.life.types import ON, on_day
from gateway.graphql.orders import Order, by_amount, by_day
from gateway.graphql.organisations.filters import organisation_list
from gateway.graphql.predicates import among, between_dates, filtered_by, in_division
from gateway.graphql.ranges import DateRange, DivisionFilter
from gateway.graphql.rows import Join, Row
from gateway.graphql.sources import Argument


@strawberry.input(description="Gatherings for which all that is given holds 组织生活筛选条件")
class GatheringFilter:
    """Gatherings for which all that is given holds."""

    kind: list[GatheringKind] | None = filtered_by(among("kind"), "Any of these kinds 类别")
    audience: list[Audience] | None = filtered_by(among("audience"), "For any of these 参加对象")
    state: list[GatheringState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    held_on: DateRange | None = filtered_by(between_dates("held_on"), "Held on a day of this range 开展日期范围")


@strawberry.enum(description="Orders of gatherings 组织生活排序")
class GatheringSort(Enum):
    """Orders of gatherings."""

    HELD_ON_DESC = strawberry.enum_value("HELD_ON_DESC", description="Latest first 开展日期从新到旧")
    HELD_ON_ASC = strawberry.enum_value("HELD_ON_ASC", description="Earliest first 开展日期从旧到新")


_GATHERINGS: Final[Mapping[GatheringSort, Order]] = {
    GatheringSort.HELD_ON_DESC: by_day("held_on", descending=True),
    GatheringSort.HELD_ON_ASC: by_day("held_on", descending=False),
}


def gathering_list(description: str, on: Join | None = None) -> Any:
    """Declare gatherings by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Gathering,
        row_id="gathering_id",
        orders=_GATHERINGS,
        default=GatheringSort.HELD_ON_DESC,
        filter_type=GatheringFilter,
        description=description,
        on=on,
    )


@strawberry.input(description="Plans for which all that is given holds 培训计划筛选条件")
class TrainingPlanFilter:
    """Plans for which all that is given holds."""

    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "Of a district in this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of plans 培训计划排序")
class TrainingPlanSort(Enum):
    """Orders of plans."""

    YEAR_DESC = strawberry.enum_value("YEAR_DESC", description="Latest year first 年度从新到旧")
    YEAR_ASC = strawberry.enum_value("YEAR_ASC", description="Earliest year first 年度从旧到新")


_PLANS: Final[Mapping[TrainingPlanSort, Order]] = {
    TrainingPlanSort.YEAR_DESC: by_amount("year", descending=True),
    TrainingPlanSort.YEAR_ASC: by_amount("year", descending=False),
}


def plan_list(description: str) -> Any:
    """Declare plans of training by pages."""
    return connection(
        tables.TrainingPlan,
        row_id="plan_id",
        orders=_PLANS,
        default=TrainingPlanSort.YEAR_DESC,
        filter_type=TrainingPlanFilter,
        description=description,
    )


_DUTY: Final = Argument(
    "duty", list[LifeDuty] | None, "Late with any of these; with anything where not given 事项", None
)


def _is_late(field: Field, arguments: Input, organisation: Row) -> ColumnElement[bool]:
    items = owed(field.compilation, organisation, on_day(field, arguments))
    duty = arguments.get("duty")
    late = [items.c.state == word_literal(LifeState.OVERDUE)]
    if duty is not None:
        late.append(items.c.duty == any_(duty.bind(ARRAY(Text), lambda words: [str(word) for word in words])))
    return exists(select(ONE).select_from(items).where(*late).correlate_except(items))


def overdue_list(description: str) -> Any:
    """Declare the organisations that are late with something on a day, by pages."""
    return organisation_list(description, only=_is_late, more=(ON, _DUTY))
