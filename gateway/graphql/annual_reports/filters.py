"""What annual reports and discrepancies can be filtered and ordered by. Never by counts of members."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import BigInteger

from contracts.vocabulary import AnnualReportState, DiscrepancyField, DiscrepancyState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_day
from gateway.graphql.predicates import Predicate, among, between_dates, filtered_by, flag, in_division
from gateway.graphql.processes.due import DUE_BY, due_by
from gateway.graphql.ranges import DateRange, DivisionFilter
from gateway.graphql.rows import Join


def _of_year() -> Predicate:
    return lambda given, row: row["year"] == given.bind(BigInteger(), int)


@strawberry.input(description="Annual reports for which all that is given holds 年报筛选条件")
class AnnualReportFilter:
    """Annual reports for which all that is given holds."""

    year: int | None = filtered_by(_of_year(), "On this year 报告年度")
    late: bool | None = filtered_by(flag("late"), "true: filed too late; false: in time 是否逾期")
    state: list[AnnualReportState] | None = filtered_by(among("state"), "Any of these states 状态")
    filed_on: DateRange | None = filtered_by(between_dates("filed_on"), "Filed in these days 报送日期")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="Orders of annual reports 年报排序")
class AnnualReportSort(Enum):
    """Orders of annual reports."""

    FILED_ON_DESC = strawberry.enum_value("FILED_ON_DESC", description="Latest first 报送日期从新到旧")
    FILED_ON_ASC = strawberry.enum_value("FILED_ON_ASC", description="Earliest first 报送日期从旧到新")


_REPORT_ORDERS: Final[Mapping[AnnualReportSort, Order]] = {
    AnnualReportSort.FILED_ON_DESC: by_day("filed_on", descending=True),
    AnnualReportSort.FILED_ON_ASC: by_day("filed_on", descending=False),
}


def report_list(description: str, on: Join | None = None) -> Any:
    """Declare annual reports by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.AnnualReport,
        row_id="report_id",
        orders=_REPORT_ORDERS,
        default=AnnualReportSort.FILED_ON_DESC,
        filter_type=AnnualReportFilter,
        description=description,
        on=on,
    )


@strawberry.input(description="Discrepancies for which all that is given holds 差异筛选条件")
class DiscrepancyFilter:
    """Discrepancies for which all that is given holds."""

    year: int | None = filtered_by(_of_year(), "Of reports on this year 报告年度")
    field: list[DiscrepancyField] | None = filtered_by(among("field"), "Of any of these fields 比对项")
    state: list[DiscrepancyState] | None = filtered_by(among("state"), "Any of these states 状态")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    due_by: date | None = filtered_by(due_by(), DUE_BY)


@strawberry.enum(description="Orders of discrepancies 差异排序")
class DiscrepancySort(Enum):
    """Orders of discrepancies."""

    EFFECTIVE_ON_DESC = strawberry.enum_value("EFFECTIVE_ON_DESC", description="Latest first 日期从新到旧")
    EFFECTIVE_ON_ASC = strawberry.enum_value("EFFECTIVE_ON_ASC", description="Earliest first 日期从旧到新")


_DISCREPANCY_ORDERS: Final[Mapping[DiscrepancySort, Order]] = {
    DiscrepancySort.EFFECTIVE_ON_DESC: by_day("effective_on", descending=True),
    DiscrepancySort.EFFECTIVE_ON_ASC: by_day("effective_on", descending=False),
}


def discrepancy_list(description: str, on: Join | None = None) -> Any:
    """Declare discrepancies by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.Discrepancy,
        row_id="process_id",
        orders=_DISCREPANCY_ORDERS,
        default=DiscrepancySort.EFFECTIVE_ON_DESC,
        filter_type=DiscrepancyFilter,
        description=description,
        on=on,
    )
