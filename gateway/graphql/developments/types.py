"""Developments and quotas, declared on the tables they come from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from contracts.processes.development import DEVELOPMENT
from contracts.vocabulary import Bureau, DevelopmentAction, DevelopmentState
from gateway import tables
from gateway.graphql.compilation import Field
from gateway.graphql.developments.steps import DevelopmentStep, regulated_steps
from gateway.graphql.processes.allowed import AllowedAction, allowed_actions
from gateway.graphql.references import LazyEntity, LazyMember, LazyOrganisation
from gateway.graphql.rows import Row, joined
from gateway.graphql.sources import column, declared, to_one
from gateway.graphql.suppression import SUPPRESSED, member_count, told


@strawberry.type(description="The development of a person, for who may see members 发展党员（限授权者）")
class Development:
    """The development of a person towards membership; they are a member from PROBATIONARY on."""

    id: strawberry.ID = column("process_id", "Id of the development 流程编号")
    version: int = column("version", "Counts its steps from 1 版本")
    person_id: strawberry.ID = column("person_id", "The person; a member's id once they are one 人员编号")
    masked_name: str | None = column(
        "masked_name", "The first character of the name and stars; null once erased 姓名（脱敏）"
    )
    state: DevelopmentState = column("state", "How far they came 阶段")
    action: DevelopmentAction = column("action", "The last step 最近步骤")
    next_from: date | None = column(
        "next_from", "First day on which the next stage may be decided, where a rule says so 最早可进入下一阶段的日期"
    )
    quota_year: int | None = column("quota_year", "Year whose place they took 所用名额年度")
    prolonged_by_months: int | None = column(
        "prolonged_by_months", "By how much their probation was prolonged 延长预备期月数"
    )
    steps: list[DevelopmentStep] = regulated_steps()
    allowed_actions: list[AllowedAction] = allowed_actions(DEVELOPMENT)
    division_code: str = column("division_code", "Division of the organisation 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 记录时间")
    organisation: LazyOrganisation | None = to_one(
        tables.Organisation, joined("organisation_id", "organisation_id"), "Where they are developed 培养党组织"
    )
    workplace: LazyEntity | None = to_one(
        tables.Entity, joined("workplace_entity_id", "entity_id"), "Where they work, as stated 从业主体"
    )
    member: LazyMember | None = to_one(
        tables.Member, joined("person_id", "member_id"), "The member that they became 对应党员"
    )


@dataclass(frozen=True, slots=True)
class _Left:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        return row["places"] - told(field.compilation, row["taken"])


def places_left() -> Any:
    """Declare how many places are left, of a row with `places` and `taken`."""
    return declared(_Left(), f"Who may still be admitted 剩余; as for `taken`, {SUPPRESSED}")


@strawberry.type(description="The quota of an organisation for a year, and what is taken 年度发展党员名额")
class Quota:
    """How many probationary members an organisation may admit in a year, and how many it has."""

    id: strawberry.ID = column("quota_id", "Id of the quota 名额编号")
    version: int = column("version", "Counts its changes from 1 版本")
    year: int = column("year", "The year 年度")
    places: int = column("places", "Who may be admitted 名额")
    taken: int | None = member_count(lambda row: row["taken"], "Who was admitted by it; never more 已使用")
    left: int | None = places_left()
    division_code: str = column("division_code", "Division of the organisation 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 记录时间")
    organisation: LazyOrganisation | None = to_one(
        tables.Organisation, joined("organisation_id", "organisation_id"), "The organisation 党组织"
    )
