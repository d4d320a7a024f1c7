"""Forms, commitments and applications, declared on the tables they come from."""

from datetime import date, datetime

import strawberry

from contracts.processes.registration import APPLICATION, COMMITMENT, FORM
from contracts.vocabulary import (
    ApplicationAction,
    ApplicationState,
    Bureau,
    CommitmentAction,
    CommitmentKind,
    CommitmentState,
    FormAction,
    FormOccasion,
    FormState,
)
from gateway import tables
from gateway.graphql.processes.allowed import AllowedAction, allowed_actions
from gateway.graphql.references import LazyEntity
from gateway.graphql.rows import same_entity
from gateway.graphql.sources import column, to_one
from gateway.graphql.suppression import member_count


@strawberry.type(description="What registering, changing or deregistering an entity asks 党建信息采集表")
class PartyBuildingForm:
    """What registering, changing or deregistering an entity asks; answers are null until it is answered."""

    id: strawberry.ID = column("process_id", "Its id 编号")
    version: int = column("version", "Counts its steps from 1 版本")
    state: FormState = column("state", "State 状态")
    action: FormAction = column("action", "The last step 最近步骤")
    due_at: datetime | None = column("due_at", "Moment at which the state is overdue, UTC 到期时间")
    allowed_actions: list[AllowedAction] = allowed_actions(FORM)
    occasion: FormOccasion = column("occasion", "What it was asked with 采集时机")
    edition: str = column("edition", "The edition of its questions 版本")
    asked_on: date = column("asked_on", "Day on which it was asked, Asia/Shanghai 发起日期")
    employees: int | None = column("employees", "People who work there 从业人数")
    full_members: int | None = member_count(lambda row: row["full_members"], "Full members among them 正式党员人数")
    probationary_members: int | None = member_count(
        lambda row: row["probationary_members"], "Probationary members among them 预备党员人数"
    )
    has_organisation: bool | None = column("has_organisation", "Whether it has an organisation 是否建立党组织")
    has_secretary: bool | None = column("has_secretary", "Whether that has a secretary 是否有党组织书记")
    wishes_guidance: bool | None = column("wishes_guidance", "Whether it wishes guidance 是否需要党建指导")
    division_code: str = column("division_code", "Division that answers for it 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which registration recorded it, UTC 记录时间")
    entity: LazyEntity | None = to_one(tables.Entity, same_entity, "The entity, where already heard of 市场主体")


@strawberry.type(description="A credit commitment of an entity 信用承诺")
class CreditCommitment:
    """A credit commitment of an entity."""

    id: strawberry.ID = column("process_id", "Its id 编号")
    version: int = column("version", "Counts its steps from 1 版本")
    state: CommitmentState = column("state", "State 状态")
    action: CommitmentAction = column("action", "The last step 最近步骤")
    due_at: datetime | None = column("due_at", "Moment at which the state is overdue, UTC 到期时间")
    allowed_actions: list[AllowedAction] = allowed_actions(COMMITMENT)
    kind: CommitmentKind = column("kind", "What was promised, by its kind 承诺类型")
    promised_until: date = column("promised_until", "Last day of what was promised 承诺期限")
    division_code: str = column("division_code", "Division that answers for it 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which registration recorded it, UTC 记录时间")
    entity: LazyEntity | None = to_one(tables.Entity, same_entity, "The entity, where already heard of 市场主体")


@strawberry.type(description="An application to register a household online; who applies is never shown 网上登记申请")
class HouseholdApplication:
    """An application to register a household online."""

    id: strawberry.ID = column("process_id", "Its id 编号")
    version: int = column("version", "Counts its steps from 1 版本")
    state: ApplicationState = column("state", "State 状态")
    action: ApplicationAction = column("action", "The last step 最近步骤")
    due_at: datetime | None = column("due_at", "Moment at which the state is overdue, UTC 到期时间")
    allowed_actions: list[AllowedAction] = allowed_actions(APPLICATION)
    uscc: str | None = column("uscc", "Unified social credit code, once it is registered 统一社会信用代码")
    division_code: str = column("division_code", "Division that answers for it 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which registration recorded it, UTC 记录时间")
    entity: LazyEntity | None = to_one(
        tables.Entity, same_entity, "The entity that it became, once it is registered 登记的市场主体"
    )
