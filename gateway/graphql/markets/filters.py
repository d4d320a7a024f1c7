"""What markets and stalls can be filtered and ordered by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry

from contracts.vocabulary import MarketState, StallState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_day, by_text
from gateway.graphql.predicates import among, containing, filtered_by, in_division
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Join


@strawberry.input(description="Markets for which all that is given holds 专业市场筛选条件")
class MarketFilter:
    """Markets for which all that is given holds."""

    state: list[MarketState] | None = filtered_by(among("state"), "Any of these states 状态")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    name_contains: str | None = filtered_by(containing("name"), "The name has this text in it 名称包含")


@strawberry.enum(description="Orders of markets 专业市场排序")
class MarketSort(Enum):
    """Orders of markets."""

    NAME_ASC = strawberry.enum_value("NAME_ASC", description="Name, by code point 名称升序")
    NAME_DESC = strawberry.enum_value("NAME_DESC", description="Name, by code point, backwards 名称降序")


_MARKET_ORDERS: Final[Mapping[MarketSort, Order]] = {
    MarketSort.NAME_ASC: by_text("name", descending=False),
    MarketSort.NAME_DESC: by_text("name", descending=True),
}


def market_list(description: str, on: Join | None = None) -> Any:
    """Declare markets by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Market,
        row_id="market_id",
        orders=_MARKET_ORDERS,
        default=MarketSort.NAME_ASC,
        filter_type=MarketFilter,
        description=description,
        on=on,
    )


@strawberry.input(description="Stalls for which all that is given holds 摊位筛选条件")
class StallFilter:
    """Stalls for which all that is given holds."""

    state: list[StallState] | None = filtered_by(among("state"), "Any of these states 状态")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of stalls 摊位排序")
class StallSort(Enum):
    """Orders of stalls."""

    SINCE_DESC = strawberry.enum_value("SINCE_DESC", description="Latest first 入场日期从新到旧")
    SINCE_ASC = strawberry.enum_value("SINCE_ASC", description="Earliest first 入场日期从旧到新")


_STALL_ORDERS: Final[Mapping[StallSort, Order]] = {
    StallSort.SINCE_DESC: by_day("since", descending=True),
    StallSort.SINCE_ASC: by_day("since", descending=False),
}


def stall_list(description: str, on: Join | None = None) -> Any:
    """Declare stalls by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Stall,
        row_id="stall_id",
        orders=_STALL_ORDERS,
        default=StallSort.SINCE_DESC,
        filter_type=StallFilter,
        description=description,
        on=on,
    )
