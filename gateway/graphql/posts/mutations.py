"""What can be commanded about posts and honours: each goes to the ledgers."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import HonourKind, HonourLevel, PostKind
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Key, Saga, Version, give, segment

_OWNER: Final = Owner.LEDGERS

Id = Annotated[strawberry.ID, strawberry.argument(description="Its id 编号")]


@strawberry.input(description="A post that a member takes up; at one of the two places 设岗信息")
class PostInput:
    """A post that a member takes up, at an organisation or at an entity."""

    member_id: strawberry.ID = strawberry.field(description="The member 党员")
    kind: PostKind = strawberry.field(description="What they are charged with 岗位类别")
    organisation_id: strawberry.ID | None = strawberry.field(
        description="The organisation where it is 所在党组织", default=None
    )
    entity_id: strawberry.ID | None = strawberry.field(description="The entity where it is 所在市场主体", default=None)
    since: date | None = strawberry.field(description="First day; today where not given 起始日期", default=None)


@strawberry.input(description="An honour of a member 荣誉信息")
class HonourInput:
    """An honour of a member."""

    member_id: strawberry.ID = strawberry.field(description="The member 党员")
    kind: HonourKind = strawberry.field(description="What they were honoured as 荣誉类别")
    level: HonourLevel = strawberry.field(description="Level of who gave it 级别")
    year: int = strawberry.field(description="For which year 年度")
    awarded_by: str = strawberry.field(description="The unit that gave it, never a person 授予单位")


async def _take_up(
    info: Info[Call, None],
    post: Annotated[PostInput, strawberry.argument(description="The post 岗位")],
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    address = Address(_OWNER, "POST", "/posts")
    return await give(info, address, strawberry.asdict(post), idempotency_key, correlation_id)


async def _end(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    until: Annotated[
        date | None, strawberry.argument(description="Last day; today where not given 截止日期，默认今日")
    ] = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version, "until": until}
    address = Address(_OWNER, "POST", f"/posts/{segment(id)}/ending")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _award(
    info: Info[Call, None],
    honour: Annotated[HonourInput, strawberry.argument(description="The honour 荣誉")],
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    address = Address(_OWNER, "POST", "/honours")
    return await give(info, address, strawberry.asdict(honour), idempotency_key, correlation_id)


async def _withdraw(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    address = Address(_OWNER, "POST", f"/honours/{segment(id)}/withdrawal")
    return await give(info, address, {"expected_version": expected_version}, idempotency_key, correlation_id)


@strawberry.type
class PostMutations:
    """What can be commanded about posts and honours."""

    take_up_post: CommandResult = strawberry.mutation(resolver=_take_up, description="A member takes up a post 设岗")
    end_post: CommandResult = strawberry.mutation(resolver=_end, description="A post is held no more 离岗")
    award_honour: CommandResult = strawberry.mutation(resolver=_award, description="A member was honoured 授予荣誉")
    withdraw_honour: CommandResult = strawberry.mutation(
        resolver=_withdraw, description="An honour stands no more 撤销荣誉"
    )
