"""What coverages can be filtered and ordered by. Never by counts of members, which are not everybody's."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Final

import strawberry

from contracts.vocabulary import Bureau, CoverageDuty, EntityKind, EntityState, OrganisationCoverage
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_known_day, by_text
from gateway.graphql.predicates import among, before, filtered_by, flag, in_division
from gateway.graphql.ranges import DivisionFilter


@strawberry.input(description="Coverages for which all that is given holds 覆盖情况筛选条件")
class CoverageFilter:
    """Coverages for which all that is given holds."""

    duty: list[CoverageDuty] | None = filtered_by(among("duty"), "Any of these duties 待办")
    organisation_coverage: list[OrganisationCoverage] | None = filtered_by(
        among("organisation_coverage"), "Any of these organisation coverages 组织覆盖"
    )
    work_coverage: bool | None = filtered_by(flag("work_coverage"), "true: there is one; false: there is none 工作覆盖")
    must_found_due_before: date | None = filtered_by(
        before("must_found_due"), "Must found an organisation, and should have it before this day 应建期限早于"
    )
    kind: list[EntityKind] | None = filtered_by(among("kind"), "Entities of any of these kinds 类别")
    state: list[EntityState] | None = filtered_by(among("state"), "Entities in any of these states 登记状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of coverages; unknown values come last 覆盖情况排序")
class CoverageSort(Enum):
    """Orders of coverages."""

    MUST_FOUND_SINCE_ASC = strawberry.enum_value(
        "MUST_FOUND_SINCE_ASC", description="Longest due to found an organisation first 应建未建时间从早到晚"
    )
    MUST_FOUND_DUE_ASC = strawberry.enum_value(
        "MUST_FOUND_DUE_ASC", description="Day on which one should be founded, the earliest first 应建期限从早到晚"
    )
    DIVISION_ASC = strawberry.enum_value("DIVISION_ASC", description="Division code 行政区划代码升序")
    DIVISION_DESC = strawberry.enum_value("DIVISION_DESC", description="Division code, backwards 行政区划代码降序")


_ORDERS: Final[Mapping[CoverageSort, Order]] = {
    CoverageSort.MUST_FOUND_SINCE_ASC: by_known_day("must_found_since", descending=False),
    CoverageSort.MUST_FOUND_DUE_ASC: by_known_day("must_found_due", descending=False),
    CoverageSort.DIVISION_ASC: by_text("division_code", descending=False),
    CoverageSort.DIVISION_DESC: by_text("division_code", descending=True),
}


def coverage_list(description: str) -> Any:
    """Declare coverages by pages."""
    return connection(
        tables.Coverage,
        row_id="entity_id",
        orders=_ORDERS,
        default=CoverageSort.MUST_FOUND_SINCE_ASC,
        filter_type=CoverageFilter,
        description=description,
    )
