"""Queries on quotas, posts and honours: each a row an aggregate, with the columns of its event."""

from collections.abc import Sequence
from typing import Final, Generic, TypeVar
from uuid import UUID

from contracts.events.base import EventData
from contracts.events.ledgers.development import QuotaRecorded
from contracts.events.ledgers.posts import HonourRecorded, PostRecorded
from kit.copying import Column, Copy, Copying
from kit.database import Connection

E = TypeVar("E", bound=EventData)


class Records(Generic[E]):
    """The rows of one kind of aggregate.

    Args:
        table: its name.
        model: the event that tells the whole state.
        columns: its columns, the key first.
    """

    def __init__(self, table: str, model: type[E], columns: Sequence[Column[E]]) -> None:
        self._model = model
        self._copying: Copying[E] = Copying(Copy(table, columns, (model,)))
        key = columns[0].name
        self._find = f"SELECT * FROM {table} WHERE {key} = $1"  # noqa: S608 - declared names
        self._behind = f"SELECT * FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT $2 FOR UPDATE"  # noqa: S608
        self._count = f"SELECT count(*) FROM {table}"  # noqa: S608
        self._of_member = f"SELECT * FROM {table} WHERE member_id = $1 ORDER BY {key} FOR UPDATE"  # noqa: S608

    async def find(self, connection: Connection, key: UUID) -> E | None:
        """Return a state, or None where it isn't there."""
        return self._read(await connection.fetchrow(self._find, key))

    async def lock(self, connection: Connection, key: UUID) -> E | None:
        """Return a state, locked until the transaction ends."""
        return self._read(await connection.fetchrow(f"{self._find} FOR UPDATE", key))

    async def lock_of_member(self, connection: Connection, member_id: UUID) -> list[E]:
        """Return the states about a member, locked, in order of id."""
        return [self._model.model_validate(dict(row)) for row in await connection.fetch(self._of_member, member_id)]

    async def write(self, connection: Connection, states: Sequence[E]) -> None:
        """Write the next states; their rows are locked, or new."""
        if states:
            await self._copying.write(connection, states)

    async def count(self, connection: Connection) -> int:
        """Return how many there are."""
        return int(await connection.fetchval(self._count))

    async def lock_behind(self, connection: Connection, last: UUID, limit: int) -> list[E]:
        """Return states behind an id, in order of it, locked until the transaction ends."""
        return [self._model.model_validate(dict(row)) for row in await connection.fetch(self._behind, last, limit)]

    def _read(self, row: object) -> E | None:
        return None if row is None else self._model.model_validate(dict(row))  # type: ignore[call-overload] # a record


QUOTAS: Final = Records(
    "quota",
    QuotaRecorded,
    (
        Column("quota_id", "uuid"),
        Column("version", "bigint"),
        Column("organisation_id", "uuid"),
        Column("year", "integer"),
        Column("places", "integer"),
        Column("taken", "integer"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
)
POSTS: Final = Records(
    "post",
    PostRecorded,
    (
        Column("post_id", "uuid"),
        Column("version", "bigint"),
        Column("member_id", "uuid"),
        Column("kind", "text"),
        Column("organisation_id", "uuid"),
        Column("entity_id", "uuid"),
        Column("since", "date"),
        Column("until", "date"),
        Column("state", "text"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
)
HONOURS: Final = Records(
    "honour",
    HonourRecorded,
    (
        Column("honour_id", "uuid"),
        Column("version", "bigint"),
        Column("member_id", "uuid"),
        Column("kind", "text"),
        Column("level", "text"),
        Column("year", "integer"),
        Column("awarded_by", "text"),
        Column("state", "text"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
)


async def lock_quota_of(connection: Connection, organisation_id: UUID, year: int) -> QuotaRecorded | None:
    """Return the quota of an organisation for a year, locked; whoever sets the first one for it waits, too."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"quota {organisation_id} {year}")
    row = await connection.fetchrow(
        "SELECT * FROM quota WHERE organisation_id = $1 AND year = $2 FOR UPDATE", organisation_id, year
    )
    return None if row is None else QuotaRecorded.model_validate(dict(row))
