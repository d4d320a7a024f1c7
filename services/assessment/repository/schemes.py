"""Queries on the editions of schemes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from asyncpg import Record
from pydantic import TypeAdapter

from kit.database import Connection
from services.assessment.domain.scheme import Band, Edition, Part, Scheme

_LOCK: Final = 0x4C49414E_53434845

_PARTS: Final = TypeAdapter(tuple[Part, ...])
_BANDS: Final = TypeAdapter(tuple[Band, ...])

_ADD: Final = """
    INSERT INTO scheme (scheme_id, version, name, name_zh, source, parts, bands, valid_from, valid_until, taken_up,
                        told_as, correlation_id, traceparent, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT DO NOTHING RETURNING 1
"""
_IN_FORCE: Final = """
    SELECT * FROM scheme WHERE scheme_id = $1 AND (taken_up OR valid_from <= $2) ORDER BY version DESC LIMIT 1
"""
_NEWEST: Final = "SELECT * FROM scheme WHERE scheme_id = $1 ORDER BY version DESC LIMIT 1"
_EDITION: Final = "SELECT * FROM scheme WHERE scheme_id = $1 AND version = $2"
_END: Final = "UPDATE scheme SET valid_until = $3 WHERE scheme_id = $1 AND version = $2"
_TAKE_UP: Final = "UPDATE scheme SET taken_up = true WHERE scheme_id = $1 AND version = $2"
_BEHIND: Final = """
    SELECT * FROM scheme
    WHERE scheme_id IN (SELECT DISTINCT scheme_id FROM scheme WHERE scheme_id > $1 ORDER BY scheme_id LIMIT $2)
    ORDER BY scheme_id, version
"""


@dataclass(frozen=True, slots=True)
class Published:
    """An edition as it is stored.

    Attributes:
        edition: what was published.
        taken_up: whether ratings are decided by it, from then on whatever a slower clock says.
        told_as: id of the event that told it; ratings decided anew by it follow from that.
        correlation_id: of that event.
        traceparent: of that event.
        recorded_at: when it was published.
    """

    edition: Edition
    taken_up: bool
    told_as: UUID
    correlation_id: UUID
    traceparent: str | None
    recorded_at: datetime

    @property
    def version(self) -> int:
        """The edition's number."""
        return self.edition.version


async def hold(connection: Connection) -> None:
    """Keep the schemes as they are until the transaction ends. Any number of transactions may do so at once."""
    await connection.execute("SELECT pg_advisory_xact_lock_shared($1)", _LOCK)


async def hold_alone(connection: Connection) -> None:
    """Wait until nobody decides by the schemes, and keep everybody from it until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)


async def add(connection: Connection, published: Published) -> bool:
    """Store an edition; return False where it is there already."""
    edition, scheme = published.edition, published.edition.scheme
    added = await connection.fetchval(
        _ADD,
        edition.scheme_id,
        edition.version,
        scheme.name,
        scheme.name_zh,
        scheme.source,
        _PARTS.dump_json(scheme.parts).decode(),
        _BANDS.dump_json(scheme.bands).decode(),
        scheme.valid_from,
        edition.valid_until,
        published.taken_up,
        published.told_as,
        published.correlation_id,
        published.traceparent,
        published.recorded_at,
    )
    return added is not None


async def in_force(connection: Connection, scheme_id: UUID, today: date) -> Published | None:
    """Return the edition by which ratings are decided on a day."""
    return _published(await connection.fetchrow(_IN_FORCE, scheme_id, today))


async def newest(connection: Connection, scheme_id: UUID) -> Published | None:
    """Return the edition that was published last, whether it is in force or will be."""
    return _published(await connection.fetchrow(_NEWEST, scheme_id))


async def edition(connection: Connection, scheme_id: UUID, version: int) -> Published | None:
    """Return an edition."""
    return _published(await connection.fetchrow(_EDITION, scheme_id, version))


async def end(connection: Connection, ended: Edition) -> None:
    """Write the last day of an edition."""
    await connection.execute(_END, ended.scheme_id, ended.version, ended.valid_until)


async def take_up(connection: Connection, taken: Edition) -> None:
    """Note that ratings are decided by an edition."""
    await connection.execute(_TAKE_UP, taken.scheme_id, taken.version)


async def count_schemes(connection: Connection) -> int:
    """Return how many editions there are."""
    return int(await connection.fetchval("SELECT count(*) FROM scheme"))


async def schemes_behind(connection: Connection, last: UUID, limit: int) -> list[Published]:
    """Return every edition of schemes behind an id, in order of id and edition.

    Args:
        connection: of the open transaction.
        last: the id.
        limit: schemes at the most.
    """
    rows = await connection.fetch(_BEHIND, last, limit)
    return [published for row in rows if (published := _published(row)) is not None]


def _published(row: Record | None) -> Published | None:
    if row is None:
        return None
    scheme = Scheme(
        name=row["name"],
        name_zh=row["name_zh"],
        source=row["source"],
        parts=_PARTS.validate_json(row["parts"]),
        bands=_BANDS.validate_json(row["bands"]),
        valid_from=row["valid_from"],
    )
    return Published(
        edition=Edition(row["scheme_id"], row["version"], scheme, row["valid_until"]),
        taken_up=row["taken_up"],
        told_as=row["told_as"],
        correlation_id=row["correlation_id"],
        traceparent=row["traceparent"],
        recorded_at=row["recorded_at"],
    )
