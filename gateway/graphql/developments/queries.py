"""What can be asked of developments and quotas."""

import strawberry

from gateway import tables
from gateway.graphql.developments.figures import DevelopmentFigures, development_figures
from gateway.graphql.developments.filters import development_list, quota_list
from gateway.graphql.developments.types import Development, Quota
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class DevelopmentQueries:
    """What can be asked of developments and quotas."""

    development: Development | None = by_key(
        tables.Development,
        [id_key("process_id", Argument("id", strawberry.ID, "Id of the development 流程编号"))],
        newest="recorded_at",
        description="One development by id, for who may see members; null for others "
        "按编号查询一次发展党员流程，仅限授权者",
    )
    developments: Connection[Development] = development_list(
        "Developments by pages, for who may see members; empty for others 分页查询发展党员，仅限授权者"
    )
    quota: Quota | None = by_key(
        tables.Quota,
        [id_key("quota_id", Argument("id", strawberry.ID, "Id of the quota 名额编号"))],
        newest="recorded_at",
        description="One quota by id 按编号查询名额",
    )
    quotas: Connection[Quota] = quota_list("Quotas by pages 分页查询发展党员名额")
    development_figures: list[DevelopmentFigures] = development_figures(
        "Quotas of a year, what is taken and left, beside the employees at its start and at its end, by groups "
        "年度发展党员名额、发展数与从业人数增长"
    )
