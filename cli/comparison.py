"""Compares what two stores have of the same facts: streamed side by side in order of id, in memory that stays flat."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias
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
    """

    service: str
    table: str
    key: str
    columns: Mapping[str, str]
    newest_by: str | None = None

    @property
    def name(self) -> str:
        """What a message calls it, `ledgers.entity`."""
        return f"{self.service}.{self.table.rpartition('.')[2]}"

    def query(self, *, some: bool) -> str:
        """Return the query of all rows in order of id, or of those with the ids `$1`; the first column is the id."""
        selected = ", ".join([f"{self.key} AS id", *(f"{column} AS {name}" for name, column in self.columns.items())])
        where = f" WHERE {self.key} = ANY($1::uuid[])" if some else ""
        distinct = f"DISTINCT ON ({self.key}) " if self.newest_by else ""
        order = f"{self.key}, {self.newest_by} DESC" if self.newest_by else self.key
        return f"SELECT {distinct}{selected} FROM {self.table}{where} ORDER BY {order}"  # noqa: S608 - declared names


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
    id: UUID
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
            if other is None or (one is not None and one[0] < other[0]):
                _note(found, one, f"missing in {comparison.right.name}")
                one = await anext(left, None)
            elif one is None or other[0] < one[0]:
                _note(found, other, f"missing in {comparison.left.name}")
                other = await anext(right, None)
            else:
                if tuple(one) != tuple(other):
                    _note(found, one, _unlike(comparison, one, other))
                one, other = await anext(left, None), await anext(right, None)
    return found


async def look_again(comparison: Comparison, sessions: Mapping[str, Session], before: Compared) -> Compared:
    """Compare those rows again that differed: what was still on its way may have arrived."""
    ids = [difference.id for difference in before.differences]
    left = await _some(sessions[comparison.left.service], comparison.left, ids)
    right = await _some(sessions[comparison.right.service], comparison.right, ids)
    found = Compared(before.name, before.rows, [])
    for key in ids:
        one, other = left.get(key), right.get(key)
        if one is not None and other is not None:
            if tuple(one) != tuple(other):
                _note(found, one, _unlike(comparison, one, other))
        elif one is not None:
            _note(found, one, f"missing in {comparison.right.name}")
        elif other is not None:
            _note(found, other, f"missing in {comparison.left.name}")
    return found


@asynccontextmanager
async def _rows(session: Session, side: Side) -> AsyncIterator[AsyncIterator[asyncpg.Record]]:
    async with session.transaction(isolation="repeatable_read", readonly=True):
        yield aiter(session.cursor(side.query(some=False), prefetch=PREFETCH))


async def _some(session: Session, side: Side, ids: Sequence[UUID]) -> dict[UUID, asyncpg.Record]:
    return {row[0]: row for row in await session.fetch(side.query(some=True), ids)}


def _note(found: Compared, row: asyncpg.Record | None, what: str) -> None:
    if row is None:
        return
    if len(found.differences) < CANDIDATES:
        found.differences.append(Difference(found.name, row[0], what))
    else:
        found.more = True


def _unlike(comparison: Comparison, one: asyncpg.Record, other: asyncpg.Record) -> str:
    unlike = [
        f"{name}: {one[name]!s} in {comparison.left.name}, {other[name]!s} in {comparison.right.name}"
        for name in one.keys()  # noqa: SIM118 - iterating a record gives its values
        if one[name] != other[name]
    ]
    return "; ".join(unlike)
