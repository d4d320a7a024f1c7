"""What entities can be filtered by, ordered by and counted by."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Final

import strawberry
from sqlalchemy import ColumnElement, Date, func, literal_column
from strawberry import UNSET

from contracts.vocabulary import DIVISION_WIDTH, Bureau, EntityKind, EntityState
from gateway import tables
from gateway.graphql.connections import Order, by_text
from gateway.graphql.counts import Dimension
from gateway.graphql.inputs import Input
from gateway.graphql.predicates import among, between_dates, containing, filtered_by, in_division, related
from gateway.graphql.rows import Row, same_entity


@strawberry.input(description="A part of the divisions 行政区划范围")
class DivisionFilter:
    """A part of the divisions."""

    under: str | None = strawberry.field(
        default=UNSET,
        description="A division and everything under it; its code of 2, 4, 6, 9 or 12 digits 某区划及其下级",
    )
    unassigned: bool | None = strawberry.field(
        default=UNSET,
        description="true: rows without a division as well, or only they; false: never they 是否包含未分配的主体",
    )


@strawberry.input(description="Days from one to another, both included 日期范围（含首尾）")
class DateRange:
    """Days from one to another, both included; without an end it is open there."""

    from_: date | None = strawberry.field(name="from", default=UNSET, description="First day 起始日期")
    to: date | None = strawberry.field(default=UNSET, description="Last day 截止日期")


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


_INFINITIES: Final = {"infinity": date.max, "-infinity": date.min}
"""The dates that the driver writes as PostgreSQL's infinities."""


def _day(text: str) -> date:
    return _INFINITIES.get(text) or date.fromisoformat(text)


def _registered(unknown: str) -> ColumnElement[date]:
    return literal_column(f"'{unknown}'::date", Date)


ORDERS: Final[Mapping[EntitySort, Order]] = {
    # Unknown dates come last in both directions, so each direction has a key, and an index, of its own.
    EntitySort.REGISTERED_ON_DESC: Order(
        lambda row: func.coalesce(row["registered_on"], _registered("-infinity")), Date(), _day, descending=True
    ),
    EntitySort.REGISTERED_ON_ASC: Order(
        lambda row: func.coalesce(row["registered_on"], _registered("infinity")), Date(), _day, descending=False
    ),
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


@strawberry.enum(description="Levels of the divisions 行政区划层级")
class DivisionLevel(Enum):
    """Levels of the divisions."""

    DISTRICT = strawberry.enum_value("DISTRICT", description="区县")
    TOWNSHIP = strawberry.enum_value("TOWNSHIP", description="镇街")
    GRID = strawberry.enum_value("GRID", description="网格")


_DIGITS: Final = {DivisionLevel.DISTRICT: 6, DivisionLevel.TOWNSHIP: 9}
"""Digits that name a division of a level; a grid's whole code does."""


def _division(row: Row, arguments: Input) -> ColumnElement[str]:
    digits = _DIGITS.get(arguments.word("divisionLevel", DivisionLevel))
    code: ColumnElement[str] = row["division_code"]
    if digits is None:
        return code
    return func.rpad(
        func.left(code, literal_column(str(digits))), literal_column(str(DIVISION_WIDTH)), literal_column("'0'")
    )


DIMENSIONS: Final[Mapping[EntityDimension, Dimension]] = {
    EntityDimension.KIND: Dimension("kind", lambda row, _: row["kind"]),
    EntityDimension.STATE: Dimension("state", lambda row, _: row["state"]),
    EntityDimension.DIVISION: Dimension("division_code", _division),
    EntityDimension.BUREAU: Dimension("bureau", lambda row, _: row["bureau"]),
}
