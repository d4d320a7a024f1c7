"""Where a subscription's fields come from: the log says which row changed, the read model what it is now."""

from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLInputObjectType, get_named_type
from sqlalchemy import ColumnElement, exists, select

from contracts.events.base import EventData
from gateway.graphql.compilation import Compilation, Field
from gateway.graphql.json_sql import ONE, as_text
from gateway.graphql.predicates import predicates
from gateway.graphql.rows import Row
from gateway.graphql.sources import Argument, computed, declared
from gateway.graphql.subscriptions.positions import Position
from gateway.tables import ReadModelTable

AFTER: Final = "after"
"""Name of the argument that holds the position to go on from."""
_POSITION: Final = "position"


@dataclass(frozen=True, slots=True)
class Changed:
    """Source of a subscription's root field.

    Attributes:
        table: The table whose rows change.
        row_id: Its primary key, the aggregate's id.
        topic: The topic of the aggregate, as the log has it.
    """

    table: type[ReadModelTable]
    row_id: str
    topic: str

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        """Return the JSON of a change, for its row of the log; null where the caller may not see it, or asks not."""
        filter_type = get_named_type(field.definition.args["filter"].type)
        if not isinstance(filter_type, GraphQLInputObjectType):
            raise TypeError(f"{filter_type} is no input type")
        other = field.compilation.relation(self.table)
        there = Row({**dict(other.c), _POSITION: row[_POSITION]})
        return (
            select(field.object(there))
            .select_from(other)
            .where(
                other.c[self.row_id] == row["aggregate_id"],
                *predicates(filter_type, field.arguments().get("filter"), there),
                *field.compilation.visible(self.table, there),
            )
            .correlate_except(other)
            .scalar_subquery()
        )

    def is_there(self, compilation: Compilation, row: Row) -> ColumnElement[bool]:
        """Hold where the read model has the version that changed, or a newer one."""
        other = compilation.relation(self.table)
        found = select(ONE).where(other.c[self.row_id] == row["aggregate_id"], other.c.version >= row["version"])
        return exists(found.correlate_except(other))


def changed(
    table: type[ReadModelTable], row_id: str, event: type[EventData], filter_type: type, description: str
) -> Any:
    """Declare a subscription to the changes of a table's rows. Typed as Any, as `strawberry.subscription` is.

    Args:
        table: Whose rows change; its topic is noted by the projection (`gateway.projection.noting`).
        row_id: Its primary key.
        event: What tells of a change; names the topic.
        filter_type: The Strawberry input whose fields are declared by `filtered_by`.
        description: In English, with the Chinese term.
    """
    arguments = (
        Argument("filter", filter_type | None, "Which rows to tell of, as they are now 筛选条件"),
        Argument(
            AFTER,
            Position | None,
            "Go on behind this position, up to seven days old, without loss; from now on where not given "
            "起始位置（不含）",
        ),
    )
    return declared(Changed(table, row_id, event.topic), description, arguments=arguments)


def position() -> Any:
    """Declare the position of a change."""
    return computed(lambda row: as_text(row[_POSITION]), "Its place in the order; `after` it goes on 变更位置")
