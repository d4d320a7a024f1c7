"""What schemes and ratings can be filtered and ordered by."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import ColumnElement, and_, or_

from contracts.vocabulary import Bureau, RatingBand, RatingState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_amount, by_day
from gateway.graphql.predicates import among, day, filtered_by, in_division
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Row


def valid_on(scheme: Row, on: ColumnElement[date]) -> ColumnElement[bool]:
    """Hold where a scheme is valid on a day, its first and its last included."""
    return and_(scheme["valid_from"] <= on, or_(scheme["valid_until"].is_(None), scheme["valid_until"] >= on))


@strawberry.input(description="Schemes for which all that is given holds 评分办法筛选条件")
class SchemeFilter:
    """Schemes for which all that is given holds."""

    valid_on: date | None = filtered_by(lambda given, row: valid_on(row, day(given)), "Valid on this day 在此日有效")


@strawberry.input(description="Ratings for which all that is given holds 评定筛选条件")
class RatingFilter:
    """Ratings for which all that is given holds."""

    band: list[RatingBand] | None = filtered_by(among("band"), "Any of these bands 等级")
    state: list[RatingState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of schemes 评分办法排序")
class SchemeSort(Enum):
    """Orders of schemes."""

    VALID_FROM_DESC = strawberry.enum_value("VALID_FROM_DESC", description="Newest first 生效日期从新到旧")
    VALID_FROM_ASC = strawberry.enum_value("VALID_FROM_ASC", description="Oldest first 生效日期从旧到新")


@strawberry.enum(description="Orders of ratings 评定排序")
class RatingSort(Enum):
    """Orders of ratings."""

    POINTS_DESC = strawberry.enum_value("POINTS_DESC", description="Most points first 得分从高到低")
    POINTS_ASC = strawberry.enum_value("POINTS_ASC", description="Fewest points first 得分从低到高")


_SCHEME_ORDERS: Final[Mapping[SchemeSort, Order]] = {
    SchemeSort.VALID_FROM_DESC: by_day("valid_from", descending=True),
    SchemeSort.VALID_FROM_ASC: by_day("valid_from", descending=False),
}
_RATING_ORDERS: Final[Mapping[RatingSort, Order]] = {
    RatingSort.POINTS_DESC: by_amount("points", descending=True),
    RatingSort.POINTS_ASC: by_amount("points", descending=False),
}


def scheme_list(description: str) -> Any:
    """Declare schemes by pages."""
    return connection(
        tables.Scheme,
        row_id="scheme_id",
        orders=_SCHEME_ORDERS,
        default=SchemeSort.VALID_FROM_DESC,
        filter_type=SchemeFilter,
        description=description,
    )


def rating_list(description: str) -> Any:
    """Declare ratings by pages."""
    return connection(
        tables.Rating,
        row_id="rating_id",
        orders=_RATING_ORDERS,
        default=RatingSort.POINTS_DESC,
        filter_type=RatingFilter,
        description=description,
    )
