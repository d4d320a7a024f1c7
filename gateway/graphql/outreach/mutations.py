"""What can be commanded about visits, namings and questionnaires: each goes to pairing, which owns them."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import AssignmentTarget, NamingKind, VisitPurpose
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Day, Key, Saga, Version, give, segment

_OWNER: Final = Owner.PAIRING

Id = Annotated[strawberry.ID, strawberry.argument(description="Its id 编号")]
Returned = Annotated[int, strawberry.argument(description="Copies that came back, at most those handed out 回收份数")]


@strawberry.input(description="A cadre's round of visits 走访")
class VisitsInput:
    """A cadre's round of visits."""

    cadre_id: strawberry.ID = strawberry.field(description="The cadre 干部")
    target: AssignmentTarget = strawberry.field(description="Entities or organisations 走访对象类别")
    target_ids: list[strawberry.ID] = strawberry.field(description="What was visited, 1 to 200 走访对象编号")
    purpose: VisitPurpose = strawberry.field(description="What for 走访事由")
    visited_on: date | None = strawberry.field(description="Day; today where not given 走访日期", default=None)


@strawberry.input(description="A decision that names entities 命名")
class NamingInput:
    """A decision that names entities."""

    kind: NamingKind = strawberry.field(description="As what 命名类别")
    entity_ids: list[strawberry.ID] = strawberry.field(description="Whom, 1 to 200 市场主体编号")
    document: str | None = strawberry.field(description="The decision, by title 文件", default=None)
    named_on: date | None = strawberry.field(description="From which day; today where not given 命名日期", default=None)


@strawberry.input(description="A questionnaire that was handed out 发放问卷")
class QuestionnaireInput:
    """A questionnaire that was handed out."""

    association_id: strawberry.ID = strawberry.field(description="The association 协会")
    subject: str = strawberry.field(description="Subject 主题")
    handed_out: int = strawberry.field(description="Copies 发放份数")
    handed_out_on: date | None = strawberry.field(description="Day; today where not given 发放日期", default=None)


Visits = Annotated[VisitsInput, strawberry.argument(description="The round 走访信息")]
Naming = Annotated[NamingInput, strawberry.argument(description="The decision 命名信息")]
Questionnaire = Annotated[QuestionnaireInput, strawberry.argument(description="The questionnaire 问卷信息")]


async def _visit(
    info: Info[Call, None], visits: Visits, idempotency_key: Key, correlation_id: Saga = None
) -> CommandResult:
    address = Address(_OWNER, "POST", "/visits")
    return await give(info, address, strawberry.asdict(visits), idempotency_key, correlation_id)


async def _withdraw_visit(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    address = Address(_OWNER, "POST", f"/visits/{segment(id)}/withdrawal")
    return await give(info, address, {"expected_version": expected_version}, idempotency_key, correlation_id)


async def _name(
    info: Info[Call, None], naming: Naming, idempotency_key: Key, correlation_id: Saga = None
) -> CommandResult:
    address = Address(_OWNER, "POST", "/namings")
    return await give(info, address, strawberry.asdict(naming), idempotency_key, correlation_id)


async def _withdraw_naming(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    withdrawn_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version, "withdrawn_on": withdrawn_on}
    address = Address(_OWNER, "POST", f"/namings/{segment(id)}/withdrawal")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _hand_out(
    info: Info[Call, None], questionnaire: Questionnaire, idempotency_key: Key, correlation_id: Saga = None
) -> CommandResult:
    address = Address(_OWNER, "POST", "/questionnaires")
    return await give(info, address, strawberry.asdict(questionnaire), idempotency_key, correlation_id)


async def _count(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    returned: Returned,
    expected_version: Version,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version, "returned": returned}
    address = Address(_OWNER, "POST", f"/questionnaires/{segment(id)}/returns")
    return await give(info, address, body, idempotency_key, correlation_id)


@strawberry.type
class OutreachMutations:
    """What can be commanded about visits, namings and questionnaires."""

    record_visits: CommandResult = strawberry.mutation(
        resolver=_visit, description="A cadre's round of visits, all of it or nothing 登记走访"
    )
    withdraw_visit: CommandResult = strawberry.mutation(
        resolver=_withdraw_visit, description="Take back the record of a visit that was none 撤回走访记录"
    )
    name_entities: CommandResult = strawberry.mutation(
        resolver=_name, description="Name entities, all of them or none 命名"
    )
    withdraw_naming: CommandResult = strawberry.mutation(
        resolver=_withdraw_naming, description="Take a name back 撤销命名"
    )
    hand_out_questionnaire: CommandResult = strawberry.mutation(
        resolver=_hand_out, description="A questionnaire was handed out 发放问卷"
    )
    count_questionnaire: CommandResult = strawberry.mutation(
        resolver=_count, description="How many came back 登记问卷回收"
    )
