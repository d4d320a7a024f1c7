"""What transfers can be filtered and ordered by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry

from contracts.vocabulary import TransferState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_day
from gateway.graphql.predicates import among, filtered_by, in_division
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Join


@strawberry.input(description="Transfers for which all that is given holds 转接筛选条件")
class TransferFilter:
    """Transfers for which all that is given holds."""

    state: list[TransferState] | None = filtered_by(among("state"), "Any of these states 状态")
    giving_division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "The giving side is in this part of the divisions 转出方行政区划"
    )
    receiving_division: DivisionFilter | None = filtered_by(
        in_division("to_division_code"), "The receiving side is in this part of the divisions 转入方行政区划"
    )


@strawberry.enum(description="Orders of transfers 转接排序")
class TransferSort(Enum):
    """Orders of transfers."""

    EFFECTIVE_ON_DESC = strawberry.enum_value("EFFECTIVE_ON_DESC", description="Latest first 日期从新到旧")
    EFFECTIVE_ON_ASC = strawberry.enum_value("EFFECTIVE_ON_ASC", description="Earliest first 日期从旧到新")


_ORDERS: Final[Mapping[TransferSort, Order]] = {
    TransferSort.EFFECTIVE_ON_DESC: by_day("effective_on", descending=True),
    TransferSort.EFFECTIVE_ON_ASC: by_day("effective_on", descending=False),
}


def transfer_list(description: str, on: Join | None = None) -> Any:
    """Declare transfers by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Transfer,
        row_id="process_id",
        orders=_ORDERS,
        default=TransferSort.EFFECTIVE_ON_DESC,
        filter_type=TransferFilter,
        description=description,
        on=on,
    )
