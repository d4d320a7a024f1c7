"""Lists that stand in their row, as JSON: few items each, read where they are used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from gateway.graphql.compilation import Field
from gateway.graphql.json_sql import EMPTY_LIST, json_list, name_literal
from gateway.graphql.rows import Row
from gateway.graphql.sources import declared

_POSITION: Final = "position_in_list"


@dataclass(frozen=True, slots=True)
class _Items:
    name: str
    columns: Mapping[str, TypeEngine[Any]]
    size: int
    of_members: bool

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        if self.of_members and not field.compilation.sees_members:
            return EMPTY_LIST
        elements = (
            func.jsonb_array_elements(row[self.name])
            .table_valued(column("item", JSONB()), with_ordinality=_POSITION)
            .render_derived(name=field.compilation.name())
        )
        items = (
            select(
                *(_typed(elements.c.item, name, type_).label(name) for name, type_ in self.columns.items()),
                cast(elements.c[_POSITION], Integer).label(_POSITION),
            )
            .select_from(elements)
            .correlate_except(elements)
            .subquery(field.compilation.name())
        )
        field.costs(lambda _: self.size)
        item = field.object(Row(items.c), within=lambda _: self.size)
        listed = json_list(item, order_by=[items.c[_POSITION]])
        return select(listed).select_from(items).correlate_except(items).scalar_subquery()


def inner_list(
    name: str, columns: Mapping[str, TypeEngine[Any]], size: int, description: str, *, of_members: bool = False
) -> Any:
    """Declare a list of objects that a `jsonb` column of the type's row holds, in its order.

    Args:
        name: The column.
        columns: What each object has, with its SQL type; the fields of the item's type are declared on these.
        size: The number of items that one such list counts for in the cost of a request.
        description: In English, with the Chinese term.
        of_members: Whether it names members: then it is empty for who may not see them.
    """
    return declared(_Items(name, columns, size, of_members), description)


def _typed(item: ColumnElement[Any], name: str, type_: TypeEngine[Any]) -> ColumnElement[Any]:
    if isinstance(type_, JSONB):
        return item.op("->", return_type=JSONB())(name_literal(name))
    return cast(item.op("->>")(name_literal(name)), type_)
