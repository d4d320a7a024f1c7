"""What can be commanded about markets and stalls: each goes to registration."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Day, Key, Saga, Version, give, segment

_OWNER: Final = Owner.REGISTRATION

MarketId = Annotated[strawberry.ID, strawberry.argument(description="Id of the market 市场编号")]


@strawberry.input(description="The facts of a specialised market 专业市场信息")
class MarketInput:
    """The facts of a specialised market."""

    name: str = strawberry.field(description="Name 市场名称")
    operator_entity_id: strawberry.ID = strawberry.field(
        description="Entity that operates it; it counts as a specialised market from then on 市场开办者编号"
    )
    division_code: str = strawberry.field(description="Division code, 12 digits 行政区划代码")


Facts = Annotated[MarketInput, strawberry.argument(description="Its facts 市场信息")]


async def _record(
    info: Info[Call, None],
    market: Facts,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(market) | {"effective_on": effective_on}
    return await give(info, Address(_OWNER, "POST", "/markets"), body, idempotency_key, correlation_id)


async def _change(
    info: Info[Call, None],
    id: MarketId,  # noqa: A002 - what the graph calls it
    market: Facts,
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(market) | {"expected_version": expected_version, "effective_on": effective_on}
    return await give(info, Address(_OWNER, "PUT", f"/markets/{segment(id)}"), body, idempotency_key, correlation_id)


async def _close(
    info: Info[Call, None],
    id: MarketId,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version, "effective_on": effective_on}
    address = Address(_OWNER, "POST", f"/markets/{segment(id)}/closing")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _occupy(
    info: Info[Call, None],
    market_id: MarketId,
    entity_id: Annotated[strawberry.ID, strawberry.argument(description="The stallholder 经营户编号")],
    number: Annotated[str, strawberry.argument(description="Number of the stall 摊位号")],
    idempotency_key: Key,
    since: Annotated[date | None, strawberry.argument(description="First day; today without it 入场日期")] = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"market_id": market_id, "entity_id": entity_id, "number": number, "since": since}
    return await give(info, Address(_OWNER, "POST", "/stalls"), body, idempotency_key, correlation_id)


async def _vacate(
    info: Info[Call, None],
    id: Annotated[strawberry.ID, strawberry.argument(description="Id of the occupation 编号")],  # noqa: A002 - as above
    expected_version: Version,
    idempotency_key: Key,
    until: Annotated[
        date | None, strawberry.argument(description="Day from which it is vacant; today without it 退场日期")
    ] = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version, "until": until}
    address = Address(_OWNER, "POST", f"/stalls/{segment(id)}/vacating")
    return await give(info, address, body, idempotency_key, correlation_id)


@strawberry.type
class MarketMutations:
    """What can be commanded about markets and stalls."""

    record_market: CommandResult = strawberry.mutation(
        resolver=_record, description="Record a specialised market 登记专业市场"
    )
    change_market: CommandResult = strawberry.mutation(
        resolver=_change, description="Replace the facts of a market 变更专业市场信息"
    )
    close_market: CommandResult = strawberry.mutation(
        resolver=_close, description="Close a market; its stalls are vacated 关闭专业市场"
    )
    occupy_stall: CommandResult = strawberry.mutation(
        resolver=_occupy, description="Let an entity occupy a stall 经营户入场"
    )
    vacate_stall: CommandResult = strawberry.mutation(
        resolver=_vacate, description="Note that an entity left a stall 经营户退场"
    )
