"""What can be commanded about organisational life: each goes to the ledgers, which keep free text sealed."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import (
    Audience,
    GatheringKind,
    GatheringPlace,
    GatheringTopic,
    LifeDuty,
    LifePeriod,
    OrganisationForm,
)
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Key, Saga, Version, give, segment

_OWNER: Final = Owner.LEDGERS
_PATH: Final = "/gatherings"

Id = Annotated[strawberry.ID, strawberry.argument(description="Id of the gathering 组织生活编号")]
VersionIfThere = Annotated[
    int | None, strawberry.argument(description="The version on which it was decided, where there is one 依据的版本")
]
Note = Annotated[str, strawberry.argument(description="Why; kept sealed 理由（加密保存）")]
NoteIfAny = Annotated[str | None, strawberry.argument(description="Why; kept sealed 理由（加密保存）")]


@strawberry.input(description="The facts of a gathering, and what comes with them 组织生活信息")
class GatheringInput:
    """The facts of a gathering, and what comes with them."""

    kind: GatheringKind = strawberry.field(description="What it was 类别")
    audience: Audience | None = strawberry.field(
        description="For whom it was; a training says it 参加对象", default=None
    )
    held_on: date = strawberry.field(description="Day on which it was held 开展日期")
    place: GatheringPlace = strawberry.field(description="Kind of place 地点类型")
    topics: list[GatheringTopic] = strawberry.field(description="What it was about 议题类别", default_factory=list)
    expected: int = strawberry.field(description="How many were to come 应到人数")
    present: int = strawberry.field(description="How many came 实到人数")
    term_until: date | None = strawberry.field(
        description="Of elections: last day of the term; by the rule where not given 任期截止", default=None
    )
    postponed_until: date | None = strawberry.field(
        description="Of elections: to when the superior lets the next one be late 延期换届至", default=None
    )
    agenda: str | None = strawberry.field(description="Free text; kept sealed 议程（加密保存）", default=None)
    on_behalf_of: str | None = strawberry.field(
        description="For whom it is recorded; kept sealed 代办对象（加密保存）", default=None
    )
    evidence_ids: list[strawberry.ID] | None = strawberry.field(
        description="Files uploaded to the owner before 佐证材料编号", default=None
    )


@strawberry.input(description="An edition of the rule on a duty 组织生活规则")
class LifeRuleInput:
    """An edition of the rule on a duty."""

    duty: LifeDuty = strawberry.field(description="What is owed 事项")
    forms: list[OrganisationForm] = strawberry.field(description="Forms of organisations that owe it 适用组织形式")
    period: LifePeriod = strawberry.field(description="How often 周期")
    times: int = strawberry.field(description="How often in a period 次数")
    committee_from: int | None = strawberry.field(
        description="Only who has a committee owes it: said, or so many full members 设支委会的正式党员人数",
        default=None,
    )
    term_years: int | None = strawberry.field(description="Of elections: years of a term 任期年数", default=None)
    shift_months: int | None = strawberry.field(
        description="Of elections: months that one may come early or late 可提前或延期的月数", default=None
    )
    source: str = strawberry.field(description="What it rests on, in English 依据（英文）")
    source_zh: str = strawberry.field(description="What it rests on 依据")
    valid_from: date = strawberry.field(description="First day; that of a period 生效日期")
    valid_until: date | None = strawberry.field(
        description="Last day; until the next edition where not given 失效日期", default=None
    )


Facts = Annotated[GatheringInput, strawberry.argument(description="Its facts 组织生活信息")]


async def _record(
    info: Info[Call, None],
    organisation_id: Annotated[strawberry.ID, strawberry.argument(description="Who held it 党组织编号")],
    gathering: Facts,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(gathering) | {"organisation_id": organisation_id}
    return await give(info, Address(_OWNER, "POST", _PATH), body, idempotency_key, correlation_id)


async def _correct(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    gathering: Facts,
    expected_version: Version,
    idempotency_key: Key,
    note: NoteIfAny = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(gathering) | {"expected_version": expected_version, "note": note}
    address = Address(_OWNER, "PUT", f"{_PATH}/{segment(id)}")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _withdraw(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    note: Note,
    expected_version: Version,
    idempotency_key: Key,
    on_behalf_of: Annotated[
        str | None, strawberry.argument(description="For whom it is withdrawn; kept sealed 代办对象（加密保存）")
    ] = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version, "note": note, "on_behalf_of": on_behalf_of}
    address = Address(_OWNER, "POST", f"{_PATH}/{segment(id)}/withdrawal")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _publish(
    info: Info[Call, None],
    rule: Annotated[LifeRuleInput, strawberry.argument(description="The edition 规则")],
    idempotency_key: Key,
    expected_version: VersionIfThere = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(rule) | {"expected_version": expected_version}
    return await give(info, Address(_OWNER, "POST", "/life-rules"), body, idempotency_key, correlation_id)


async def _plan(
    info: Info[Call, None],
    division_code: Annotated[str, strawberry.argument(description="The district, 12 digits 区县代码")],
    year: Annotated[int, strawberry.argument(description="Year 年度")],
    sessions: Annotated[int, strawberry.argument(description="How often in the year 次数")],
    idempotency_key: Key,
    expected_version: VersionIfThere = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {
        "division_code": division_code,
        "year": year,
        "sessions": sessions,
        "expected_version": expected_version,
    }
    return await give(info, Address(_OWNER, "POST", "/training-plans"), body, idempotency_key, correlation_id)


@strawberry.type
class LifeMutations:
    """What can be commanded about organisational life."""

    record_gathering: CommandResult = strawberry.mutation(
        resolver=_record, description="Record that an organisation held something 记录组织生活"
    )
    correct_gathering: CommandResult = strawberry.mutation(
        resolver=_correct, description="Replace the facts of a gathering; files that it carries stay 更正组织生活记录"
    )
    withdraw_gathering: CommandResult = strawberry.mutation(
        resolver=_withdraw, description="Withdraw the record of a gathering: it counts no more 撤回组织生活记录"
    )
    publish_life_rule: CommandResult = strawberry.mutation(
        resolver=_publish,
        description="Publish or correct an edition of a rule, for the whole district 发布组织生活规则",
    )
    plan_training: CommandResult = strawberry.mutation(
        resolver=_plan, description="Plan how often a district trains secretaries in a year 制定年度培训计划"
    )
