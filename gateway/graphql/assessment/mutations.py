"""What can be commanded about schemes: each goes to assessment, which owns them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import AssessedPart, RatingBand
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Key, Saga, Version, give, segment

_OWNER: Final = Owner.ASSESSMENT

Id = Annotated[strawberry.ID, strawberry.argument(description="Id of the scheme 评分办法编号")]


@strawberry.input(description="A part of a scheme 评分项")
class SchemePartInput:
    """A part of a scheme."""

    part: AssessedPart = strawberry.field(description="What is looked at 评分内容")
    points: Decimal = strawberry.field(description="At the most 满分")
    rule: str = strawberry.field(description="How the points are found 计分办法（英文）")
    rule_zh: str = strawberry.field(description="The same in Chinese 计分办法（中文）")


@strawberry.input(description="A band of a scheme 等级")
class SchemeBandInput:
    """A band of a scheme."""

    band: RatingBand = strawberry.field(description="The band 等级")
    at_least: Decimal = strawberry.field(description="From so many points on 起始分")


@strawberry.input(description="What an edition of a scheme says 评分办法")
class SchemeInput:
    """What an edition of a scheme says."""

    name: str = strawberry.field(description="Name 名称（英文）")
    name_zh: str = strawberry.field(description="The same in Chinese 名称（中文）")
    source: str = strawberry.field(description="What it rests on 依据")
    parts: list[SchemePartInput] = strawberry.field(description="Each kind at most once 评分项")
    bands: list[SchemeBandInput] = strawberry.field(description="Highest first, the last from 0 on 等级")
    valid_from: date = strawberry.field(description="First day 施行日期")


Scheme = Annotated[SchemeInput, strawberry.argument(description="The edition 评分办法")]


async def _publish(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    scheme: Scheme,
    expected_version: Version,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(scheme) | {"expected_version": expected_version}
    address = Address(_OWNER, "POST", f"/schemes/{segment(id)}/editions")
    return await give(info, address, body, idempotency_key, correlation_id)


@strawberry.type
class AssessmentMutations:
    """What can be commanded about schemes."""

    publish_scheme: CommandResult = strawberry.mutation(
        resolver=_publish, description="Publish the next edition of a scheme 发布新版评分办法"
    )
