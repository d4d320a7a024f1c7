"""What can be asked of floating members."""

import strawberry

from gateway import tables
from gateway.graphql.floatings.filters import floating_list
from gateway.graphql.floatings.types import Floating
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class FloatingQueries:
    """What can be asked of floating members."""

    floating: Floating | None = by_key(
        tables.Floating,
        [id_key("process_id", Argument("id", strawberry.ID, "Id of it 流程编号"))],
        newest="recorded_at",
        description="One member's being out by id, for who may see members; null for others "
        "按编号查询一次流动党员外出，仅限授权者",
    )
    floatings: Connection[Floating] = floating_list(
        "Floating members by pages, those of either end, for who may see members; empty for others "
        "分页查询流动党员，仅限授权者"
    )
