"""Copies events into a table: of each aggregate the newest state, guarded by its version.

What is written twice is as once, so a consumer whose handler only copies needs no inbox.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from types import NoneType
from typing import Any, Final, Generic, TypeVar, get_args, get_type_hints
from uuid import UUID

from pydantic import AwareDatetime

from contracts.events.base import EventData
from kit.consumer import Heard
from kit.database import Connection, Transaction

E = TypeVar("E", bound=EventData)


_TYPES: Final[tuple[tuple[type, str], ...]] = (
    (bool, "bool"),
    (int, "bigint"),
    (str, "text"),
    (UUID, "uuid"),
    (AwareDatetime, "timestamptz"),
    (date, "date"),
    (Decimal, "numeric"),
)
"""What a field of each kind is in PostgreSQL; of two kinds the narrower stands first."""


@dataclass(frozen=True, slots=True)
class Column(Generic[E]):
    """One column: its name, its PostgreSQL type, and its value in an event, where that is no field of the same name.

    The type is none of arrays, which can't be unnested a row each: a list is written as `jsonb`, from JSON text.
    """

    name: str
    type: str
    computed: Callable[[E], object] | None = None

    @property
    def value(self) -> Callable[[E], object]:
        """What takes the value out of an event."""
        return self.computed or attrgetter(self.name)


@dataclass(frozen=True, slots=True)
class Copy(Generic[E]):
    """How events become rows of a table. The first column is the key; `version` must be among the columns.

    Attributes:
        table: its name, without schema.
        columns: of the table that are written.
        events: the types that carry the whole state.
    """

    table: str
    columns: Sequence[Column[E]]
    events: tuple[type[E], ...]


def as_told(table: str, model: type[E]) -> Copy[E]:
    """Return the copy of an event whose every field has a column of its own name and kind.

    Args:
        table: its name, without schema.
        model: the event; its first field is the key.

    Raises:
        TypeError: a field is of a kind that has no column here, as a list.
    """
    hints = get_type_hints(model)
    return Copy(table, tuple(Column(name, _type_of(name, hints[name])) for name in model.model_fields), (model,))


def _type_of(name: str, hint: object) -> str:
    kinds = {kind for kind in get_args(hint) or (hint,) if kind is not NoneType}
    for kind in kinds:
        for known, written in _TYPES:
            if isinstance(kind, type) and issubclass(kind, known):
                return written
    raise TypeError(f"{name} is {hint}, for which there is no column")


class Copying(Generic[E]):
    """Writes a batch in one statement. An event as new as what is there is written again: its owner may tell anew.

    Args:
        copy: how events become rows.
        schema: of the table, where that isn't the first of the search path; a name of ours, never of a user.
    """

    def __init__(self, copy: Copy[E], schema: str | None = None) -> None:
        self._key = copy.columns[0].value
        self._version: Callable[[E], int] = attrgetter("version")
        self._values = [column.value for column in copy.columns]
        names = [column.name for column in copy.columns]
        arrays = ", ".join(f"${place}::{column.type}[]" for place, column in enumerate(copy.columns, 1))
        key, updated = names[0], ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        table = copy.table if schema is None else f"{schema}.{copy.table}"
        self._statement = (
            f"INSERT INTO {table} AS stored ({', '.join(names)}) "  # noqa: S608 - declared names
            f"SELECT * FROM unnest({arrays}) AS heard ({', '.join(names)}) ORDER BY {key} "
            f"ON CONFLICT ({key}) DO UPDATE SET {updated} WHERE stored.version <= excluded.version"
        )

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[E]]) -> None:
        """Write the newest state of each aggregate in the batch."""
        await self.write(transaction.connection, [one.event for one in heard])

    async def write(self, connection: Connection, events: Sequence[E]) -> None:
        """Write the newest state of each aggregate among events, in the order in which they were told."""
        newest: dict[object, E] = {}
        for event in events:
            key = self._key(event)
            known = newest.get(key)
            if known is None or self._version(known) <= self._version(event):
                newest[key] = event
        rows = list(newest.values())
        await connection.execute(self._statement, *(list(map(value, rows)) for value in self._values))


class CopyingEach:
    """Copies the events of several topics, a statement a table and batch.

    Args:
        copies: how the events of each become rows; which events come is for the decoder to say.
        schema: as for `Copying`.
    """

    def __init__(self, copies: Sequence[Copy[Any]], schema: str | None = None) -> None:
        made = [(copy, Copying(copy, schema)) for copy in copies]
        self._copying: Mapping[type[EventData], Copying[Any]] = {
            event: copying for copy, copying in made for event in copy.events
        }

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[EventData]]) -> None:
        """Write the newest state of each aggregate in the batch."""
        by_table: dict[Copying[Any], list[EventData]] = {}
        for one in heard:
            by_table.setdefault(self._copying[type(one.event)], []).append(one.event)
        for copying, events in by_table.items():
            await copying.write(transaction.connection, events)
