"""Counts by groups, over any dimensions of a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from graphql import GraphQLInputObjectType, get_named_type
from sqlalchemy import Alias, ColumnElement, FromClause, func, null, select

from gateway.graphql.compilation import Compilation, Field
from gateway.graphql.inputs import Input
from gateway.graphql.json_sql import json_list
from gateway.graphql.limits import COUNT_COST
from gateway.graphql.predicates import predicates
from gateway.graphql.rows import Row
from gateway.graphql.sources import Argument, declared
from gateway.tables import ReadModelTable


@dataclass(frozen=True, slots=True)
class Dimension:
    """What rows can be counted by.

    Attributes:
        name: The column of the group that holds it, null where it is not counted by.
        value: Its expression on a row, which may look at words among the field's arguments.
    """

    name: str
    value: Callable[[Row, Input], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What is counted.

    Attributes:
        rows: The rows, with what they are joined to.
        figures: Aggregates over a group of them, each under the name by which its type's fields are declared on it.
        only: What holds for all that are counted.
    """

    rows: FromClause
    figures: Mapping[str, ColumnElement[Any]]
    only: Sequence[ColumnElement[bool]] = ()


Measure: TypeAlias = Callable[[Compilation, Alias, Input], Measured]
"""Says what is counted of a table's rows; it may look at the field's arguments."""


def _how_many(_compilation: Compilation, rows: Alias, _arguments: Input) -> Measured:
    return Measured(rows, {"count": func.count()})


@dataclass(frozen=True, slots=True)
class _Counts:
    table: type[ReadModelTable]
    dimensions: Mapping[Any, Dimension]
    measure: Measure

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del row
        arguments = field.arguments()
        field.costs(lambda _: COUNT_COST)
        by = arguments.words("by", type(next(iter(self.dimensions))))
        rows = field.compilation.relation(self.table)
        values = {word: one.value(Row(rows.c), arguments) for word, one in self.dimensions.items() if word in by}
        filter_type = get_named_type(field.definition.args["filter"].type)
        if not isinstance(filter_type, GraphQLInputObjectType):
            raise TypeError(f"{filter_type} is no input type")
        measured = self.measure(field.compilation, rows, arguments)
        groups = (
            select(
                *(values.get(word, null()).label(one.name) for word, one in self.dimensions.items()),
                *(figure.label(name) for name, figure in measured.figures.items()),
            )
            .select_from(measured.rows)
            .where(
                *predicates(filter_type, arguments.get("filter"), Row(rows.c)),
                *measured.only,
                *field.compilation.visible(self.table, Row(rows.c)),
            )
            .group_by(*values.values())
            .correlate(None)
            .subquery(field.compilation.name())
        )
        order = [groups.c[self.dimensions[word].name] for word in by]
        listed = json_list(field.object(Row(groups.c)), order_by=order)
        return select(listed).select_from(groups).correlate_except(groups).scalar_subquery()


def counts(
    table: type[ReadModelTable],
    *,
    dimensions: Mapping[Any, Dimension],
    filter_type: type,
    more: tuple[Argument, ...],
    description: str,
    measure: Measure = _how_many,
) -> Any:
    """Declare counts of a table's rows by groups, in order of the dimensions asked for. It stands at the root.

    Args:
        table: Whose rows are counted.
        dimensions: A dimension for each word of an enum.
        filter_type: The Strawberry input whose fields are declared by `filtered_by`.
        more: Further arguments, for the dimensions.
        description: In English, with the Chinese term.
        measure: What is counted of them; their number, named `count`, where nothing else is said.
    """
    words: type[Enum] = type(next(iter(dimensions)))
    by = Argument("by", list[words], "What to count by; empty for one figure 统计维度，留空则只返回一个总数")  # type: ignore[valid-type] # a type found at run time
    filtered = Argument("filter", filter_type | None, "What to count 筛选条件")
    return declared(_Counts(table, dimensions, measure), description, arguments=(by, *more, filtered))
