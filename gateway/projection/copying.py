"""Copies events into a table of the read model: of each aggregate the newest state, guarded by its version."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar
from uuid import UUID

from contracts.events.base import EventData
from gateway.read_model import checked
from kit.consumer import Heard
from kit.database import Transaction

E = TypeVar("E", bound=EventData)


@dataclass(frozen=True, slots=True)
class Column(Generic[E]):
    """One column: its name, its PostgreSQL type, and its value in an event, where that is no field of the same name."""

    name: str
    type: str
    computed: Callable[[E], object] | None = None

    @property
    def value(self) -> Callable[[E], object]:
        """What takes the value out of an event."""
        return self.computed or attrgetter(self.name)


@dataclass(frozen=True, slots=True)
class Copy(Generic[E]):
    """How a topic becomes a table. The first column is the key; `version` must be among the columns."""

    table: str
    columns: Sequence[Column[E]]
    identity: Callable[[E], UUID]
    version: Callable[[E], int]


class Copying(Generic[E]):
    """Writes a batch in one statement. An event as new as what is there is written again: its owner may tell anew.

    Args:
        copy: how the topic becomes a table.
        schema: the build of the read model to write to, `model_<n>`.
    """

    def __init__(self, copy: Copy[E], schema: str) -> None:
        self._copy = copy
        self._values = [column.value for column in copy.columns]
        names = [column.name for column in copy.columns]
        arrays = ", ".join(f"${place}::{column.type}[]" for place, column in enumerate(copy.columns, 1))
        key, updated = names[0], ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        self._statement = (
            f"INSERT INTO {checked(schema)}.{copy.table} AS stored ({', '.join(names)}) "  # noqa: S608 - declared names
            f"SELECT * FROM unnest({arrays}) AS heard ({', '.join(names)}) ORDER BY {key} "
            f"ON CONFLICT ({key}) DO UPDATE SET {updated} WHERE stored.version <= excluded.version"
        )

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[E]]) -> None:
        """Write the newest state of each aggregate in the batch."""
        newest: dict[UUID, E] = {}
        for one in heard:
            identity = self._copy.identity(one.event)
            known = newest.get(identity)
            if known is None or self._copy.version(known) <= self._copy.version(one.event):
                newest[identity] = one.event
        events = list(newest.values())
        await transaction.connection.execute(self._statement, *(list(map(value, events)) for value in self._values))
