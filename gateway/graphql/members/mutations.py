"""What can be commanded about members: each goes to the ledgers, which keep their names sealed."""

from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import LeavingReason, MemberStanding, PersonField
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


@strawberry.input(description="What names a person beside the name; kept sealed, never shown here 个人信息（加密保存）")
class PersonFactsInput:
    """What names a person beside the name."""

    id_number: str | None = strawberry.field(description="Resident ID number 公民身份号码", default=None)
    telephone: str | None = strawberry.field(description="Telephone of the mainland 联系电话", default=None)
    born_in: str | None = strawberry.field(
        description="Year and month of birth, YYYY-MM; with an ID number it follows from that 出生年月", default=None
    )


@strawberry.input(description="What names a person; what isn't given stays 变更的个人信息，不填则不变")
class PersonInput(PersonFactsInput):
    """What names a person; what isn't given stays."""

    name: str | None = strawberry.field(description="Full name 姓名", default=None)
    without: list[PersonField] = strawberry.field(description="What to keep no longer 移除的项", default_factory=list)


@strawberry.input(description="A record that is merged into another 被合并的党员记录")
class MergedMemberInput:
    """A record that is merged into another."""

    id: strawberry.ID = strawberry.field(description="Id of the member 党员编号")
    expected_version: int = strawberry.field(description="The version on which this was decided 依据的版本")


Facts = Annotated[PersonFactsInput | None, strawberry.argument(description="What names them beside that 个人信息")]
Person = Annotated[PersonInput, strawberry.argument(description="What changes 变更的个人信息")]
Other = Annotated[MergedMemberInput, strawberry.argument(description="The other record of the person 被合并的记录")]


async def _record(
    info: Info[Call, None],
    name: Name,
    placement: Placement,
    idempotency_key: Key,
    facts: Facts = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    person = strawberry.asdict(facts or PersonFactsInput())
    body = strawberry.asdict(placement) | person | {"name": name, "effective_on": effective_on}
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


async def _change_person(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    person: Person,
    expected_version: Version,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(person) | {"expected_version": expected_version}
    address = Address(_OWNER, "PUT", f"/members/{segment(id)}/person")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _merge(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    other: Other,
    placement: Placement,
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(placement) | {
        "other_id": other.id,
        "other_expected_version": other.expected_version,
        "expected_version": expected_version,
        "effective_on": effective_on,
    }
    address = Address(_OWNER, "POST", f"/members/{segment(id)}/merge")
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
    change_person: CommandResult = strawberry.mutation(
        resolver=_change_person, description="Change what names a member; what isn't given stays 变更党员个人信息"
    )
    merge_members: CommandResult = strawberry.mutation(
        resolver=_merge,
        description="Merge another record of the same person into a member; it stays, as LEFT 合并重复党员",
    )
    member_leaves: CommandResult = strawberry.mutation(
        resolver=_leave, description="A member counts here no more 党员出册"
    )
    erase_member: CommandResult = strawberry.mutation(
        resolver=_erase, description="Erase all that is kept of a member 删除党员个人信息"
    )
