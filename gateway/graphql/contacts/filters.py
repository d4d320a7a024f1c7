"""What contacts can be filtered and ordered by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry

from contracts.vocabulary import Bureau, ContactRole, ContactState, PartyMembership
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_known_day, by_text
from gateway.graphql.predicates import among, filtered_by, in_division
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Join


@strawberry.input(description="Contacts for which all that is given holds 联系人筛选条件")
class ContactFilter:
    """Contacts for which all that is given holds."""

    role: list[ContactRole] | None = filtered_by(among("role"), "Any of these roles 身份")
    party_member: list[PartyMembership] | None = filtered_by(among("party_member"), "Any of these 是否党员")
    state: list[ContactState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of contacts; unknown values come last 联系人排序")
class ContactSort(Enum):
    """Orders of contacts."""

    DIVISION_ASC = strawberry.enum_value("DIVISION_ASC", description="Division code 行政区划代码升序")
    DIVISION_DESC = strawberry.enum_value("DIVISION_DESC", description="Division code, backwards 行政区划代码降序")
    SINCE_DESC = strawberry.enum_value("SINCE_DESC", description="Latest first 起始日期从新到旧")
    SINCE_ASC = strawberry.enum_value("SINCE_ASC", description="Earliest first 起始日期从旧到新")


_ORDERS: Final[Mapping[ContactSort, Order]] = {
    ContactSort.DIVISION_ASC: by_text("division_code", descending=False),
    ContactSort.DIVISION_DESC: by_text("division_code", descending=True),
    ContactSort.SINCE_DESC: by_known_day("since", descending=True),
    ContactSort.SINCE_ASC: by_known_day("since", descending=False),
}


def contact_list(description: str, on: Join | None = None) -> Any:
    """Declare contacts by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Contact,
        row_id="contact_id",
        orders=_ORDERS,
        default=ContactSort.DIVISION_ASC,
        filter_type=ContactFilter,
        description=description,
        on=on,
    )
