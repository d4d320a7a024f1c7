"""Filters: each field of a filter's input type declares the predicate it stands for."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final, TypeAlias

import strawberry
from graphql import GraphQLInputObjectType, get_named_type
from sqlalchemy import ColumnElement, and_, any_, exists, func, literal_column, not_, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Date, Integer, Text
from strawberry import UNSET

from contracts.vocabulary import UNASSIGNED_DIVISION
from gateway.graphql.compilation import DEFINITION, Field
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.inputs import Input, clean, clean_list
from gateway.graphql.rows import Row
from gateway.tables import ReadModelTable

Predicate: TypeAlias = Callable[[Input, Row], ColumnElement[bool]]

_PREDICATE: Final = "predicate"


def filtered_by(predicate: Predicate, description: str) -> Any:
    """Declare an optional field of a filter; absent or null, it filters nothing."""
    return strawberry.field(default=UNSET, description=description, metadata={_PREDICATE: predicate})


def predicates(filter_type: GraphQLInputObjectType, given: Input | None, row: Row) -> Iterator[ColumnElement[bool]]:
    """Yield the predicate of every field of a filter that is given; all must hold."""
    if given is None:
        return
    for name, definition in filter_type.fields.items():
        value = given.get(name)
        if value is not None:
            predicate: Predicate = definition.extensions[DEFINITION].metadata[_PREDICATE]
            yield predicate(value, row)


def given_filter(field: Field, arguments: Input, row: Row) -> list[ColumnElement[bool]]:
    """Return the predicates of the argument `filter` of a field, which are those that its input type declares."""
    filter_type = get_named_type(field.definition.args["filter"].type)
    if not isinstance(filter_type, GraphQLInputObjectType):
        raise TypeError(f"{filter_type} is no input type")
    return list(predicates(filter_type, arguments.get("filter"), row))


def among(column: str, convert: Callable[[str], str] = str) -> Predicate:
    """Hold where the column is one of the values; no values let no row through."""

    def values(texts: list[str]) -> list[str]:
        return [convert(text) for text in clean_list(texts)]

    return lambda given, row: row[column] == any_(given.bind(ARRAY(Text), values))


def flag(column: str) -> Predicate:
    """Hold where a column of truth values is as given."""
    return lambda given, row: row[column] if given.is_true else not_(row[column])


def known(column: str) -> Predicate:
    """Hold where the column has a value, or with false where it has none."""
    return lambda given, row: row[column].is_not(None) if given.is_true else row[column].is_(None)


def containing(column: str) -> Predicate:
    """Hold where the column contains the text, letter by letter: `%` and `_` mean themselves."""
    return lambda given, row: func.strpos(row[column], given.bind(Text(), clean)) > 0


def number(column: str) -> Predicate:
    """Hold where the column is this whole number."""
    return lambda given, row: row[column] == given.bind(Integer(), lambda value: value)


def between_dates(column: str) -> Predicate:
    """Hold from the first to the last day, both included; rows without a date are outside where one is given."""

    def predicate(given: Input, row: Row) -> ColumnElement[bool]:
        first, last = given.get("from"), given.get("to")
        bounds = []
        if first is not None:
            bounds.append(row[column] >= day(first))
        if last is not None:
            bounds.append(row[column] <= day(last))
        return and_(true(), *bounds)

    return predicate


def before(*columns: str) -> Predicate:
    """Hold where a day is before the one given; of several columns the first that is known counts."""
    return lambda given, row: func.coalesce(*(row[column] for column in columns)) < day(given)


def in_division(column: str) -> Predicate:
    """Hold under a division, its whole subtree; with `unassigned` true for the unassigned too, with false never."""

    def predicate(given: Input, row: Row) -> ColumnElement[bool]:
        under, unassigned = given.get("under"), given.get("unassigned")
        is_unassigned = row[column] == literal_column(f"'{UNASSIGNED_DIVISION}'")
        within = None
        if under is not None:
            within = row[column].between(
                under.bind(Text(), lambda code: DivisionRange.under(code).first),
                under.bind(Text(), lambda code: DivisionRange.under(code).last),
            )
        if unassigned is None:
            return true() if within is None else within
        if unassigned.is_true:
            return is_unassigned if within is None else or_(within, is_unassigned)
        return not_(is_unassigned) if within is None else and_(within, not_(is_unassigned))

    return predicate


def related(table: type[ReadModelTable], on: Callable[[Row, Row], ColumnElement[bool]]) -> Predicate:
    """Hold where the other table has a row that belongs to this one, or with false where it has none.

    Args:
        table: the other table.
        on: joins a row of the filtered table (first) with one of the other (second).
    """

    def predicate(given: Input, row: Row) -> ColumnElement[bool]:
        other = given.making.relation(table)
        there = Row(other.c)
        found = exists(
            select(literal_column("1"))
            .select_from(other)
            .where(on(row, there), *given.making.visible(table, there))
            .correlate_except(other)
        )
        return found if given.is_true else not_(found)

    return predicate


def day(given: Input) -> ColumnElement[date]:
    """Return a parameter that holds a day."""
    return given.bind(Date(), lambda value: value)
