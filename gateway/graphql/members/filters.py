"""What members can be filtered and ordered by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import ColumnElement

from contracts.vocabulary import Bureau, LeavingReason, MemberStanding, MemberState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.inputs import Input
from gateway.graphql.orders import Order, by_text
from gateway.graphql.predicates import among, filtered_by, in_division
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Join, Row


def _relation_elsewhere(given: Input, row: Row) -> ColumnElement[bool]:
    relation, management = row["relation_organisation_id"], row["management_organisation_id"]
    return relation.is_distinct_from(management) if given.is_true else relation.is_not_distinct_from(management)


@strawberry.input(description="Members for which all that is given holds 党员筛选条件")
class MemberFilter:
    """Members for which all that is given holds."""

    standing: list[MemberStanding] | None = filtered_by(among("standing"), "Full or probationary 类别")
    state: list[MemberState] | None = filtered_by(among("state"), "Any of these states 状态")
    leaving_reason: list[LeavingReason] | None = filtered_by(
        among("leaving_reason"), "Left for any of these reasons 出册原因"
    )
    relation_elsewhere: bool | None = filtered_by(
        _relation_elsewhere,
        "true: relation and management are not at the same organisation; false: they are 组织关系与管理是否分离",
    )
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of members 党员排序")
class MemberSort(Enum):
    """Orders of members."""

    DIVISION_ASC = strawberry.enum_value("DIVISION_ASC", description="Division code 行政区划代码升序")
    DIVISION_DESC = strawberry.enum_value("DIVISION_DESC", description="Division code, backwards 行政区划代码降序")


_ORDERS: Final[Mapping[MemberSort, Order]] = {
    MemberSort.DIVISION_ASC: by_text("division_code", descending=False),
    MemberSort.DIVISION_DESC: by_text("division_code", descending=True),
}


def member_list(description: str, on: Join | None = None) -> Any:
    """Declare members by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Member,
        row_id="member_id",
        orders=_ORDERS,
        default=MemberSort.DIVISION_ASC,
        filter_type=MemberFilter,
        description=description,
        on=on,
    )
