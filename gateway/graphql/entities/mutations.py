"""What can be commanded about entities: each goes to registration, which owns them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import EntityKind
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Day, Key, Saga, Version, give, segment
from gateway.graphql.registration.inputs import Answers, answers_body

_OWNER: Final = Owner.REGISTRATION

Id = Annotated[strawberry.ID, strawberry.argument(description="Id of the entity 主体编号")]


@strawberry.input(description="Registered capital 注册资金")
class CapitalInput:
    """Registered capital."""

    amount: Decimal = strawberry.field(description="In whole units of the currency 金额（元）")
    currency: str = strawberry.field(description="ISO 4217 code 币种", default="CNY")


@strawberry.input(description="The facts of an entity; its kind and bureau follow from them 市场主体信息")
class EntityInput:
    """The facts of an entity."""

    uscc: str = strawberry.field(description="Unified social credit code 统一社会信用代码")
    name: str = strawberry.field(description="Name 名称")
    division_code: str | None = strawberry.field(description="Division code, 12 digits 行政区划代码", default=None)
    registered_on: date | None = strawberry.field(description="Day of registration 注册日期", default=None)
    legal_form: str | None = strawberry.field(description="Legal form 企业类型", default=None)
    capital: CapitalInput | None = strawberry.field(description="Registered capital 注册资金", default=None)
    business_scope: str | None = strawberry.field(description="Business scope 经营范围", default=None)
    address: str | None = strawberry.field(description="Registered address 注册地址", default=None)


Facts = Annotated[EntityInput, strawberry.argument(description="Its facts 主体信息")]


async def _register(
    info: Info[Call, None],
    entity: Facts,
    idempotency_key: Key,
    party_building: Answers = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(entity) | {"effective_on": effective_on, "party_building": answers_body(party_building)}
    return await give(info, Address(_OWNER, "POST", "/entities"), body, idempotency_key, correlation_id)


async def _change(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    entity: Facts,
    expected_version: Version,
    idempotency_key: Key,
    party_building: Answers = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(entity) | {
        "expected_version": expected_version,
        "effective_on": effective_on,
        "party_building": answers_body(party_building),
    }
    return await give(info, Address(_OWNER, "PUT", f"/entities/{segment(id)}"), body, idempotency_key, correlation_id)


async def _deregister(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    party_building: Answers = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {
        "expected_version": expected_version,
        "effective_on": effective_on,
        "party_building": answers_body(party_building),
    }
    return await give(
        info,
        Address(_OWNER, "POST", f"/entities/{segment(id)}/deregistration"),
        body,
        idempotency_key,
        correlation_id,
    )


async def _classify(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    kind: Annotated[EntityKind, strawberry.argument(description="What it counts as 类别")],
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"kind": kind, "expected_version": expected_version, "effective_on": effective_on}
    address = Address(_OWNER, "POST", f"/entities/{segment(id)}/classification")
    return await give(info, address, body, idempotency_key, correlation_id)


@strawberry.type
class EntityMutations:
    """What can be commanded about entities."""

    register_entity: CommandResult = strawberry.mutation(
        resolver=_register, description="Register an entity that isn't known yet 登记市场主体"
    )
    change_entity: CommandResult = strawberry.mutation(
        resolver=_change, description="Replace the facts of an entity 变更市场主体信息"
    )
    deregister_entity: CommandResult = strawberry.mutation(
        resolver=_deregister, description="Deregister an entity; it stays, with its history 注销市场主体"
    )
    classify_entity: CommandResult = strawberry.mutation(
        resolver=_classify, description="Classify an entity; that goes before what its code says 认定市场主体类别"
    )
