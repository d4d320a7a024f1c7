"""What can be commanded about reorganisations: each goes to the ledgers."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import FormationMode, OrganisationForm, ReorganisationAction, ReorganisationKind
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, give
from gateway.graphql.processes.steps import Day, Given, Key, ProcessId, Saga, Version, given_body, take_step

_PATH: Final = "/reorganisations"


@strawberry.input(description="An organisation as it is to be founded 拟成立党组织")
class FoundingInput:
    """An organisation as it is to be founded."""

    form: OrganisationForm = strawberry.field(description="Its form 形式")
    mode: FormationMode = strawberry.field(description="How it will cover its entities 组建方式")
    entity_ids: list[strawberry.ID] = strawberry.field(
        description="Entities that it will cover; one where founded for it alone 覆盖的市场主体", default_factory=list
    )
    superior_id: strawberry.ID | None = strawberry.field(
        description="The organisation above it 上级党组织", default=None
    )
    association_id: strawberry.ID | None = strawberry.field(
        description="The association whose branch it will be 所属协会", default=None
    )
    founded_on: date | None = strawberry.field(description="Day of its founding 成立日期", default=None)


@strawberry.input(description="Where one person of a dissolved organisation goes 逐人指定的接收党组织")
class SuccessorInput:
    """Where one person of a dissolved organisation goes."""

    member_id: strawberry.ID = strawberry.field(
        description="The member, or the person who is being developed 党员或发展对象编号"
    )
    organisation_id: strawberry.ID = strawberry.field(description="Where to 接收党组织编号")


@strawberry.input(description="What a reorganisation is to bring about 设置调整内容")
class ReorganisationInput:
    """What a reorganisation is to bring about."""

    kind: ReorganisationKind = strawberry.field(description="Founding, renaming, merging or dissolution 事项")
    organisation_id: strawberry.ID | None = strawberry.field(
        description="Which organisation; none with FOUND 党组织编号", default=None
    )
    target_id: strawberry.ID | None = strawberry.field(
        description="With MERGE: what takes all over 并入的党组织编号", default=None
    )
    name: str | None = strawberry.field(description="With FOUND and RENAME: its name 名称", default=None)
    founding: FoundingInput | None = strawberry.field(
        description="With FOUND: what it will be 拟成立党组织", default=None
    )
    division_code: str | None = strawberry.field(
        description="With FOUND: where; that of its first entity where not given 行政区划代码", default=None
    )
    successor_id: strawberry.ID | None = strawberry.field(
        description="With DISSOLVE: where all go who aren't named below 接收党组织编号", default=None
    )
    successors: list[SuccessorInput] | None = strawberry.field(
        description="With DISSOLVE: where persons go, one by one 逐人指定", default=None
    )


@strawberry.input(description="What AMEND changes of what was proposed; what is left out stays 补正内容")
class AmendmentInput:
    """What AMEND changes of what was proposed; what is left out stays."""

    name: str | None = strawberry.field(description="Its name 名称", default=None)
    founding: FoundingInput | None = strawberry.field(description="What it will be 拟成立党组织", default=None)
    successor_id: strawberry.ID | None = strawberry.field(
        description="Where all go who aren't named below 接收党组织编号", default=None
    )
    successors: list[SuccessorInput] | None = strawberry.field(
        description="Where persons go, one by one 逐人指定", default=None
    )


async def _propose(
    info: Info[Call, None],
    reorganisation: Annotated[ReorganisationInput, strawberry.argument(description="What is wanted 设置调整内容")],
    idempotency_key: Key,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = given_body(given) | strawberry.asdict(reorganisation) | {"effective_on": effective_on}
    return await give(info, Address(Owner.LEDGERS, "POST", _PATH), body, idempotency_key, correlation_id)


async def _step(
    info: Info[Call, None],
    id: ProcessId,  # noqa: A002 - what the graph calls it
    action: Annotated[ReorganisationAction, strawberry.argument(description="What is done 步骤")],
    expected_version: Version,
    idempotency_key: Key,
    *,
    amendment: Annotated[
        AmendmentInput | None, strawberry.argument(description="With AMEND: what it changes 补正内容")
    ] = None,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    amended: dict[str, object] = {} if amendment is None else dict(strawberry.asdict(amendment))
    return await take_step(
        info,
        owner=Owner.LEDGERS,
        path=_PATH,
        process_id=id,
        action=action,
        expected_version=expected_version,
        given=given,
        effective_on=effective_on,
        idempotency_key=idempotency_key,
        correlation_id=correlation_id,
        **amended,
    )


@strawberry.type
class ReorganisationMutations:
    """What can be commanded about reorganisations."""

    propose_reorganisation: CommandResult = strawberry.mutation(
        resolver=_propose,
        description="Propose to found, rename, merge or dissolve an organisation 申请党组织设置调整",
    )
    step_reorganisation: CommandResult = strawberry.mutation(
        resolver=_step, description="Take a step of a reorganisation 办理党组织设置调整"
    )
