"""What assignments, suggestions and alliances can be filtered and ordered by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import and_

from contracts.vocabulary import (
    AllianceState,
    AssignmentRole,
    AssignmentState,
    AssignmentTarget,
    Bureau,
    SuggestionState,
)
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.json_sql import word_literal
from gateway.graphql.orders import Order, by_day, by_text
from gateway.graphql.predicates import among, containing, filtered_by, in_division, known
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Join


def assigned_to(target: AssignmentTarget, key: str) -> Join:
    """Join a row of this kind, named by its column `key`, with the assignments to it."""
    return lambda row, assignment: and_(
        assignment["target_id"] == row[key], assignment["target"] == word_literal(target)
    )


@strawberry.input(description="Assignments for which all that is given holds 选派筛选条件")
class AssignmentFilter:
    """Assignments for which all that is given holds."""

    role: list[AssignmentRole] | None = filtered_by(among("role"), "As any of these 选派身份")
    target: list[AssignmentTarget] | None = filtered_by(among("target"), "To any of these 选派对象")
    state: list[AssignmentState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.input(description="Suggestions for which all that is given holds 推荐筛选条件")
class SuggestionFilter:
    """Suggestions for which all that is given holds."""

    state: list[SuggestionState] | None = filtered_by(among("state"), "Any of these states 状态")
    has_partner: bool | None = filtered_by(
        known("partner_organisation_id"), "true: a partner was found; false: none is fit yet 是否有推荐对象"
    )
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.input(description="Alliances for which all that is given holds 联合体筛选条件")
class AllianceFilter:
    """Alliances for which all that is given holds."""

    state: list[AllianceState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    name_contains: str | None = filtered_by(containing("name"), "The name has this text in it 名称包含")


@strawberry.enum(description="Orders of assignments 选派排序")
class AssignmentSort(Enum):
    """Orders of assignments."""

    STARTS_ON_DESC = strawberry.enum_value("STARTS_ON_DESC", description="Latest first 起始日期从新到旧")
    STARTS_ON_ASC = strawberry.enum_value("STARTS_ON_ASC", description="Earliest first 起始日期从旧到新")


@strawberry.enum(description="Orders of suggestions 推荐排序")
class SuggestionSort(Enum):
    """Orders of suggestions."""

    EFFECTIVE_ON_DESC = strawberry.enum_value("EFFECTIVE_ON_DESC", description="Latest first 日期从新到旧")
    EFFECTIVE_ON_ASC = strawberry.enum_value("EFFECTIVE_ON_ASC", description="Earliest first 日期从旧到新")


@strawberry.enum(description="Orders of alliances 联合体排序")
class AllianceSort(Enum):
    """Orders of alliances."""

    FORMED_ON_DESC = strawberry.enum_value("FORMED_ON_DESC", description="Formed last first 成立日期从新到旧")
    FORMED_ON_ASC = strawberry.enum_value("FORMED_ON_ASC", description="Formed first first 成立日期从旧到新")
    NAME_ASC = strawberry.enum_value("NAME_ASC", description="Name, by code point 名称升序")
    NAME_DESC = strawberry.enum_value("NAME_DESC", description="Name, by code point, backwards 名称降序")


_ASSIGNMENT_ORDERS: Final[Mapping[AssignmentSort, Order]] = {
    AssignmentSort.STARTS_ON_DESC: by_day("starts_on", descending=True),
    AssignmentSort.STARTS_ON_ASC: by_day("starts_on", descending=False),
}
_SUGGESTION_ORDERS: Final[Mapping[SuggestionSort, Order]] = {
    SuggestionSort.EFFECTIVE_ON_DESC: by_day("effective_on", descending=True),
    SuggestionSort.EFFECTIVE_ON_ASC: by_day("effective_on", descending=False),
}
_ALLIANCE_ORDERS: Final[Mapping[AllianceSort, Order]] = {
    AllianceSort.FORMED_ON_DESC: by_day("formed_on", descending=True),
    AllianceSort.FORMED_ON_ASC: by_day("formed_on", descending=False),
    AllianceSort.NAME_ASC: by_text("name", descending=False),
    AllianceSort.NAME_DESC: by_text("name", descending=True),
}


def assignment_list(description: str, on: Join | None = None) -> Any:
    """Declare assignments by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Assignment,
        row_id="assignment_id",
        orders=_ASSIGNMENT_ORDERS,
        default=AssignmentSort.STARTS_ON_DESC,
        filter_type=AssignmentFilter,
        description=description,
        on=on,
    )


def suggestion_list(description: str, on: Join | None = None) -> Any:
    """Declare suggestions by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Suggestion,
        row_id="suggestion_id",
        orders=_SUGGESTION_ORDERS,
        default=SuggestionSort.EFFECTIVE_ON_DESC,
        filter_type=SuggestionFilter,
        description=description,
        on=on,
    )


def alliance_list(description: str) -> Any:
    """Declare alliances by pages."""
    return connection(
        tables.Alliance,
        row_id="alliance_id",
        orders=_ALLIANCE_ORDERS,
        default=AllianceSort.FORMED_ON_DESC,
        filter_type=AllianceFilter,
        description=description,
    )
