"""What can be commanded about contacts: each goes to the ledgers, which keep their names sealed."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import ContactRole, PartyMembership
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Day, Key, Saga, Version, give, segment

_OWNER: Final = Owner.LEDGERS

Id = Annotated[strawberry.ID, strawberry.argument(description="Id of the contact 联系人编号")]


@strawberry.input(description="The facts of a contact 联系人信息")
class ContactInput:
    """The facts of a contact."""

    entity_id: strawberry.ID = strawberry.field(description="Their entity 市场主体")
    role: ContactRole = strawberry.field(description="Investor or person in charge 身份")
    party_member: PartyMembership = strawberry.field(
        description="Whether they are a Party member 是否党员", default=PartyMembership.UNKNOWN
    )
    since: date | None = strawberry.field(description="First day, where known 起始日期", default=None)
    until: date | None = strawberry.field(description="Last day, once it ended 结束日期", default=None)


Facts = Annotated[ContactInput, strawberry.argument(description="The facts 联系人信息")]


async def _record(
    info: Info[Call, None],
    name: Annotated[
        str, strawberry.argument(description="Full name; kept sealed, shown masked 姓名（加密保存，脱敏显示）")
    ],
    contact: Facts,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(contact) | {"name": name, "effective_on": effective_on}
    return await give(info, Address(_OWNER, "POST", "/contacts"), body, idempotency_key, correlation_id)


async def _change(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    contact: Facts,
    expected_version: Version,
    idempotency_key: Key,
    name: Annotated[
        str | None, strawberry.argument(description="Full name; one that isn't given stays 姓名，不填则不变")
    ] = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    changed = {"name": name, "expected_version": expected_version, "effective_on": effective_on}
    address = Address(_OWNER, "PUT", f"/contacts/{segment(id)}")
    return await give(info, address, strawberry.asdict(contact) | changed, idempotency_key, correlation_id)


async def _erase(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    address = Address(_OWNER, "POST", f"/contacts/{segment(id)}/erasure")
    return await give(info, address, {"expected_version": expected_version}, idempotency_key, correlation_id)


@strawberry.type
class ContactMutations:
    """What can be commanded about contacts."""

    record_contact: CommandResult = strawberry.mutation(
        resolver=_record, description="Make a contact of an entity known 联系人入账"
    )
    change_contact: CommandResult = strawberry.mutation(
        resolver=_change, description="Replace the facts of a contact 变更联系人"
    )
    erase_contact: CommandResult = strawberry.mutation(
        resolver=_erase, description="Erase all that is kept of a contact 删除联系人个人信息"
    )
