"""What can be asked of the two coverages."""

import strawberry

from gateway import tables
from gateway.graphql.coverage.figures import CoverageFigures, coverage_figures
from gateway.graphql.coverage.filters import coverage_list
from gateway.graphql.coverage.over_time import CoverageOnDay, coverage_over_time
from gateway.graphql.coverage.types import Coverage
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class CoverageQueries:
    """What can be asked of the two coverages."""

    coverage: Coverage | None = by_key(
        tables.Coverage,
        [id_key("entity_id", Argument("entity_id", strawberry.ID, "Id of the entity 主体编号"))],
        newest="recorded_at",
        description="The coverage of one entity 查询一个市场主体的两个覆盖",
    )
    coverages: Connection[Coverage] = coverage_list(
        "Coverages by pages, such as the must-found list 分页查询两个覆盖（如应建未建名单）"
    )
    coverage_figures: list[CoverageFigures] = coverage_figures(
        "Figures of the two coverages over active entities of the three kinds, by groups 两个覆盖分组统计"
    )
    coverage_over_time: list[CoverageOnDay] = coverage_over_time(
        "The same figures on several days, over the entities that were registered and not yet deregistered then, from "
        "the periods that the ledgers tell 两个覆盖历史走势（按日或按月）"
    )
