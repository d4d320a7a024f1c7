"""Transfers, declared on the table they come from. Hidden from who may not see members."""

from datetime import date, datetime

import strawberry

from contracts.processes.transfer import TRANSFER
from contracts.vocabulary import Bureau, TransferAction, TransferState
from gateway import tables
from gateway.graphql.processes.allowed import AllowedAction, allowed_actions
from gateway.graphql.references import LazyMember, LazyOrganisation
from gateway.graphql.rows import joined
from gateway.graphql.sources import column, to_one


@strawberry.type(description="A transfer of a member's relation, for who may see members 组织关系转接（限授权者）")
class Transfer:
    """A transfer of a member's relation from one organisation to another."""

    id: strawberry.ID = column("process_id", "Id of the transfer 转接编号")
    version: int = column("version", "Counts its steps from 1 版本")
    state: TransferState = column("state", "State 状态")
    action: TransferAction = column("action", "The last step 最近步骤")
    due_at: datetime | None = column("due_at", "Moment at which the state is overdue, UTC 到期时间")
    allowed_actions: list[AllowedAction] = allowed_actions(TRANSFER)
    with_management: bool = column("with_management", "Whether the management goes there too 管理是否一并转接")
    division_code: str = column("division_code", "Division of the giving side 转出方行政区划代码")
    to_division_code: str = column("to_division_code", "Division of the receiving side 转入方行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line of the giving side 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 记录时间")
    member: LazyMember | None = to_one(
        tables.Member, joined("member_id", "member_id"), "The member, where in the caller's divisions 党员"
    )
    giving: LazyOrganisation | None = to_one(
        tables.Organisation, joined("from_organisation_id", "organisation_id"), "The giving organisation 转出党组织"
    )
    receiving: LazyOrganisation | None = to_one(
        tables.Organisation, joined("to_organisation_id", "organisation_id"), "The receiving organisation 转入党组织"
    )
