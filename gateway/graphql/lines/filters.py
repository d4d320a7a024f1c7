"""What divisions, bureaus, associations and cadres can be filtered and ordered by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry

from contracts.vocabulary import Bureau, BureauKind, CadreState, DivisionLevel, UnitState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_text
from gateway.graphql.predicates import among, containing, filtered_by, in_division
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Join


@strawberry.input(description="Divisions for which all that is given holds 行政区划筛选条件")
class DivisionsFilter:
    """Divisions for which all that is given holds."""

    level: list[DivisionLevel] | None = filtered_by(among("level"), "Any of these levels 层级")
    state: list[UnitState] | None = filtered_by(among("state"), "Any of these states 状态")
    division: DivisionFilter | None = filtered_by(in_division("division_code"), "In this part of them 行政区划范围")
    name_contains: str | None = filtered_by(containing("name"), "The name has this text in it 名称包含")


@strawberry.input(description="Bureaus for which all that is given holds 部门筛选条件")
class BureausFilter:
    """Bureaus for which all that is given holds."""

    kind: list[BureauKind] | None = filtered_by(among("kind"), "Any of these kinds 类别")
    state: list[UnitState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    name_contains: str | None = filtered_by(containing("name"), "The name has this text in it 名称包含")


@strawberry.input(description="Associations for which all that is given holds 协会筛选条件")
class AssociationsFilter:
    """Associations for which all that is given holds."""

    state: list[UnitState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    name_contains: str | None = filtered_by(containing("name"), "The name has this text in it 名称包含")


@strawberry.input(description="Cadres for which all that is given holds 干部筛选条件")
class CadresFilter:
    """Cadres for which all that is given holds."""

    state: list[CadreState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of divisions 行政区划排序")
class DivisionSort(Enum):
    """Orders of divisions."""

    CODE_ASC = strawberry.enum_value("CODE_ASC", description="Division code 代码升序")
    CODE_DESC = strawberry.enum_value("CODE_DESC", description="Division code, backwards 代码降序")


@strawberry.enum(description="Orders of bureaus and associations 机构排序")
class UnitSort(Enum):
    """Orders of bureaus and associations."""

    NAME_ASC = strawberry.enum_value("NAME_ASC", description="Name, by code point 名称升序")
    NAME_DESC = strawberry.enum_value("NAME_DESC", description="Name, by code point, backwards 名称降序")
    DIVISION_ASC = strawberry.enum_value("DIVISION_ASC", description="Division code 行政区划代码升序")
    DIVISION_DESC = strawberry.enum_value("DIVISION_DESC", description="Division code, backwards 行政区划代码降序")


@strawberry.enum(description="Orders of cadres 干部排序")
class CadreSort(Enum):
    """Orders of cadres."""

    DIVISION_ASC = strawberry.enum_value("DIVISION_ASC", description="Division code 行政区划代码升序")
    DIVISION_DESC = strawberry.enum_value("DIVISION_DESC", description="Division code, backwards 行政区划代码降序")


_DIVISION_ORDERS: Final[Mapping[DivisionSort, Order]] = {
    DivisionSort.CODE_ASC: by_text("division_code", descending=False),
    DivisionSort.CODE_DESC: by_text("division_code", descending=True),
}
_UNIT_ORDERS: Final[Mapping[UnitSort, Order]] = {
    UnitSort.NAME_ASC: by_text("name", descending=False),
    UnitSort.NAME_DESC: by_text("name", descending=True),
    UnitSort.DIVISION_ASC: by_text("division_code", descending=False),
    UnitSort.DIVISION_DESC: by_text("division_code", descending=True),
}
_CADRE_ORDERS: Final[Mapping[CadreSort, Order]] = {
    CadreSort.DIVISION_ASC: by_text("division_code", descending=False),
    CadreSort.DIVISION_DESC: by_text("division_code", descending=True),
}


def division_list(description: str, on: Join | None = None) -> Any:
    """Declare divisions by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Division,
        row_id="division_code",
        orders=_DIVISION_ORDERS,
        default=DivisionSort.CODE_ASC,
        filter_type=DivisionsFilter,
        description=description,
        on=on,
    )


def bureau_list(description: str, on: Join | None = None) -> Any:
    """Declare bureaus and stations by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.BureauUnit,
        row_id="bureau_id",
        orders=_UNIT_ORDERS,
        default=UnitSort.NAME_ASC,
        filter_type=BureausFilter,
        description=description,
        on=on,
    )


def association_list(description: str, on: Join | None = None) -> Any:
    """Declare associations by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Association,
        row_id="association_id",
        orders=_UNIT_ORDERS,
        default=UnitSort.NAME_ASC,
        filter_type=AssociationsFilter,
        description=description,
        on=on,
    )


def cadre_list(description: str, on: Join | None = None) -> Any:
    """Declare cadres by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Cadre,
        row_id="cadre_id",
        orders=_CADRE_ORDERS,
        default=CadreSort.DIVISION_ASC,
        filter_type=CadresFilter,
        description=description,
        on=on,
    )
