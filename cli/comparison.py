"""Compares what two stores have of the same facts: streamed side by side in order of id, in memory that stays flat."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

import asyncpg

PREFETCH: Final = 2000
CANDIDATES: Final = 10_000
"""Differences that are looked at again; where there are more, something is wrong with the whole."""

Session: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class Side:
    """One store's rows.

    Attributes:
        service: whose database.
        table: where they are, with its schema where that isn't the first of the search path.
        key: the column of the id.
        columns: the other columns, by the name that both sides give them.
        newest_by: where the table keeps a history, the column by which the newest row of an id is found.
        where: which rows, as SQL; all where it isn't given.
        label: what a message calls the table, where that isn't its name: `table` may be a query in parentheses.
        id_type: PostgreSQL's type of the id.
        derive: makes the values of the other columns out of a row, where they are recomputed.
    """

    service: str
    table: str
    key: str
    columns: Mapping[str, str]
    newest_by: str | None = None
    where: str = "true"
    label: str | None = None
    id_type: str = "uuid"
    derive: Callable[[asyncpg.Record], Mapping[str, object]] | None = None

    @property
    def name(self) -> str:
        """What a message calls it, `ledgers.entity`."""
        return f"{self.service}.{self.label or self.table.rpartition('.')[2]}"

    def read(self, row: asyncpg.Record) -> "Row":
        """Return a row's id and values."""
        values = dict(row) if self.derive is None else dict(self.derive(row))
        values.pop("id", None)
        return Row(row["id"], values)

    def query(self, *, some: bool) -> str:
        """Return the query of all rows in order of id, or of those with the ids `$1`; the first column is the id."""
        selected = ", ".join([f"{self.key} AS id", *(f"{column} AS {name}" for name, column in self.columns.items())])
        where = f" WHERE {self.where}" + (f" AND {self.key} = ANY($1::{self.id_type}[])" if some else "")
        distinct = f"DISTINCT ON ({self.key}) " if self.newest_by else ""
        order = f"{self.key}, {self.newest_by} DESC" if self.newest_by else self.key
        table = f"{self.table} AS derived" if self.table.startswith("(") else self.table
        return f"SELECT {distinct}{selected} FROM {table}{where} ORDER BY {order}"  # noqa: S608 - declared names


class Row(NamedTuple):
    """A row of a side: its id, and the values of the columns that are compared."""

    id: UUID | str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two stores that should have the same."""

    left: Side
    right: Side

    @property
    def name(self) -> str:
        """What a message calls it."""
        return f"{self.left.name} = {self.right.name}"


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not the same in two stores, and what is not."""

    comparison: str
    id: UUID | str
    what: str


@dataclass(slots=True)
class Compared:
    """What a comparison found. `more` says that there were more differences than are listed."""

    name: str
    rows: int
    differences: list[Difference]
    more: bool = False


async def compare(comparison: Comparison, lefts: Mapping[str, Session], rights: Mapping[str, Session]) -> Compared:
    """Compare every row once.

    Args:
        comparison: what with what.
        lefts: a session on each service's database, for the left side.
        rights: others, for the right side: a session reads one stream at a time.
    """
    found = Compared(comparison.name, 0, [])
    async with AsyncExitStack() as stack:
        left = await stack.enter_async_context(_rows(lefts[comparison.left.service], comparison.left))
        right = await stack.enter_async_context(_rows(rights[comparison.right.service], comparison.right))
        one, other = await anext(left, None), await anext(right, None)
        while one is not None or other is not None:
            found.rows += 1
            if other is None or (one is not None and _key(one) < _key(other)):
                _note(found, one, f"missing in {comparison.right.name}")
                one = await anext(left, None)
            elif one is None or _key(other) < _key(one):
                _note(found, other, f"missing in {comparison.left.name}")
                other = await anext(right, None)
            else:
                if one.values != other.values:
                    _note(found, one, _unlike(comparison, one, other))
                one, other = await anext(left, None), await anext(right, None)
    return found


def _key(row: Row) -> bytes:
    """Return what PostgreSQL orders ids by: a UUID by its bytes, a code by its digits."""
    return row.id.bytes if isinstance(row.id, UUID) else row.id.encode()


async def look_again(comparison: Comparison, sessions: Mapping[str, Session], before: Compared) -> Compared:
    """Compare those rows again that differed: what was still on its way may have arrived."""
    ids = [difference.id for difference in before.differences]
    left = await _some(sessions[comparison.left.service], comparison.left, ids)
    right = await _some(sessions[comparison.right.service], comparison.right, ids)
    found = Compared(before.name, before.rows, [])
    for key in ids:
        one, other = left.get(key), right.get(key)
        if one is not None and other is not None:
            if one.values != other.values:
                _note(found, one, _unlike(comparison, one, other))
        elif one is not None:
            _note(found, one, f"missing in {comparison.right.name}")
        elif other is not None:
            _note(found, other, f"missing in {comparison.left.name}")
    return found


@asynccontextmanager
async def _rows(session: Session, side: Side) -> AsyncIterator[AsyncIterator[Row]]:
    async def rows() -> AsyncIterator[Row]:
        async for row in session.cursor(side.query(some=False), prefetch=PREFETCH):
            yield side.read(row)

    async with session.transaction(isolation="repeatable_read", readonly=True):
        yield rows()


async def _some(session: Session, side: Side, ids: Sequence[UUID | str]) -> dict[UUID | str, Row]:
    return {row["id"]: side.read(row) for row in await session.fetch(side.query(some=True), ids)}


def _note(found: Compared, row: Row | None, what: str) -> None:
    if row is None:
        return
    if len(found.differences) < CANDIDATES:
        found.differences.append(Difference(found.name, row.id, what))
    else:
        found.more = True


def _unlike(comparison: Comparison, one: Row, other: Row) -> str:
    unlike = [
        f"{name}: {value!s} in {comparison.left.name}, {other.values.get(name)!s} in {comparison.right.name}"
        for name, value in one.values.items()
        if value != other.values.get(name)
    ]
    return "; ".join(unlike)
