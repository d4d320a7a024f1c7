"""What reorganisations can be filtered and ordered by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry

from contracts.vocabulary import ReorganisationKind, ReorganisationState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_day
from gateway.graphql.predicates import among, filtered_by, in_division
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Join


@strawberry.input(description="Reorganisations for which all that is given holds 设置调整筛选条件")
class ReorganisationFilter:
    """Reorganisations for which all that is given holds."""

    kind: list[ReorganisationKind] | None = filtered_by(among("kind"), "Any of these kinds 事项")
    state: list[ReorganisationState] | None = filtered_by(among("state"), "Any of these states 状态")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "The organisation is in this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of reorganisations 设置调整排序")
class ReorganisationSort(Enum):
    """Orders of reorganisations."""

    EFFECTIVE_ON_DESC = strawberry.enum_value("EFFECTIVE_ON_DESC", description="Latest first 日期从新到旧")
    EFFECTIVE_ON_ASC = strawberry.enum_value("EFFECTIVE_ON_ASC", description="Earliest first 日期从旧到新")


_ORDERS: Final[Mapping[ReorganisationSort, Order]] = {
    ReorganisationSort.EFFECTIVE_ON_DESC: by_day("effective_on", descending=True),
    ReorganisationSort.EFFECTIVE_ON_ASC: by_day("effective_on", descending=False),
}


def reorganisation_list(description: str, on: Join | None = None) -> Any:
    """Declare reorganisations by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Reorganisation,
        row_id="process_id",
        orders=_ORDERS,
        default=ReorganisationSort.EFFECTIVE_ON_DESC,
        filter_type=ReorganisationFilter,
        description=description,
        on=on,
    )
