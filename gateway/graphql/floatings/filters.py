"""What floating members can be filtered and ordered by."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import ColumnElement, DateTime

from contracts.vocabulary import FloatingReason, FloatingState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.inputs import Input
from gateway.graphql.orders import Order, by_day
from gateway.graphql.predicates import among, between_dates, filtered_by, in_division
from gateway.graphql.ranges import DateRange, DivisionFilter
from gateway.graphql.rows import Join, Row
from kit.clock import SHANGHAI


def _due_by(given: Input, row: Row) -> ColumnElement[bool]:
    return row["due_at"] <= given.bind(DateTime(timezone=True), _end_of)


def _end_of(day: date) -> datetime:
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


@strawberry.input(description="Floating members for whom all that is given holds 流动党员筛选条件")
class FloatingFilter:
    """Floating members for whom all that is given holds."""

    state: list[FloatingState] | None = filtered_by(among("state"), "Any of these states 状态")
    reason: list[FloatingReason] | None = filtered_by(among("reason"), "For any of these reasons 外出原因")
    out_since: DateRange | None = filtered_by(between_dates("out_since"), "Out since one of these days 外出日期")
    due_by: date | None = filtered_by(
        _due_by, "Still out, and for six months by the end of this day, Asia/Shanghai 至此日外出已满六个月且仍在外"
    )
    home_division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "The end at home is in this part of the divisions 流出地行政区划"
    )
    away_division: DivisionFilter | None = filtered_by(
        in_division("to_division_code"), "The other end is in this part of the divisions 流入地行政区划"
    )


@strawberry.enum(description="Orders of floating members 流动党员排序")
class FloatingSort(Enum):
    """Orders of floating members."""

    OUT_SINCE_ASC = strawberry.enum_value("OUT_SINCE_ASC", description="Longest out first 外出最久在前")
    OUT_SINCE_DESC = strawberry.enum_value("OUT_SINCE_DESC", description="Latest first 外出日期从新到旧")


_ORDERS: Final[Mapping[FloatingSort, Order]] = {
    FloatingSort.OUT_SINCE_ASC: by_day("out_since", descending=False),
    FloatingSort.OUT_SINCE_DESC: by_day("out_since", descending=True),
}


def floating_list(description: str, on: Join | None = None) -> Any:
    """Declare floating members by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Floating,
        row_id="process_id",
        orders=_ORDERS,
        default=FloatingSort.OUT_SINCE_ASC,
        filter_type=FloatingFilter,
        description=description,
        on=on,
    )
