"""What can be commanded about members: each goes to the ledgers, which keep their names sealed."""

from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import LeavingReason, MemberStanding
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Day, Key, Saga, Version, give, segment

_OWNER: Final = Owner.LEDGERS

Id = Annotated[strawberry.ID, strawberry.argument(description="Id of the member 党员编号")]


@strawberry.input(description="Standing of a member, and their three places 党员类别与三项归属")
class PlacementInput:
    """Standing of a member, and their three places."""

    standing: MemberStanding = strawberry.field(description="Full or probationary 正式或预备")
    workplace_entity_id: strawberry.ID | None = strawberry.field(description="Where they work 从业主体", default=None)
    relation_organisation_id: strawberry.ID | None = strawberry.field(
        description="Where their relation is 组织关系", default=None
    )
    management_organisation_id: strawberry.ID | None = strawberry.field(
        description="Who manages them 管理党组织", default=None
    )


Name = Annotated[
    str, strawberry.argument(description="Full name; kept sealed, shown masked 姓名（加密保存，脱敏显示）")
]
Placement = Annotated[PlacementInput, strawberry.argument(description="Standing and places 类别与归属")]


async def _record(
    info: Info[Call, None],
    name: Name,
    placement: Placement,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(placement) | {"name": name, "effective_on": effective_on}
    address = Address(_OWNER, "POST", "/members")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _place(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    placement: Placement,
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(placement) | {"expected_version": expected_version, "effective_on": effective_on}
    address = Address(_OWNER, "PUT", f"/members/{segment(id)}")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _leave(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    reason: Annotated[LeavingReason, strawberry.argument(description="Why they leave 出册原因")],
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version, "reason": reason, "effective_on": effective_on}
    address = Address(_OWNER, "POST", f"/members/{segment(id)}/leaving")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _erase(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version}
    address = Address(_OWNER, "POST", f"/members/{segment(id)}/erasure")
    return await give(info, address, body, idempotency_key, correlation_id)


@strawberry.type
class MemberMutations:
    """What can be commanded about members."""

    record_member: CommandResult = strawberry.mutation(
        resolver=_record, description="Take a member into the ledger 党员入账"
    )
    place_member: CommandResult = strawberry.mutation(
        resolver=_place, description="Replace standing and places of a member 变更党员归属"
    )
    member_leaves: CommandResult = strawberry.mutation(
        resolver=_leave, description="A member counts here no more 党员出册"
    )
    erase_member: CommandResult = strawberry.mutation(
        resolver=_erase, description="Erase all that is kept of a member 删除党员个人信息"
    )
