"""Where fields come from: each GraphQL type says so once, and both the compiler and Strawberry go by it.

Relations are correlated subqueries and not joins: joined, a page whose size is a parameter is taken for a tenth of its
table, and PostgreSQL reads all of the other table to hash it. A subquery asks the index once a row of the page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, case, select
from sqlalchemy.types import Text, TypeEngine
from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from gateway.graphql.compilation import SOURCE, Field, Source
from gateway.graphql.errors import Code, QueryError, nameless
from gateway.graphql.inputs import clean
from gateway.graphql.json_sql import ONE
from gateway.graphql.rows import Expression, Join, Row
from gateway.tables import ReadModelTable


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a declared field."""

    name: str
    type: Any
    description: str
    default: object = UNSET


def declared(source: Source, description: str, *, arguments: Sequence[Argument] = ()) -> Any:
    """Declare a field of a Strawberry type by its source. Typed as Any, as `strawberry.field` is.

    Args:
        source: Where it comes from.
        description: In English, with the Chinese term.
        arguments: Its arguments, which the source reads.
    """
    field = StrawberryField(description=description, metadata={SOURCE: source})
    field.arguments = [
        StrawberryArgument(
            python_name=one.name,
            graphql_name=None,
            type_annotation=StrawberryAnnotation(one.type),
            description=one.description,
            default=one.default,
        )
        for one in arguments
    ]
    return field


@dataclass(frozen=True, slots=True)
class _Value:
    expression: Expression

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del field
        return self.expression(row)


def column(name: str, description: str) -> Any:
    """Declare a field that is a column of its type's row."""
    return declared(_Value(lambda row: row[name]), description)


def computed(expression: Expression, description: str) -> Any:
    """Declare a field that is computed from the columns of its type's row."""
    return declared(_Value(expression), description)


@dataclass(frozen=True, slots=True)
class _SameRow:
    present: Expression | None

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        made = field.object(row)
        return made if self.present is None else case((self.present(row), made))


def part(description: str, *, present: Expression | None = None) -> Any:
    """Declare an object made of columns of its parent's row; null where `present` is given and false."""
    return declared(_SameRow(present), description)


@dataclass(frozen=True, slots=True)
class _ToOne:
    table: type[ReadModelTable]
    on: Join
    newest: Sequence[str]

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        other = field.compilation.relation(self.table)
        there = Row(other.c)
        found = (
            select(field.object(there))
            .select_from(other)
            .where(self.on(row, there), *field.compilation.visible(self.table, there))
            .correlate_except(other)
        )
        if self.newest:
            found = found.order_by(*(there[name].desc() for name in self.newest)).limit(ONE)
        return found.scalar_subquery()


def to_one(table: type[ReadModelTable], on: Join, description: str, *, newest: Sequence[str] = ()) -> Any:
    """Declare a relation to at most one row of a table.

    Args:
        table: The other table.
        on: Joins a row of the parent with at most one row of the table, or with several of which one is the newest.
        description: In English, with the Chinese term.
        newest: The columns whose greatest values the newest of several has; the last is the primary key.
    """
    return declared(_ToOne(table, on, newest), description)


@dataclass(frozen=True, slots=True)
class Key:
    """A column that a row can be asked for by."""

    column: str
    type: TypeEngine[Any]
    convert: Callable[[str], object]
    argument: Argument


@dataclass(frozen=True, slots=True)
class _ByKey:
    table: type[ReadModelTable]
    keys: Mapping[str, Key]
    newest: str

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del row
        arguments = field.arguments()
        given = [(key, value) for name, key in self.keys.items() if (value := arguments.get(name)) is not None]
        if len(given) != 1:
            names = ", ".join(self.keys)
            raise QueryError(
                Code.INPUT, f"Give exactly one of {names}, not {len(given)}.", f"{names} 须且只须给出其中一个。"
            )
        key, value = given[0]
        other = field.compilation.relation(self.table)
        there = Row(other.c)
        return (
            select(field.object(there))
            .select_from(other)
            .where(
                there[key.column] == value.bind(key.type, key.convert), *field.compilation.visible(self.table, there)
            )
            .order_by(there[self.newest].desc())
            .limit(ONE)
            .correlate_except(other)
            .scalar_subquery()
        )


def by_key(table: type[ReadModelTable], keys: Sequence[Key], newest: str, description: str) -> Any:
    """Declare a field that finds one row by exactly one of several keys.

    Args:
        table: Where the row is.
        keys: What it can be asked for by.
        newest: The column whose greatest value wins where a key has several rows, which it may have for a while, since
            facts of different aggregates arrive in any order.
        description: In English, with the Chinese term.
    """
    source = _ByKey(table, {to_camel_case(key.argument.name): key for key in keys}, newest)
    return declared(source, description, arguments=[key.argument for key in keys])


def id_key(column_name: str, argument: Argument) -> Key:
    """Return the key of an id."""
    return Key(column_name, Uuid(), _uuid, argument)


def text_key(column_name: str, convert: Callable[[str], str], argument: Argument) -> Key:
    """Return the key of a text, normalised by `convert`."""
    return Key(column_name, Text(), lambda text: convert(clean(text)), argument)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        shown = nameless(text)[:60]
        raise QueryError(
            Code.INPUT, f"{shown!r} is no id: ids are UUIDs.", f"“{shown}”不是有效的编号（应为 UUID）。"
        ) from None
