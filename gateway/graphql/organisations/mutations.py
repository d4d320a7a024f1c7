"""What can be commanded about Party organisations: each goes to the ledgers, which own them."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import Bureau, FormationMode, OrganisationForm
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Day, Key, Saga, Version, give, segment

_OWNER: Final = Owner.LEDGERS

Id = Annotated[strawberry.ID, strawberry.argument(description="Id of the organisation 党组织编号")]


@strawberry.input(description="The facts of an organisation 党组织信息")
class OrganisationInput:
    """The facts of an organisation."""

    name: str = strawberry.field(description="Name 名称")
    form: OrganisationForm = strawberry.field(description="Its form 形式")
    external: bool = strawberry.field(description="Whether it is of another place 是否外部党组织", default=False)
    mode: FormationMode | None = strawberry.field(
        description="How it is founded; an external one has none 组建方式", default=None
    )
    entity_ids: list[strawberry.ID] = strawberry.field(
        description="Entities that it covers; one where founded for it alone 覆盖的市场主体", default_factory=list
    )
    superior_id: strawberry.ID | None = strawberry.field(
        description="The organisation above it 上级党组织", default=None
    )
    association_id: strawberry.ID | None = strawberry.field(
        description="The association whose branch it is 所属协会", default=None
    )
    division_code: str | None = strawberry.field(
        description="Division code; that of its first entity where not given 行政区划代码", default=None
    )
    bureau: Bureau = strawberry.field(description="Bureau line 条线", default=Bureau.MARKET_REGULATION)
    founded_on: date | None = strawberry.field(description="Day of its founding 成立日期", default=None)
    has_committee: bool | None = strawberry.field(
        description="Whether it has a committee; where not given it follows from its full members 是否设支委会",
        default=None,
    )
    groups: int | None = strawberry.field(description="How many groups it has 党小组数", default=None)
    code: str | None = strawberry.field(
        description="Its code in the books of the organisation department; no other has it 组织编码", default=None
    )


Facts = Annotated[OrganisationInput, strawberry.argument(description="Its facts 党组织信息")]


async def _found(
    info: Info[Call, None],
    organisation: Facts,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(organisation) | {"effective_on": effective_on}
    address = Address(_OWNER, "POST", "/organisations")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _change(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    organisation: Facts,
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(organisation) | {"expected_version": expected_version, "effective_on": effective_on}
    address = Address(_OWNER, "PUT", f"/organisations/{segment(id)}")
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
    address = Address(_OWNER, "POST", f"/organisations/{segment(id)}/dissolution")
    return await give(info, address, body, idempotency_key, correlation_id)


@strawberry.type
class OrganisationMutations:
    """What can be commanded about organisations."""

    found_organisation: CommandResult = strawberry.mutation(
        resolver=_found, description="Found an organisation, or make an external one known 成立党组织"
    )
    change_organisation: CommandResult = strawberry.mutation(
        resolver=_change, description="Replace the facts of an organisation 变更党组织"
    )
    dissolve_organisation: CommandResult = strawberry.mutation(
        resolver=_dissolve, description="Dissolve an organisation that has no members 撤销党组织"
    )
