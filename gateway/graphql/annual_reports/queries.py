"""What can be asked of annual reports and discrepancies."""

import strawberry

from gateway import tables
from gateway.graphql.annual_reports.filters import discrepancy_list, report_list
from gateway.graphql.annual_reports.missing import AnnualReportsMissing, reports_missing
from gateway.graphql.annual_reports.types import AnnualReport, Discrepancy
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class AnnualReportQueries:
    """What can be asked of annual reports and discrepancies."""

    annual_report: AnnualReport | None = by_key(
        tables.AnnualReport,
        [id_key("report_id", Argument("id", strawberry.ID, "Id of the report 年报编号"))],
        newest="recorded_at",
        description="One annual report by id 按编号查询一份年报",
    )
    annual_reports: Connection[AnnualReport] = report_list("Annual reports by pages 分页查询年报")
    annual_reports_missing: AnnualReportsMissing = reports_missing("Who has not filed on a year 查询未报年报情况")
    discrepancy: Discrepancy | None = by_key(
        tables.Discrepancy,
        [id_key("process_id", Argument("id", strawberry.ID, "Id of the discrepancy 差异编号"))],
        newest="recorded_at",
        description="One discrepancy by id 按编号查询一项年报差异",
    )
    discrepancies: Connection[Discrepancy] = discrepancy_list("Discrepancies by pages 分页查询年报差异")
