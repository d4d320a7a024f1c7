"""Reorganisations, declared on the table they come from."""

from datetime import date, datetime

import strawberry

from contracts.processes.reorganisation import REORGANISATION
from contracts.vocabulary import (
    Bureau,
    FormationMode,
    OrganisationForm,
    ReorganisationAction,
    ReorganisationKind,
    ReorganisationState,
)
from gateway import tables
from gateway.graphql.processes.allowed import AllowedAction, allowed_actions
from gateway.graphql.references import LazyOrganisation
from gateway.graphql.rows import joined
from gateway.graphql.sources import column, to_one


@strawberry.type(description="Founding, renaming, merging or dissolving of an organisation 党组织设置调整")
class Reorganisation:
    """Founding, renaming, merging or dissolving of an organisation; nothing changes before it is CARRIED_OUT."""

    id: strawberry.ID = column("process_id", "Id of the reorganisation 设置调整编号")
    version: int = column("version", "Counts its steps from 1 版本")
    kind: ReorganisationKind = column("kind", "What it is to bring about 事项")
    state: ReorganisationState = column("state", "State 状态")
    action: ReorganisationAction = column("action", "The last step 最近步骤")
    due_at: datetime | None = column("due_at", "Moment at which the state is overdue, UTC 到期时间")
    allowed_actions: list[AllowedAction] = allowed_actions(REORGANISATION)
    organisation_id: strawberry.ID = column(
        "organisation_id", "Id of the organisation; with FOUND the one that it will have 党组织编号"
    )
    name: str | None = column("name", "With FOUND and RENAME its name 名称")
    form: OrganisationForm | None = column("form", "With FOUND its form 形式")
    mode: FormationMode | None = column("mode", "With FOUND how it will cover its entities 组建方式")
    division_code: str = column("division_code", "Division of the organisation 行政区划代码")
    superior_division_code: str = column(
        "superior_division_code", "Division of the superior side, which approves 批准方行政区划代码"
    )
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 记录时间")
    organisation: LazyOrganisation | None = to_one(
        tables.Organisation,
        joined("organisation_id", "organisation_id"),
        "The organisation, where it is there already 党组织",
    )
    target: LazyOrganisation | None = to_one(
        tables.Organisation, joined("target_id", "organisation_id"), "With MERGE: what takes all over 并入的党组织"
    )
    successor: LazyOrganisation | None = to_one(
        tables.Organisation,
        joined("successor_id", "organisation_id"),
        "With DISSOLVE: where members go who aren't named one by one 接收党组织",
    )
