"""What developments and quotas can be filtered and ordered by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry

from contracts.vocabulary import Bureau, DevelopmentState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_day, by_number
from gateway.graphql.predicates import among, between_dates, filtered_by, in_division, number
from gateway.graphql.ranges import DateRange, DivisionFilter
from gateway.graphql.rows import Join


@strawberry.input(description="Developments for which all that is given holds 发展党员筛选条件")
class DevelopmentFilter:
    """Developments for which all that is given holds."""

    state: list[DevelopmentState] | None = filtered_by(among("state"), "Any of these states 阶段")
    quota_year: int | None = filtered_by(number("quota_year"), "Admitted by the quota of this year 所用名额年度")
    next_from: DateRange | None = filtered_by(
        between_dates("next_from"), "The next stage may be decided from one of these days on 可进入下一阶段的日期"
    )
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of developments 发展党员排序")
class DevelopmentSort(Enum):
    """Orders of developments."""

    EFFECTIVE_ON_DESC = strawberry.enum_value("EFFECTIVE_ON_DESC", description="Latest first 日期从新到旧")
    EFFECTIVE_ON_ASC = strawberry.enum_value("EFFECTIVE_ON_ASC", description="Earliest first 日期从旧到新")


_ORDERS: Final[Mapping[DevelopmentSort, Order]] = {
    DevelopmentSort.EFFECTIVE_ON_DESC: by_day("effective_on", descending=True),
    DevelopmentSort.EFFECTIVE_ON_ASC: by_day("effective_on", descending=False),
}


@strawberry.input(description="Quotas for which all that is given holds 名额筛选条件")
class QuotaFilter:
    """Quotas for which all that is given holds."""

    year: int | None = filtered_by(number("year"), "Of this year 年度")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of quotas 名额排序")
class QuotaSort(Enum):
    """Orders of quotas."""

    YEAR_DESC = strawberry.enum_value("YEAR_DESC", description="Latest year first 年度从新到旧")
    YEAR_ASC = strawberry.enum_value("YEAR_ASC", description="Earliest year first 年度从旧到新")


_QUOTA_ORDERS: Final[Mapping[QuotaSort, Order]] = {
    QuotaSort.YEAR_DESC: by_number("year", descending=True),
    QuotaSort.YEAR_ASC: by_number("year", descending=False),
}


def development_list(description: str, on: Join | None = None) -> Any:
    """Declare developments by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Development,
        row_id="process_id",
        orders=_ORDERS,
        default=DevelopmentSort.EFFECTIVE_ON_DESC,
        filter_type=DevelopmentFilter,
        description=description,
        on=on,
    )


def quota_list(description: str, on: Join | None = None) -> Any:
    """Declare quotas by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Quota,
        row_id="quota_id",
        orders=_QUOTA_ORDERS,
        default=QuotaSort.YEAR_DESC,
        filter_type=QuotaFilter,
        description=description,
        on=on,
    )
