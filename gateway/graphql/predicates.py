"""Filters: each field of a filter's input type declares the predicate it stands for."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final, TypeAlias

import strawberry
from graphql import GraphQLInputObjectType
from sqlalchemy import ColumnElement, any_, func, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Date, Text
from strawberry import UNSET

from contracts.vocabulary import UNASSIGNED_DIVISION
from gateway.graphql.compilation import DEFINITION, Columns
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.errors import Code, QueryError
from gateway.graphql.inputs import Input, clean, clean_list

Predicate: TypeAlias = Callable[[Input, Columns], ColumnElement[bool]]

_PREDICATE: Final = "predicate"


def filtered_by(predicate: Predicate, description: str) -> Any:
    """Declare an optional field of a filter; absent or null, it filters nothing."""
    return strawberry.field(default=UNSET, description=description, metadata={_PREDICATE: predicate})


def predicates(filter_type: GraphQLInputObjectType, given: Input | None, row: Columns) -> Iterator[ColumnElement[bool]]:
    """Yield the predicate of every field of a filter that is given; all must hold."""
    if given is None:
        return
    for name, definition in filter_type.fields.items():
        value = given.get(name)
        if value is not None:
            predicate: Predicate = definition.extensions[DEFINITION].metadata[_PREDICATE]
            yield predicate(value, row)


def among(column: str, convert: Callable[[str], str] = str) -> Predicate:
    """Hold where the column is one of the values; no values let no row through."""

    def values(texts: list[str]) -> list[str]:
        return [convert(text) for text in clean_list(texts)]

    return lambda given, row: row[column] == any_(given.bind(ARRAY(Text), values))


def containing(column: str) -> Predicate:
    """Hold where the column contains the text, letter by letter: `%` and `_` mean themselves."""
    return lambda given, row: func.strpos(row[column], given.bind(Text(), clean)) > 0


def between_dates(column: str) -> Predicate:
    """Hold from the first to the last day, both included; unknown dates are outside."""

    def predicate(given: Input, row: Columns) -> ColumnElement[bool]:
        first, last = given.get("from"), given.get("to")
        if first is None and last is None:
            return row[column].is_not(None)
        day: ColumnElement[bool] = row[column].is_not(None)
        if first is not None:
            day &= row[column] >= first.bind(Date(), _same_date)
        if last is not None:
            day &= row[column] <= last.bind(Date(), _same_date)
        return day

    return predicate
