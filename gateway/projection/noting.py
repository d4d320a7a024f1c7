"""Notes in the log of changes what a projection's batch really changed, in the batch's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from contracts.events.assessment import RecordedRating
from contracts.events.base import EventData
from contracts.events.ledgers.coverage import RecordedCoverage
from gateway.projection.assessment import RATING
from gateway.projection.ledgers import COVERAGE
from kit.consumer import Handler, Heard
from kit.copying import Copy
from kit.database import Connection, Transaction

_BEFORE: Final = "SELECT {key} AS id, version FROM {schema}.{table} WHERE {key} = ANY($1::uuid[])"
_NOTE: Final = """
    INSERT INTO public.change
        (topic, aggregate_id, version, event_type, division_code, bureau, recorded_at, traceparent)
    SELECT $1, heard.id, heard.version, heard.event_type, heard.division_code, heard.bureau, heard.recorded_at,
        heard.traceparent
    FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[])
        AS heard (id, version, event_type, division_code, bureau, recorded_at, traceparent)
    JOIN {schema}.{table} AS stored ON stored.{key} = heard.id AND stored.version = heard.version
    ORDER BY heard.id
    ON CONFLICT (topic, aggregate_id, version) DO NOTHING
"""

_Told = RecordedCoverage | RecordedRating


class _News(NamedTuple):
    """An event whose aggregate may have changed, and the trace it came in."""

    event: _Told
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class _Noted:
    """A table whose changes are noted."""

    topic: str
    events: tuple[type[EventData], ...]
    names: Mapping[str, str]

    @classmethod
    def of(cls, copy: Copy[Any], schema: str) -> "_Noted":
        (topic,) = {event.topic for event in copy.events}
        return cls(topic, copy.events, {"schema": schema, "table": copy.table, "key": copy.columns[0].name})

    def newest(self, heard: Sequence[Heard[EventData]]) -> dict[UUID, _News]:
        """Return the newest event of each aggregate; of the same version, the last, as it is the one that is copied."""
        newest: dict[UUID, _News] = {}
        for one in heard:
            event = one.event
            if isinstance(event, self.events) and isinstance(event, RecordedCoverage | RecordedRating):
                known = newest.get(_id(event))
                if known is None or known.event.version <= event.version:
                    newest[_id(event)] = _News(event, one.traceparent)
        return newest


class Noting:
    """Lets a handler write a build of the read model, and notes which coverages and ratings it changed.

    What is told again under a version that is there already is no change, and neither is what is older. A version is
    noted once, whoever hears it, also where the consumers of two builds hear the same while one takes over.

    Args:
        handler: Writes the build, guarded by version.
        schema: Of the build; a name of ours, never of a user.
    """

    def __init__(self, handler: Handler[EventData], schema: str) -> None:
        self._handler = handler
        self._noted = [_Noted.of(copy, schema) for copy in (COVERAGE, RATING)]

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[EventData]], /) -> None:
        """Apply the events, and note what they changed."""
        connection = transaction.connection
        told = [(noted, newest) for noted in self._noted if (newest := noted.newest(heard))]
        before = [await _versions(connection, noted, newest) for noted, newest in told]
        await self._handler(transaction, heard)
        for (noted, newest), versions in zip(told, before, strict=True):
            changed = [news for key, news in newest.items() if news.event.version > versions.get(key, 0)]
            if changed:
                await _note(connection, noted, changed)


async def _versions(connection: Connection, noted: _Noted, newest: Mapping[UUID, _News]) -> Mapping[UUID, int]:
    rows = await connection.fetch(_BEFORE.format(**noted.names), list(newest))
    return {row["id"]: row["version"] for row in rows}


async def _note(connection: Connection, noted: _Noted, changed: Sequence[_News]) -> None:
    """Note events whose version the row has now: the handler's write has locked it, so it stays that of this moment."""
    events = [news.event for news in changed]
    await connection.execute(
        _NOTE.format(**noted.names),
        noted.topic,
        [_id(event) for event in events],
        [event.version for event in events],
        [event.event_type for event in events],
        [event.division_code for event in events],
        [event.bureau for event in events],
        [event.recorded_at for event in events],
        [news.traceparent for news in changed],
    )


def _id(event: _Told) -> UUID:
    return event.entity_id if isinstance(event, RecordedCoverage) else event.rating_id
