"""What posts and honours can be filtered and ordered by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry

from contracts.vocabulary import Bureau, HonourKind, HonourLevel, HonourState, PostKind, PostState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_day, by_number
from gateway.graphql.predicates import among, filtered_by, in_division, number
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Join


@strawberry.input(description="Posts for which all that is given holds 岗位筛选条件")
class PostFilter:
    """Posts for which all that is given holds."""

    kind: list[PostKind] | None = filtered_by(among("kind"), "Any of these kinds 类别")
    state: list[PostState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.input(description="Honours for which all that is given holds 荣誉筛选条件")
class HonourFilter:
    """Honours for which all that is given holds."""

    kind: list[HonourKind] | None = filtered_by(among("kind"), "Any of these kinds 类别")
    level: list[HonourLevel] | None = filtered_by(among("level"), "Any of these levels 级别")
    state: list[HonourState] | None = filtered_by(among("state"), "Any of these states 状态")
    year: int | None = filtered_by(number("year"), "For this year 年度")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of posts 岗位排序")
class PostSort(Enum):
    """Orders of posts."""

    SINCE_DESC = strawberry.enum_value("SINCE_DESC", description="Latest first 起始日期从新到旧")
    SINCE_ASC = strawberry.enum_value("SINCE_ASC", description="Earliest first 起始日期从旧到新")


@strawberry.enum(description="Orders of honours 荣誉排序")
class HonourSort(Enum):
    """Orders of honours."""

    YEAR_DESC = strawberry.enum_value("YEAR_DESC", description="Latest year first 年度从新到旧")
    YEAR_ASC = strawberry.enum_value("YEAR_ASC", description="Earliest year first 年度从旧到新")


_POST_ORDERS: Final[Mapping[PostSort, Order]] = {
    PostSort.SINCE_DESC: by_day("since", descending=True),
    PostSort.SINCE_ASC: by_day("since", descending=False),
}
_HONOUR_ORDERS: Final[Mapping[HonourSort, Order]] = {
    HonourSort.YEAR_DESC: by_number("year", descending=True),
    HonourSort.YEAR_ASC: by_number("year", descending=False),
}


def post_list(description: str, on: Join | None = None) -> Any:
    """Declare posts by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Post,
        row_id="post_id",
        orders=_POST_ORDERS,
        default=PostSort.SINCE_DESC,
        filter_type=PostFilter,
        description=description,
        on=on,
    )


def honour_list(description: str, on: Join | None = None) -> Any:
    """Declare honours by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Honour,
        row_id="honour_id",
        orders=_HONOUR_ORDERS,
        default=HonourSort.YEAR_DESC,
        filter_type=HonourFilter,
        description=description,
        on=on,
    )
