"""What a mutation answers: what was done and whether the graph shows it yet, or why nothing was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Final, Self
from urllib.parse import quote

import strawberry
from pydantic.alias_generators import to_camel
from strawberry.types import Info

from gateway.commands import Command, Owner, Refused, Seen, unavailable
from gateway.graphql.calls import Call


@strawberry.enum(description="What became of a command 命令结果")
class CommandStatus(Enum):
    """What became of a command."""

    APPLIED = strawberry.enum_value("APPLIED", description="Done, and the graph shows it 已生效")
    PENDING = strawberry.enum_value(
        "PENDING", description="Done, and the graph will show it in a moment 已受理，稍后可见"
    )
    FAILED = strawberry.enum_value(
        "FAILED",
        description="Done, but the graph couldn't take it in; its operator redrives it 已办理，但读模型入账失败",
    )
    REFUSED = strawberry.enum_value("REFUSED", description="Nothing was done; the problem says why 被拒绝")


@strawberry.type(description="An aggregate that a command changed 被变更的对象")
class ChangedAggregate:
    """An aggregate that a command changed."""

    aggregate: str = strawberry.field(description="Topic that tells it 主题")
    id: strawberry.ID = strawberry.field(description="Its id 编号")
    version: int = strawberry.field(description="Its version now 当前版本")


@strawberry.type(description="A place of what was sent that breaks a rule 不符合规则的位置")
class PlaceProblem:
    """A place of what was sent that breaks a rule."""

    pointer: str = strawberry.field(description="JSON pointer into what was sent 位置")
    reason: str = strawberry.field(description="What is wrong 原因（英文）")
    reason_zh: str | None = strawberry.field(description="The same in Chinese 原因（中文）")


@strawberry.type(description="Why nothing was done (RFC 9457) 拒绝原因")
class CommandProblem:
    """Why nothing was done."""

    type: str = strawberry.field(description="Kind of problem, for programs 类型")
    title: str = strawberry.field(description="Kind of problem 标题（英文）")
    title_zh: str = strawberry.field(description="The same in Chinese 标题（中文）")
    detail: str = strawberry.field(description="This occurrence, with the way out 详情（英文）")
    detail_zh: str = strawberry.field(description="The same in Chinese 详情（中文）")
    current_version: int | None = strawberry.field(description="With a version conflict 当前版本")
    entity_id: strawberry.ID | None = strawberry.field(description="Which entity it contradicts 相关主体")
    member_id: strawberry.ID | None = strawberry.field(
        description="Which member it contradicts, for who may see them 相关党员"
    )
    errors: list[PlaceProblem] = strawberry.field(description="Each place that breaks a rule 各处问题")

    @classmethod
    def of(cls, refused: Refused) -> Self:
        """Return the problem that an owner answered."""
        return cls(
            type=refused.type,
            title=refused.title,
            title_zh=refused.title_zh,
            detail=refused.detail,
            detail_zh=refused.detail_zh,
            current_version=refused.current_version,
            entity_id=None if refused.entity_id is None else strawberry.ID(str(refused.entity_id)),
            member_id=None if refused.member_id is None else strawberry.ID(str(refused.member_id)),
            errors=[
                PlaceProblem(pointer=one.pointer, reason=one.reason, reason_zh=one.reason_zh) for one in refused.errors
            ],
        )


@strawberry.type(description="The answer to a command 命令应答")
class CommandResult:
    """The answer to a command."""

    status: CommandStatus = strawberry.field(description="What became of it 结果")
    aggregates: list[ChangedAggregate] = strawberry.field(
        description="What changed; empty where everything was so already 变更的对象"
    )
    correlation_id: strawberry.ID | None = strawberry.field(description="The same along all that follows 关联编号")
    problem: CommandProblem | None = strawberry.field(description="Why nothing was done 拒绝原因")


Key = Annotated[
    str, strawberry.argument(description="New for each command; the same for its retries 幂等键，重试时保持不变")
]
Saga = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="The correlationId of what this follows from; without one it begins something new 关联编号"
    ),
]
Version = Annotated[int, strawberry.argument(description="The version on which it was decided 操作所依据的版本")]
Day = Annotated[
    date | None, strawberry.argument(description="Day from which it holds; today where not given 生效日期，默认今日")
]

_STATUS: Final = {
    Seen.APPLIED: CommandStatus.APPLIED,
    Seen.PENDING: CommandStatus.PENDING,
    Seen.FAILED: CommandStatus.FAILED,
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a command goes.

    Attributes:
        owner: the service that owns the fact.
        method: HTTP method.
        path: at the owner.
    """

    owner: Owner
    method: str
    path: str


async def give(
    info: Info[Call, None], address: Address, body: Mapping[str, object], key: str, saga: strawberry.ID | None
) -> CommandResult:
    """Give a command to its owner, and wait until the graph shows what it did."""
    call, since = info.context, datetime.now(UTC)
    command = Command(
        address.owner,
        address.method,
        address.path,
        _wire(body),
        key,
        call.authorization,
        None if saga is None else str(saga),
    )
    answer = unavailable() if call.commands is None else await call.commands.send(command)
    if isinstance(answer, Refused):
        return CommandResult(
            status=CommandStatus.REFUSED, aggregates=[], correlation_id=None, problem=CommandProblem.of(answer)
        )
    seen = Seen.PENDING if call.commands is None else await call.commands.seen(answer.aggregates, since)
    return CommandResult(
        status=_STATUS[seen],
        aggregates=[
            ChangedAggregate(aggregate=one.aggregate, id=strawberry.ID(one.id), version=one.version)
            for one in answer.aggregates
        ],
        correlation_id=strawberry.ID(str(answer.correlation_id)),
        problem=None,
    )


def segment(id_: strawberry.ID) -> str:
    """Return an id as one segment of a path, whatever is in it."""
    return quote(str(id_), safe="")


def _wire(values: Mapping[str, object]) -> dict[str, object]:
    return {to_camel(name): _value(value) for name, value in values.items() if value is not None}


def _value(value: object) -> object:
    match value:
        case Mapping():
            return _wire(value)
        case date() | Decimal():
            return str(value)
        case Enum():
            return value.value
        case list():
            return [_value(one) for one in value]
        case _:
            return value
