"""What can be commanded about developments and quotas: each goes to the ledgers, which keep the names sealed."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import DevelopmentAction
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, give, segment
from gateway.graphql.processes.steps import Day, Given, Key, ProcessId, Saga, Version, given_body, take_step

_OWNER: Final = Owner.LEDGERS
_PATH: Final = "/developments"

OrganisationId = Annotated[strawberry.ID, strawberry.argument(description="The organisation 党组织编号")]
QuotaId = Annotated[strawberry.ID, strawberry.argument(description="Id of the quota 名额编号")]
Places = Annotated[int, strawberry.argument(description="Who may be admitted 名额")]


@strawberry.input(description="A person who applied for membership 入党申请人")
class MembershipApplicantInput:
    """A person who applied for membership."""

    name: str = strawberry.field(description="Full name; kept sealed, shown masked 姓名（加密保存，脱敏显示）")
    organisation_id: strawberry.ID = strawberry.field(description="Where they are developed 培养党组织")
    workplace_entity_id: strawberry.ID | None = strawberry.field(description="Where they work 从业主体", default=None)


@strawberry.input(description="A step of the regulation that was done 已完成的步骤")
class DoneStepInput:
    """A step of the regulation that was done."""

    number: int = strawberry.field(description="Its number, from 1 to 25 序号")
    done_on: date = strawberry.field(description="Day on which it was done 完成日期")


@strawberry.input(description="What a step of a development states 发展党员办理内容")
class DevelopmentStepInput:
    """What a step of a development states."""

    steps: list[DoneStepInput] | None = strawberry.field(
        description="Steps of the regulation done since 新完成的步骤", default=None
    )
    workplace_entity_id: strawberry.ID | None = strawberry.field(
        description="Where they work, stated anew 从业主体", default=None
    )
    organisation_id: strawberry.ID | None = strawberry.field(description="With MOVE: where to 转入党组织", default=None)
    prolonged_by_months: int | None = strawberry.field(
        description="With PROLONG: by how many months 延长月数", default=None
    )


Applicant = Annotated[MembershipApplicantInput, strawberry.argument(description="The person 申请人")]
Stated = Annotated[DevelopmentStepInput | None, strawberry.argument(description="What it states 办理内容")]


async def _apply(
    info: Info[Call, None],
    applicant: Applicant,
    idempotency_key: Key,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = given_body(given) | strawberry.asdict(applicant) | {"effective_on": effective_on}
    return await give(info, Address(_OWNER, "POST", _PATH), body, idempotency_key, correlation_id)


async def _step(
    info: Info[Call, None],
    id: ProcessId,  # noqa: A002 - what the graph calls it
    action: Annotated[DevelopmentAction, strawberry.argument(description="What is done 步骤")],
    expected_version: Version,
    idempotency_key: Key,
    *,
    stated: Stated = None,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    return await take_step(
        info,
        owner=_OWNER,
        path=_PATH,
        process_id=id,
        action=action,
        expected_version=expected_version,
        given=given,
        effective_on=effective_on,
        idempotency_key=idempotency_key,
        correlation_id=correlation_id,
        **({} if stated is None else strawberry.asdict(stated)),
    )


async def _erase(
    info: Info[Call, None],
    id: ProcessId,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    address = Address(_OWNER, "POST", f"{_PATH}/{segment(id)}/erasure")
    return await give(info, address, {"expected_version": expected_version}, idempotency_key, correlation_id)


async def _set_quota(
    info: Info[Call, None],
    organisation_id: OrganisationId,
    year: Annotated[int, strawberry.argument(description="The year 年度")],
    places: Places,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"organisation_id": organisation_id, "year": year, "places": places}
    return await give(info, Address(_OWNER, "POST", "/quotas"), body, idempotency_key, correlation_id)


async def _change_quota(
    info: Info[Call, None],
    id: QuotaId,  # noqa: A002 - what the graph calls it
    places: Places,
    expected_version: Version,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"places": places, "expected_version": expected_version}
    return await give(info, Address(_OWNER, "PUT", f"/quotas/{segment(id)}"), body, idempotency_key, correlation_id)


@strawberry.type
class DevelopmentMutations:
    """What can be commanded about developments and quotas."""

    apply_for_membership: CommandResult = strawberry.mutation(
        resolver=_apply, description="A person applied for membership 递交入党申请"
    )
    step_development: CommandResult = strawberry.mutation(
        resolver=_step, description="Take a step of a development 办理发展党员"
    )
    erase_development: CommandResult = strawberry.mutation(
        resolver=_erase, description="Erase all that is kept of a person who is no member 删除申请人个人信息"
    )
    set_quota: CommandResult = strawberry.mutation(
        resolver=_set_quota, description="Set the quota of an organisation for a year 核定年度名额"
    )
    change_quota: CommandResult = strawberry.mutation(
        resolver=_change_quota, description="Change how many places a quota has 调整名额"
    )
