"""Queries on quotas, posts and honours: each a row an aggregate, with the columns of its event."""

from typing import Final, TypeVar
from uuid import UUID

from contracts.events.base import EventData
from contracts.events.ledgers.development import QuotaRecorded
from contracts.events.ledgers.posts import HonourRecorded, PostRecorded
from kit.copying import Copy, as_told
from kit.database import Connection
from kit.records import Records

E = TypeVar("E", bound=EventData)


class RecordsOfMembers(Records[E]):
    """The rows of one kind of aggregate that is about members."""

    def __init__(self, model: type[E], copy: Copy[E]) -> None:
        super().__init__(model, copy)
        key = copy.columns[0].name
        self._of_member = f"SELECT * FROM {copy.table} WHERE member_id = $1 ORDER BY {key} FOR UPDATE"  # noqa: S608

    async def lock_of_member(self, connection: Connection, member_id: UUID) -> list[E]:
        """Return the states about a member, locked, in order of id."""
        return [self.of(row) for row in await connection.fetch(self._of_member, member_id)]


QUOTAS: Final = Records(QuotaRecorded, as_told("quota", QuotaRecorded))
POSTS: Final = RecordsOfMembers(PostRecorded, as_told("post", PostRecorded))
HONOURS: Final = RecordsOfMembers(HonourRecorded, as_told("honour", HonourRecorded))


async def lock_quota_of(connection: Connection, organisation_id: UUID, year: int) -> QuotaRecorded | None:
    """Return the quota of an organisation for a year, locked; whoever sets the first one for it waits, too."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"quota {organisation_id} {year}")
    row = await connection.fetchrow(
        "SELECT * FROM quota WHERE organisation_id = $1 AND year = $2 FOR UPDATE", organisation_id, year
    )
    return None if row is None else QuotaRecorded.model_validate(dict(row))
