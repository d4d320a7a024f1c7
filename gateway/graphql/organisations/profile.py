"""What an organisation is made of, as a command to the ledgers."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from contracts.vocabulary import Demonstration, Industry, PartyPost, VenueKind
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Day, Key, Saga, Version, give, segment


@strawberry.input(description="A post that a member holds 党内任职")
class CommitteePostInput:
    """A post that a member holds."""

    member_id: strawberry.ID = strawberry.field(description="The member, who belongs to the organisation 党员编号")
    post: PartyPost = strawberry.field(description="The post 职务")
    since: date = strawberry.field(description="First day of it 任职日期")


@strawberry.input(description="Funds of a year 年度党建经费")
class YearFundsInput:
    """Funds of a year."""

    year: int = strawberry.field(description="The year 年度")
    amount: Decimal = strawberry.field(description="Yuan 金额（元）")


@strawberry.input(description="A venue 阵地")
class VenueInput:
    """A venue."""

    kind: VenueKind = strawberry.field(description="What it is 类别")
    area: Decimal = strawberry.field(description="Square metres 面积（平方米）")


@strawberry.input(
    description="What an organisation is made of; what is left out is not known, or there is none 党组织概况"
)
class OrganisationProfileInput:
    """What an organisation is made of; what is left out is not known, or there is none."""

    industry: Industry | None = strawberry.field(description='Industry of the "6+2" 产业', default=None)
    committee: list[CommitteePostInput] | None = strawberry.field(
        description="Who holds a post, for who may see members; it stays as it is where left out 班子成员", default=None
    )
    last_elected_on: date | None = strawberry.field(description="Day of the last election 上次换届日期", default=None)
    election_put_off_to: date | None = strawberry.field(
        description="Day to which the next was put off, a year at the most 延期换届至", default=None
    )
    full_time_workers: int | None = strawberry.field(
        description="Full-time Party workers 专职党建工作者人数", default=None
    )
    funds: list[YearFundsInput] = strawberry.field(description="Funds by years 党建经费", default_factory=list)
    venues: list[VenueInput] = strawberry.field(description="Venues 阵地", default_factory=list)
    demonstration: Demonstration | None = strawberry.field(description="What it is held up as 示范级别", default=None)
    standardisation_pilot: bool = strawberry.field(
        description="Whether it is a pilot of standardisation 标准化建设试点", default=False
    )


async def _state(
    info: Info[Call, None],
    id: Annotated[strawberry.ID, strawberry.argument(description="Id of the organisation 党组织编号")],  # noqa: A002 - what the graph calls it
    profile: Annotated[OrganisationProfileInput, strawberry.argument(description="What it is made of 党组织概况")],
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(profile) | {"expected_version": expected_version, "effective_on": effective_on}
    address = Address(Owner.LEDGERS, "PUT", f"/organisations/{segment(id)}/profile")
    return await give(info, address, body, idempotency_key, correlation_id)


@strawberry.type
class OrganisationProfileMutations:
    """What can be commanded about what organisations are made of."""

    state_organisation_profile: CommandResult = strawberry.mutation(
        resolver=_state,
        description="Replace what an organisation is made of: posts, elections, people, funds, venues 更新党组织概况",
    )
