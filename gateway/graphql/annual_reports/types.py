"""Annual reports and discrepancies, declared on the tables they come from."""

from datetime import date, datetime

import strawberry

from contracts.processes.discrepancy import DISCREPANCY
from contracts.vocabulary import (
    AnnualReportState,
    Bureau,
    DiscrepancyAction,
    DiscrepancyField,
    DiscrepancyState,
)
from gateway import tables
from gateway.graphql.annual_reports.filters import discrepancy_list
from gateway.graphql.pages import Connection
from gateway.graphql.processes.allowed import AllowedAction, allowed_actions
from gateway.graphql.references import LazyDiscrepancy, LazyEntity
from gateway.graphql.rows import joined, same_entity
from gateway.graphql.sources import column, to_one
from gateway.graphql.suppression import member_count


@strawberry.type(description="An annual report of an entity; it has one a year 年报")
class AnnualReport:
    """An annual report of an entity."""

    id: strawberry.ID = column("report_id", "Its id 编号")
    version: int = column("version", "Counts its changes from 1 版本")
    year: int = column("year", "The year that is reported on 报告年度")
    state: AnnualReportState = column("state", "CORRECTED once it was filed again 状态")
    filed_on: date = column("filed_on", "Day on which it was filed at first, Asia/Shanghai 报送日期")
    due_on: date = column("due_on", "Last day on which it was in time 截止日期")
    late: bool = column("late", "Whether it was filed after that day 是否逾期")
    edition: str = column("edition", "The edition of its questions 版本")
    employees: int | None = column("employees", "People who work there 从业人数")
    full_members: int | None = member_count(lambda row: row["full_members"], "Full members among them 正式党员人数")
    probationary_members: int | None = member_count(
        lambda row: row["probationary_members"], "Probationary members among them 预备党员人数"
    )
    has_organisation: bool | None = column("has_organisation", "Whether it has an organisation 是否建立党组织")
    has_secretary: bool | None = column("has_secretary", "Whether that has a secretary 是否有党组织书记")
    wishes_guidance: bool | None = column("wishes_guidance", "Whether it wishes guidance 是否需要党建指导")
    division_code: str = column("division_code", "Division that it was filed in 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which registration recorded it, UTC 记录时间")
    entity: LazyEntity | None = to_one(tables.Entity, same_entity, "The entity, where already heard of 市场主体")
    discrepancies: Connection[LazyDiscrepancy] = discrepancy_list(
        "What in it differs, or differed, from the ledgers 与台账的差异", joined("report_id", "report_id")
    )


@strawberry.type(
    description="Where an annual report and the ledgers differ. What was stated and known is of the last filing or its "
    "correction 年报差异"
)
class Discrepancy:
    """Where an annual report and the ledgers differ."""

    id: strawberry.ID = column("process_id", "Its id 编号")
    version: int = column("version", "Counts its steps from 1 版本")
    state: DiscrepancyState = column("state", "State 状态")
    action: DiscrepancyAction = column("action", "The last step 最近步骤")
    due_at: datetime | None = column("due_at", "Moment at which the state is overdue, UTC 到期时间")
    allowed_actions: list[AllowedAction] = allowed_actions(DISCREPANCY)
    year: int = column("year", "The year that is reported on 报告年度")
    field: DiscrepancyField = column("field", "What differs 比对项")
    stated_count: int | None = member_count(
        lambda row: row["stated_count"], "Persons, as the report states; null for other fields 年报人数"
    )
    known_count: int | None = member_count(
        lambda row: row["known_count"], "Persons, as the ledgers know; null for other fields 台账人数"
    )
    stated_organisation: bool | None = column(
        "stated_organisation", "Whether there is an organisation, as the report states 年报是否建立党组织"
    )
    known_organisation: bool | None = column(
        "known_organisation", "Whether any organisation covers it, as the ledgers know 台账是否有党组织覆盖"
    )
    division_code: str = column("division_code", "Division that answers for it 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which registration recorded it, UTC 记录时间")
    report: AnnualReport | None = to_one(
        tables.AnnualReport, joined("report_id", "report_id"), "The report, where already heard of 年报"
    )
    entity: LazyEntity | None = to_one(tables.Entity, same_entity, "The entity, where already heard of 市场主体")
