"""The history of an entity as the graph shows it; nothing of it is in the read model."""

from datetime import date, datetime
from typing import Self

import strawberry

from contracts.vocabulary import Bureau, EntityKind, EntityState, OrganisationCoverage
from gateway.graphql.commands import CommandProblem
from gateway.graphql.entity_history.answers import CoveredAnswer, HistoryAnswer, VersionAnswer
from gateway.graphql.suppression import SUPPRESSED


@strawberry.type(
    description="A state of an entity that the ledgers heard, and the days on which it held 市场主体历史版本"
)
class EntityVersion:
    """A state of an entity that the ledgers heard, and the days on which it held."""

    registration_version: int = strawberry.field(description="Counts the states at registration from 1 登记版本")
    uscc: str = strawberry.field(description="Unified social credit code 统一社会信用代码")
    name: str = strawberry.field(description="Name 名称")
    kind: EntityKind = strawberry.field(description="What it counted as 类别")
    state: EntityState = strawberry.field(description="State of its registration 登记状态")
    division_code: str = strawberry.field(description="Division, 12 digits 行政区划代码")
    bureau: Bureau = strawberry.field(description="Bureau line 条线")
    registered_on: date | None = strawberry.field(description="Day of registration, where known 注册日期")
    effective_on: date = strawberry.field(description="Day from which it holds, Asia/Shanghai 生效日期")
    until: date | None = strawberry.field(
        description="Last day on which it held; null while it holds, or where it held on no day 截止日期"
    )
    superseded: bool = strawberry.field(
        description="Whether a newer state begins on its day or before it, so that it held on no day 是否已被更正"
    )
    recorded_at: datetime = strawberry.field(description="Moment at which the ledgers learnt it, UTC 入账时间")
    changed: list[str] = strawberry.field(
        description="Names of the facts that differ from the state before it; none of the first 变更项"
    )

    @classmethod
    def of(cls, answer: VersionAnswer) -> Self:
        """Return a state as the ledgers answered it."""
        return cls(**{name: getattr(answer, name) for name in VersionAnswer.model_fields})


@strawberry.type(description="By what an entity was covered on a day, as known at a moment 当日覆盖情况")
class EntityCovered:
    """By what an entity was covered on a day, as it was known at a moment."""

    since: date = strawberry.field(description="First day on which it was so 起始日期")
    until: date | None = strawberry.field(description="Last day, as it was known; null where none was known 截止日期")
    full_members: int | None = strawberry.field(description=f"Full members; {SUPPRESSED} 从业正式党员人数")
    probationary_members: int | None = strawberry.field(
        description=f"Probationary members; {SUPPRESSED} 从业预备党员人数"
    )
    organisation_coverage: OrganisationCoverage = strawberry.field(description="None, covered or own 组织覆盖")
    organisation_ids: list[strawberry.ID] = strawberry.field(
        description="Ids of the organisations that covered it 覆盖党组织编号"
    )
    work_coverage: bool = strawberry.field(description="Whether a cadre was assigned 工作覆盖")

    @classmethod
    def of(cls, answer: CoveredAnswer) -> Self:
        """Return it as the ledgers answered it."""
        stated = {name: getattr(answer, name) for name in CoveredAnswer.model_fields}
        return cls(**stated | {"organisation_ids": [strawberry.ID(str(one)) for one in answer.organisation_ids]})


@strawberry.type(description="What held of an entity on a day, as known at a moment, and all its states 市场主体历史")
class EntityHistory:
    """What held of an entity on a day, as it was known at a moment, and every state known then."""

    id: strawberry.ID = strawberry.field(description="Id of the entity 主体编号")
    effective_on: date = strawberry.field(description="The day that was asked for, Asia/Shanghai 查询日期")
    recorded_at: datetime = strawberry.field(description="The moment as of which it was known, UTC 认知时点")
    held: EntityVersion | None = strawberry.field(
        description="What held on the day; null where nothing was known to hold then 当日有效状态"
    )
    covered: EntityCovered | None = strawberry.field(
        description="By what it was covered then; null without member, organisation and cadre 当日覆盖情况"
    )
    versions: list[EntityVersion] = strawberry.field(description="The states known then, the newest first 历史版本")
    next: int | None = strawberry.field(description="For `before`; null on the last page 下一页起点")

    @classmethod
    def of(cls, answer: HistoryAnswer) -> Self:
        """Return a history as the ledgers answered it."""
        return cls(
            id=strawberry.ID(str(answer.entity_id)),
            effective_on=answer.effective_on,
            recorded_at=answer.recorded_at,
            held=None if answer.held is None else EntityVersion.of(answer.held),
            covered=None if answer.covered is None else EntityCovered.of(answer.covered),
            versions=[EntityVersion.of(one) for one in answer.versions],
            next=answer.next,
        )


@strawberry.type(description="The answer of the ledgers about a history: it, or why there is none 历史查询应答")
class EntityHistoryResult:
    """The answer of the ledgers: the history, or why there is none."""

    history: EntityHistory | None = strawberry.field(description="The history; null with a problem 历史")
    problem: CommandProblem | None = strawberry.field(
        description="Why the ledgers don't answer: away, no right, no such entity 拒绝原因"
    )
