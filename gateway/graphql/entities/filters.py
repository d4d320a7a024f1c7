"""What entities can be filtered by, ordered by and counted by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import ColumnElement, and_

from contracts.vocabulary import Bureau, EntityKind, EntityState, MemberState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.counts import Dimension
from gateway.graphql.division_levels import division_at_level
from gateway.graphql.json_sql import word_literal
from gateway.graphql.orders import Order, by_known_day, by_text
from gateway.graphql.outreach.filters import visited_entity
from gateway.graphql.predicates import among, between_dates, containing, filtered_by, in_division, related
from gateway.graphql.ranges import DateRange, DivisionFilter
from gateway.graphql.rows import Join, Row, same_entity


def _works_there(entity: Row, member: Row) -> ColumnElement[bool]:
    return and_(
        member["workplace_entity_id"] == entity["entity_id"], member["state"] == word_literal(MemberState.ACTIVE)
    )


@strawberry.input(description="Entities for which all that is given holds 市场主体筛选条件")
class EntityFilter:
    """Entities for which all that is given holds."""

    kind: list[EntityKind] | None = filtered_by(among("kind"), "Any of these kinds 类别")
    state: list[EntityState] | None = filtered_by(among("state"), "Any of these states 登记状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    uscc_in: list[str] | None = filtered_by(
        among("uscc", str.upper), "Any of these codes, at most 500 统一社会信用代码"
    )
    registered_on: DateRange | None = filtered_by(between_dates("registered_on"), "Registered in these days 注册日期")
    recorded: bool | None = filtered_by(
        related(tables.EntityLedger, same_entity), "true: in the entity ledger; false: not there yet 是否已入台账"
    )
    has_member: bool | None = filtered_by(
        related(tables.Member, _works_there),
        "true: a member works there; false: none does; whoever may not see members finds none 是否有党员从业",
    )
    visited: bool | None = filtered_by(
        related(tables.Visit, visited_entity), "true: a cadre visited it; false: none did 是否走访过"
    )
    name_contains: str | None = filtered_by(containing("name"), "The name has this text in it 名称包含")


@strawberry.enum(description="Orders of entities; unknown values come last 市场主体排序")
class EntitySort(Enum):
    """Orders of entities."""

    REGISTERED_ON_DESC = strawberry.enum_value("REGISTERED_ON_DESC", description="Newest first 注册日期从新到旧")
    REGISTERED_ON_ASC = strawberry.enum_value("REGISTERED_ON_ASC", description="Oldest first 注册日期从旧到新")
    NAME_ASC = strawberry.enum_value("NAME_ASC", description="Name, by code point 名称升序")
    NAME_DESC = strawberry.enum_value("NAME_DESC", description="Name, by code point, backwards 名称降序")
    USCC_ASC = strawberry.enum_value("USCC_ASC", description="Unified social credit code 统一社会信用代码升序")
    USCC_DESC = strawberry.enum_value("USCC_DESC", description="The same backwards 统一社会信用代码降序")
    DIVISION_ASC = strawberry.enum_value("DIVISION_ASC", description="Division code 行政区划代码升序")
    DIVISION_DESC = strawberry.enum_value("DIVISION_DESC", description="Division code, backwards 行政区划代码降序")


ORDERS: Final[Mapping[EntitySort, Order]] = {
    EntitySort.REGISTERED_ON_DESC: by_known_day("registered_on", descending=True),
    EntitySort.REGISTERED_ON_ASC: by_known_day("registered_on", descending=False),
    EntitySort.NAME_ASC: by_text("name", descending=False),
    EntitySort.NAME_DESC: by_text("name", descending=True),
    EntitySort.USCC_ASC: by_text("uscc", descending=False),
    EntitySort.USCC_DESC: by_text("uscc", descending=True),
    EntitySort.DIVISION_ASC: by_text("division_code", descending=False),
    EntitySort.DIVISION_DESC: by_text("division_code", descending=True),
}


@strawberry.enum(description="What entities can be counted by 统计维度")
class EntityDimension(Enum):
    """What entities can be counted by."""

    KIND = strawberry.enum_value("KIND", description="类别")
    STATE = strawberry.enum_value("STATE", description="登记状态")
    DIVISION = strawberry.enum_value("DIVISION", description="行政区划")
    BUREAU = strawberry.enum_value("BUREAU", description="条线")


DIMENSIONS: Final[Mapping[EntityDimension, Dimension]] = {
    EntityDimension.KIND: Dimension("kind", lambda row, _: row["kind"]),
    EntityDimension.STATE: Dimension("state", lambda row, _: row["state"]),
    EntityDimension.DIVISION: Dimension("division_code", division_at_level),
    EntityDimension.BUREAU: Dimension("bureau", lambda row, _: row["bureau"]),
}


def entity_list(description: str, on: Join | None = None) -> Any:
    """Declare entities by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Entity,
        row_id="entity_id",
        orders=ORDERS,
        default=EntitySort.REGISTERED_ON_DESC,
        filter_type=EntityFilter,
        description=description,
        on=on,
    )
