"""What can be commanded about assignments and alliances: each goes to pairing, which owns them."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import AllianceSide, AssignmentRole, AssignmentTarget
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Day, Key, Saga, Version, give, segment

_OWNER: Final = Owner.PAIRING

Id = Annotated[strawberry.ID, strawberry.argument(description="Its id 编号")]


@strawberry.input(description="An assignment of a cadre 干部选派")
class AssignmentInput:
    """An assignment of a cadre."""

    cadre_id: strawberry.ID = strawberry.field(description="The cadre 干部")
    role: AssignmentRole = strawberry.field(description="As what 选派身份")
    target: AssignmentTarget = strawberry.field(description="To an entity or to an organisation 选派对象类别")
    target_id: strawberry.ID = strawberry.field(description="Id of it 选派对象编号")
    starts_on: date | None = strawberry.field(description="First day; today where not given 起始日期", default=None)


@strawberry.input(description="A party of an alliance; exactly one of the ids is given 联合体成员")
class PartyInput:
    """A party of an alliance; exactly one of the ids is given."""

    side: AllianceSide = strawberry.field(description="Its side 一方")
    entity_id: strawberry.ID | None = strawberry.field(
        description="An entity, for the enterprises 市场主体", default=None
    )
    organisation_id: strawberry.ID | None = strawberry.field(description="A Party organisation 党组织", default=None)
    association_id: strawberry.ID | None = strawberry.field(
        description="An association, for the masses 协会", default=None
    )
    division_code: str | None = strawberry.field(description="A subdistrict, for its own side 街道", default=None)


@strawberry.input(description="An alliance of masses, enterprises and subdistrict “群众+企业+街道”党建联合体")
class AllianceInput:
    """An alliance of masses, enterprises and subdistrict."""

    name: str = strawberry.field(description="Name 名称")
    division_code: str = strawberry.field(description="Division code, 12 digits 行政区划代码")
    parties: list[PartyInput] = strawberry.field(description="At least one on each side 各方成员，每方至少一个")
    formed_on: date | None = strawberry.field(
        description="Day of its forming; today where not given 成立日期", default=None
    )


Assignment = Annotated[AssignmentInput, strawberry.argument(description="The assignment 选派信息")]
Alliance = Annotated[AllianceInput, strawberry.argument(description="The alliance 联合体信息")]


async def _assign(
    info: Info[Call, None],
    assignment: Assignment,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(assignment)
    address = Address(_OWNER, "POST", "/assignments")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _end(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    ended_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version, "ended_on": ended_on}
    address = Address(_OWNER, "POST", f"/assignments/{segment(id)}/end")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _form(
    info: Info[Call, None],
    alliance: Alliance,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(alliance)
    address = Address(_OWNER, "POST", "/alliances")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _dissolve(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version, "effective_on": effective_on}
    address = Address(_OWNER, "POST", f"/alliances/{segment(id)}/dissolution")
    return await give(info, address, body, idempotency_key, correlation_id)


@strawberry.type
class PairingMutations:
    """What can be commanded about assignments and alliances."""

    assign_cadre: CommandResult = strawberry.mutation(
        resolver=_assign, description="Assign a cadre to an entity or to an organisation 选派干部"
    )
    end_assignment: CommandResult = strawberry.mutation(resolver=_end, description="End an assignment 结束选派")
    form_alliance: CommandResult = strawberry.mutation(
        resolver=_form, description="Form an alliance of the three sides 组建党建联合体"
    )
    dissolve_alliance: CommandResult = strawberry.mutation(
        resolver=_dissolve, description="Dissolve an alliance; its record stays 解散党建联合体"
    )
