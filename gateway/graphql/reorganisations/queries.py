"""What can be asked of reorganisations."""

import strawberry

from gateway import tables
from gateway.graphql.pages import Connection
from gateway.graphql.reorganisations.filters import reorganisation_list
from gateway.graphql.reorganisations.types import Reorganisation
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class ReorganisationQueries:
    """What can be asked of reorganisations."""

    reorganisation: Reorganisation | None = by_key(
        tables.Reorganisation,
        [id_key("process_id", Argument("id", strawberry.ID, "Id of the reorganisation 设置调整编号"))],
        newest="recorded_at",
        description="One reorganisation by its id 按编号查询一次党组织设置调整",
    )
    reorganisations: Connection[Reorganisation] = reorganisation_list(
        "Reorganisations by pages, those of either side 分页查询党组织设置调整"
    )
