"""What can be asked of the history of an entity. The ledgers answer: their topic keeps the newest state alone."""

from datetime import date, datetime
from typing import Annotated, Final

import strawberry
from pydantic import ValidationError
from strawberry.types import Info

from gateway.commands import Owner, Question, Refused, away
from gateway.graphql.calls import Call
from gateway.graphql.commands import CommandProblem, segment
from gateway.graphql.entity_history.answers import HistoryAnswer
from gateway.graphql.entity_history.types import EntityHistory, EntityHistoryResult
from gateway.graphql.errors import Code, QueryError

MOST_VERSIONS: Final = 200


async def _entity_history(
    info: Info[Call, None],
    id: Annotated[strawberry.ID, strawberry.argument(description="Id of the entity 主体编号")],  # noqa: A002 - the graph's
    effective_on: Annotated[
        date | None, strawberry.argument(description="What held on this day; today where not given 生效日期")
    ] = None,
    recorded_at: Annotated[
        datetime | None, strawberry.argument(description="As it was known at this moment; now by default 认知时点")
    ] = None,
    first: Annotated[
        int, strawberry.argument(description=f"So many states, {MOST_VERSIONS} at the most 每页条数")
    ] = 50,
    before: Annotated[
        int | None, strawberry.argument(description="Go on behind: `next` of the page before 下一页起点")
    ] = None,
) -> EntityHistoryResult:
    if not 1 <= first <= MOST_VERSIONS:
        raise QueryError(
            Code.INPUT,
            f"A page has 1 to {MOST_VERSIONS} states, not {first}.",
            f"每页条数应在 1 到 {MOST_VERSIONS} 之间，收到 {first}。",
        )
    call = info.context
    call.budget.spend(first)
    asked = {"effectiveOn": effective_on, "recordedAt": recorded_at and recorded_at.isoformat(), "before": before}
    question = Question(
        Owner.LEDGERS,
        f"/entities/{segment(id)}/history",
        {"limit": str(first)} | {name: str(value) for name, value in asked.items() if value is not None},
        call.authorization,
    )
    answer = away() if call.commands is None else await call.commands.ask(question)
    if isinstance(answer, Refused):
        return EntityHistoryResult(history=None, problem=CommandProblem.of(answer))
    try:
        history = EntityHistory.of(HistoryAnswer.model_validate_json(answer))
    except ValidationError:
        return EntityHistoryResult(history=None, problem=CommandProblem.of(away()))
    return EntityHistoryResult(history=history, problem=None)


@strawberry.type
class EntityHistoryQueries:
    """What can be asked of the history of an entity."""

    entity_history: EntityHistoryResult = strawberry.field(
        resolver=_entity_history,
        description="Every state of an entity, and what held on a day as it was known at a moment; answered by the "
        "ledgers, with your token 按日期和认知时点查询市场主体历史（由台账服务应答）",
    )
