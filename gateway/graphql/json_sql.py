"""JSON made by PostgreSQL: objects of any width, with the keys of the query in the order of the query."""

import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Text, cast, func, literal_column
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_NAME: Final = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")

EMPTY_LIST: Final[ColumnElement[Any]] = literal_column("'[]'::json")
ONE: Final[ColumnElement[int]] = literal_column("1", Integer)


class JsonObject(FunctionElement[Any]):
    """`JSON_OBJECT('key' VALUE value, …)`.

    The SQL/JSON constructor of PostgreSQL 16 is no function call: it takes more than the 100 arguments at which
    `json_build_object` ends, and its keys are strings, not identifiers cut at 63 bytes. Keys are GraphQL names, whose
    grammar has no quote; nothing else is ever written into the text.
    """

    inherit_cache = False
    type = JSON()

    def __init__(self, members: Sequence[tuple[str, ColumnElement[Any]]]) -> None:
        for key, _ in members:
            if not _NAME.fullmatch(key):
                raise ValueError(f"{key!r} is no GraphQL name")
        super().__init__(*(value for _, value in members))
        self.keys = tuple(key for key, _ in members)


@compiles(JsonObject)
def _compile_object(element: JsonObject, compiler: SQLCompiler, **options: Any) -> str:
    values = [compiler.process(value, **options) for value in element.clauses]
    members = ", ".join(f"'{key}' VALUE ({value})" for key, value in zip(element.keys, values, strict=True))
    return f"JSON_OBJECT({members})"


def name_literal(name: str) -> ColumnElement[str]:
    """Return a GraphQL name, such as a `__typename`, as a literal."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no GraphQL name")
    return literal_column(f"'{name}'::text", Text)


def word_literal(word: str) -> ColumnElement[str]:
    """Return a word of the vocabulary as a literal, so that a predicate on it is part of the statement's text."""
    if not _NAME.fullmatch(word):
        raise ValueError(f"{word!r} is no word")
    return literal_column(f"'{word}'", Text)


def json_list(
    item: ColumnElement[Any], *, where: ColumnElement[bool] | None = None, order_by: Sequence[ColumnElement[Any]]
) -> ColumnElement[Any]:
    """Aggregate an item a row into a list, in order; no rows give an empty list."""
    listed: ColumnElement[Any] = func.json_agg(aggregate_order_by(item, *order_by) if order_by else item)
    if where is not None:
        listed = listed.filter(where)
    return func.coalesce(listed, EMPTY_LIST)


def as_text(value: ColumnElement[Any]) -> ColumnElement[str]:
    """Cast to text."""
    return cast(value, Text)
