"""Copies whose columns are those of their table: what an event tells goes where it has the same name."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Final, TypeVar

import orjson
from sqlalchemy import BigInteger, Boolean, Date, DateTime, Integer, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from contracts.events.base import EventData
from gateway.tables import ReadModelTable
from kit.copying import Column, Copy

E = TypeVar("E", bound=EventData)

_TYPES: Final[Mapping[type[TypeEngine[Any]], str]] = {
    Uuid: "uuid",
    BigInteger: "bigint",
    Integer: "integer",
    Boolean: "boolean",
    Date: "date",
    DateTime: "timestamptz",
    Numeric: "numeric",
    JSONB: "jsonb",
}


def copied(
    table: type[ReadModelTable],
    *events: type[E],
    computed: Mapping[str, Callable[[E], object]] | None = None,
) -> Copy[E]:
    """Return how events become rows of a table, column by column.

    Args:
        table: of the read model; its first column is its key.
        events: the types that carry the whole state.
        computed: the columns that are no field of the events. A list of plain values needs no mention: it is written
            as JSON.

    Raises:
        TypeError: a column has a type that no copy writes.
    """
    columns = table.__table__.columns  # type: ignore[attr-defined] # SQLModel sets it
    told = computed or {}
    return Copy(
        table=str(table.__tablename__),
        columns=[
            Column(column.name, _type(column.type), told.get(column.name, _value(column.name, column.type)))
            for column in columns
        ],
        events=events,
    )


def _type(type_: TypeEngine[Any]) -> str:
    if isinstance(type_, Text):
        return "text"
    found = next((name for known, name in _TYPES.items() if isinstance(type_, known)), None)
    if found is None:
        raise TypeError(f"a copy writes no {type_!r}")
    return found


def _value(name: str, type_: TypeEngine[Any]) -> Callable[[Any], object] | None:
    if not isinstance(type_, JSONB):
        return None
    value = attrgetter(name)
    return lambda event: orjson.dumps(value(event)).decode()
