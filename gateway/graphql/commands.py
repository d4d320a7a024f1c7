"""What a mutation answers: what was done and whether the graph shows it yet, or why nothing was done."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Self

import strawberry
from pydantic.alias_generators import to_camel
from strawberry.types import Info

from gateway.commands import Command, Refused, unavailable
from gateway.graphql.calls import Call


@strawberry.enum(description="What became of a command 命令结果")
class CommandStatus(Enum):
    """What became of a command."""

    APPLIED = strawberry.enum_value("APPLIED", description="Done, and the graph shows it 已生效")
    PENDING = strawberry.enum_value(
        "PENDING", description="Done, and the graph will show it in a moment 已受理，稍后可见"
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


async def give(info: Info[Call, None], method: str, path: str, body: Mapping[str, object], key: str) -> CommandResult:
    """Give a command to its owner, and wait until the graph shows what it did."""
    call = info.context
    command = Command(method, path, _wire(body), key, call.authorization)
    answer = unavailable() if call.commands is None else await call.commands.send(command)
    if isinstance(answer, Refused):
        return CommandResult(
            status=CommandStatus.REFUSED, aggregates=[], correlation_id=None, problem=CommandProblem.of(answer)
        )
    seen = call.commands is not None and await call.commands.seen(answer.aggregates)
    return CommandResult(
        status=CommandStatus.APPLIED if seen else CommandStatus.PENDING,
        aggregates=[
            ChangedAggregate(aggregate=one.aggregate, id=strawberry.ID(str(one.id)), version=one.version)
            for one in answer.aggregates
        ],
        correlation_id=strawberry.ID(str(answer.correlation_id)),
        problem=None,
    )


def _wire(values: Mapping[str, object]) -> dict[str, object]:
    return {to_camel(name): _value(value) for name, value in values.items() if value is not None}


def _value(value: object) -> object:
    match value:
        case Mapping():
            return _wire(value)
        case date() | Decimal():
            return str(value)
        case _:
            return value
