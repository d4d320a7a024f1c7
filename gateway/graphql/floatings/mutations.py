"""What can be commanded about floating members: each goes to the ledgers."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import FloatingAction, FloatingReason
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, give
from gateway.graphql.processes.steps import Day, Given, Key, ProcessId, Saga, Version, given_body, take_step

_PATH: Final = "/floatings"


@strawberry.input(description="A member who is out 外出党员")
class FloatingInput:
    """A member who is out: at an organisation of the ledgers, or in a division."""

    member_id: strawberry.ID = strawberry.field(description="The member 党员")
    out_since: date = strawberry.field(description="First day out 外出日期")
    reason: FloatingReason = strawberry.field(description="Why 外出原因")
    to_organisation_id: strawberry.ID | None = strawberry.field(
        description="The organisation at the other end 流入地党组织", default=None
    )
    to_division_code: str | None = strawberry.field(
        description="The division at the other end; that of the organisation where given 流入地行政区划代码",
        default=None,
    )


async def _report(
    info: Info[Call, None],
    floating: Annotated[FloatingInput, strawberry.argument(description="Who is out, and where 外出信息")],
    idempotency_key: Key,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = given_body(given) | strawberry.asdict(floating) | {"effective_on": effective_on}
    return await give(info, Address(Owner.LEDGERS, "POST", _PATH), body, idempotency_key, correlation_id)


async def _step(
    info: Info[Call, None],
    id: ProcessId,  # noqa: A002 - what the graph calls it
    action: Annotated[FloatingAction, strawberry.argument(description="What is done 步骤")],
    expected_version: Version,
    idempotency_key: Key,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    return await take_step(
        info,
        owner=Owner.LEDGERS,
        path=_PATH,
        process_id=id,
        action=action,
        expected_version=expected_version,
        given=given,
        effective_on=effective_on,
        idempotency_key=idempotency_key,
        correlation_id=correlation_id,
    )


@strawberry.type
class FloatingMutations:
    """What can be commanded about floating members."""

    report_floating: CommandResult = strawberry.mutation(
        resolver=_report, description="Report a member out 报告党员外出"
    )
    step_floating: CommandResult = strawberry.mutation(
        resolver=_step, description="Receive a floating member, or record that they are back 办理流动党员接收、返回"
    )
