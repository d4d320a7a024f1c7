"""Aggregates that are kept as they are told: a row each, with the columns of the event that tells the whole state."""

from collections.abc import Sequence
from typing import Generic, TypeVar
from uuid import UUID

from asyncpg import Record

from contracts.events.base import EventData
from kit.causes import Cause
from kit.clock import today
from kit.copying import Copy, Copying
from kit.database import Connection
from kit.outbox import tell

E = TypeVar("E", bound=EventData)


class Records(Generic[E]):
    """The rows of one kind of aggregate, in their owner's database.

    Args:
        model: the event that tells the whole state.
        copy: how it becomes a row; all its fields have columns, the key first.
    """

    def __init__(self, model: type[E], copy: Copy[E]) -> None:
        self._model = model
        self._copying: Copying[E] = Copying(copy)
        table, key = copy.table, copy.columns[0].name
        self._find = f"SELECT * FROM {table} WHERE {key} = $1"  # noqa: S608 - declared names
        self._behind = f"SELECT * FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT $2 FOR UPDATE"  # noqa: S608
        self._count = f"SELECT count(*) FROM {table}"  # noqa: S608

    async def find(self, connection: Connection, key: UUID) -> E | None:
        """Return a state, or None where it isn't there."""
        return self._read(await connection.fetchrow(self._find, key))

    async def lock(self, connection: Connection, key: UUID) -> E | None:
        """Return a state, locked until the transaction ends."""
        return self._read(await connection.fetchrow(f"{self._find} FOR UPDATE", key))

    async def store(self, cause: Cause, states: Sequence[E]) -> None:
        """Write the next states and tell them; their rows are locked, or new."""
        if states:
            await self._copying.write(cause.connection, states)
            await tell(cause.connection, [cause.told(one) for one in states])

    async def count(self, connection: Connection) -> int:
        """Return how many there are."""
        return int(await connection.fetchval(self._count))

    async def lock_behind(self, connection: Connection, last: UUID, limit: int) -> list[E]:
        """Return states behind an id, in order of it, locked until the transaction ends."""
        return [self.of(row) for row in await connection.fetch(self._behind, last, limit)]

    def of(self, row: Record) -> E:
        """Return the state that a row holds."""
        return self._model.model_validate(dict(row))

    def _read(self, row: Record | None) -> E | None:
        return None if row is None else self.of(row)


def next_state(cause: Cause, known: E, **changed: object) -> E:
    """Return the state after a change of today: the version counted on, the rest as it was."""
    counted = {"version": known.model_dump()["version"] + 1, "recorded_at": cause.clock.now()}
    effective = {"effective_on": today(cause.clock)}
    return type(known).model_validate(known.model_dump() | counted | effective | changed)
