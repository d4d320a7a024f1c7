"""What can be commanded about transfers: each goes to the ledgers."""

from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import TransferAction
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, give
from gateway.graphql.processes.steps import Day, Given, Key, ProcessId, Saga, Version, given_body, take_step

_PATH: Final = "/transfers"


async def _request(
    info: Info[Call, None],
    member_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the member 党员编号")],
    to_organisation_id: Annotated[strawberry.ID, strawberry.argument(description="Where to 转入党组织编号")],
    idempotency_key: Key,
    *,
    with_management: Annotated[
        bool, strawberry.argument(description="Whether the management goes there too 管理是否一并转接")
    ] = True,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = given_body(given) | {
        "member_id": member_id,
        "to_organisation_id": to_organisation_id,
        "with_management": with_management,
        "effective_on": effective_on,
    }
    return await give(info, Address(Owner.LEDGERS, "POST", _PATH), body, idempotency_key, correlation_id)


async def _step(
    info: Info[Call, None],
    id: ProcessId,  # noqa: A002 - what the graph calls it
    action: Annotated[TransferAction, strawberry.argument(description="What is done 步骤")],
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
class TransferMutations:
    """What can be commanded about transfers."""

    request_transfer: CommandResult = strawberry.mutation(
        resolver=_request, description="Ask for the transfer of a member's relation 申请组织关系转接"
    )
    step_transfer: CommandResult = strawberry.mutation(
        resolver=_step, description="Take a step of a transfer 办理组织关系转接"
    )
