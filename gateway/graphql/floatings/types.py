"""Floating members, declared on the table they come from. Hidden from who may not see members."""

from datetime import date, datetime

import strawberry

from contracts.processes.floating import FLOATING
from contracts.vocabulary import Bureau, FloatingAction, FloatingReason, FloatingState
from gateway import tables
from gateway.graphql.processes.allowed import AllowedAction, allowed_actions
from gateway.graphql.references import LazyMember, LazyOrganisation
from gateway.graphql.rows import joined
from gateway.graphql.sources import column, to_one


@strawberry.type(description="A member's being out, for who may see members 流动党员外出（限授权者）")
class Floating:
    """A member's being out. Both ends see it; the member is counted at home."""

    id: strawberry.ID = column("process_id", "Id of it 流程编号")
    version: int = column("version", "Counts its steps from 1 版本")
    state: FloatingState = column("state", "State 状态")
    action: FloatingAction = column("action", "The last step 最近步骤")
    out_since: date = column("out_since", "First day out 外出日期")
    reason: FloatingReason = column("reason", "Why they are out 外出原因")
    due_at: datetime | None = column(
        "due_at", "Moment at which they are out for six months, UTC; null once it is over 满六个月的时点"
    )
    allowed_actions: list[AllowedAction] = allowed_actions(FLOATING)
    division_code: str = column("division_code", "Division of the end at home 流出地行政区划代码")
    to_division_code: str = column("to_division_code", "Division of the other end 流入地行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line of the end at home 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 记录时间")
    member: LazyMember | None = to_one(
        tables.Member, joined("member_id", "member_id"), "The member, where in the caller's divisions 党员"
    )
    home: LazyOrganisation | None = to_one(
        tables.Organisation, joined("organisation_id", "organisation_id"), "The organisation at home 流出地党组织"
    )
    away: LazyOrganisation | None = to_one(
        tables.Organisation,
        joined("to_organisation_id", "organisation_id"),
        "The organisation at the other end, where known 流入地党组织",
    )
