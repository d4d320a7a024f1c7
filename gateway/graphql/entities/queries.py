"""What can be asked of entities."""

import strawberry

from gateway import tables
from gateway.graphql.counts import counts
from gateway.graphql.division_levels import LEVEL_ARGUMENT
from gateway.graphql.entities.filters import DIMENSIONS, EntityFilter, entity_list
from gateway.graphql.entities.types import Entity, EntityCount
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key, text_key


@strawberry.type
class EntityQueries:
    """What can be asked of entities."""

    entity: Entity | None = by_key(
        tables.Entity,
        [
            id_key("entity_id", Argument("id", strawberry.ID | None, "Id of the entity 主体编号")),
            text_key("uscc", str.upper, Argument("uscc", str | None, "Unified social credit code 统一社会信用代码")),
        ],
        newest="recorded_at",
        description="One entity, by exactly one of id and uscc 按编号或统一社会信用代码查询一个市场主体",
    )
    entities: Connection[Entity] = entity_list("Entities by pages 分页查询市场主体")
    entity_counts: list[EntityCount] = counts(
        tables.Entity,
        dimensions=DIMENSIONS,
        filter_type=EntityFilter,
        more=(LEVEL_ARGUMENT,),
        description="How many entities there are, by groups 市场主体分组计数",
    )
