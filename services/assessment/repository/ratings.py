"""Queries on ratings: made and locked before they are decided, written together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from asyncpg import Record
from pydantic import TypeAdapter

from contracts.vocabulary import Bureau, RatingBand, RatingState
from kit.database import Connection
from kit.ids import derived_id
from services.assessment.domain.rating import Rating
from services.assessment.domain.scoring import Evidence

_NAME: Final = "rating"
"""What a rating's id is derived by, beside organisation and scheme; it never changes."""

_EVIDENCE: Final = TypeAdapter(tuple[Evidence, ...])

_MAKE: Final = """
    INSERT INTO rating (organisation_id, rating_id, version, scheme_id)
    SELECT organisation_id, rating_id, 0, $3
    FROM unnest($1::uuid[], $2::uuid[]) AS wanted (organisation_id, rating_id)
    ORDER BY organisation_id ON CONFLICT DO NOTHING
"""
_LOCK: Final = "SELECT * FROM rating WHERE organisation_id = ANY($1::uuid[]) ORDER BY organisation_id FOR UPDATE"
_WRITE: Final = """
    UPDATE rating SET version = decided.version, scheme_version = decided.scheme_version, points = decided.points,
        band = decided.band, evidence = decided.evidence, state = decided.state,
        division_code = decided.division_code, bureau = decided.bureau, effective_on = decided.effective_on,
        recorded_at = decided.recorded_at
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::numeric[], $5::text[], $6::jsonb[], $7::text[], $8::text[],
                $9::text[], $10::date[], $11::timestamptz[])
        AS decided (organisation_id, version, scheme_version, points, band, evidence, state, division_code, bureau,
                    effective_on, recorded_at)
    WHERE rating.organisation_id = decided.organisation_id
"""
_FIND: Final = "SELECT * FROM rating WHERE organisation_id = $1 AND version > 0"
_BY_ANOTHER_EDITION: Final = """
    SELECT organisation_id FROM rating
    WHERE organisation_id > $1 AND version > 0 AND state = $2 AND scheme_version <> $3
    ORDER BY organisation_id LIMIT $4
"""
_BEHIND: Final = "SELECT * FROM rating WHERE organisation_id > $1 AND version > 0 ORDER BY 1 LIMIT $2 FOR UPDATE"


@dataclass(frozen=True, slots=True)
class Kept:
    """A rating as it is stored.

    Attributes:
        rating_id: its id.
        organisation_id: whose it is.
        scheme_id: by which scheme.
        version: counts its changes from 1.
        rating: what it says.
        effective_on: day from which it holds, Asia/Shanghai.
        recorded_at: when it was given.
    """

    rating_id: UUID
    organisation_id: UUID
    scheme_id: UUID
    version: int
    rating: Rating
    effective_on: date
    recorded_at: datetime


async def lock_ratings(
    connection: Connection, organisations: Iterable[UUID], scheme_id: UUID
) -> dict[UUID, Kept | None]:
    """Lock the ratings of organisations until the transaction ends, in order of organisation id.

    Returns:
        Each by organisation id, None where none was given yet.
    """
    ids = sorted(set(organisations))
    if not ids:
        return {}
    await connection.execute(_MAKE, ids, [rating_id(one, scheme_id) for one in ids], scheme_id)
    return {row["organisation_id"]: _kept(row) for row in await connection.fetch(_LOCK, ids)}


def rating_id(organisation_id: UUID, scheme_id: UUID) -> UUID:
    """Return the id of an organisation's rating by a scheme: the same in every edition, also after a new start."""
    return derived_id(organisation_id, _NAME, str(scheme_id))


async def write_ratings(connection: Connection, decided: Sequence[Kept]) -> None:
    """Write ratings that are locked."""
    await connection.execute(
        _WRITE,
        [one.organisation_id for one in decided],
        [one.version for one in decided],
        [one.rating.scheme_version for one in decided],
        [one.rating.points for one in decided],
        [one.rating.band for one in decided],
        [_EVIDENCE.dump_json(one.rating.evidence).decode() for one in decided],
        [one.rating.state for one in decided],
        [one.rating.division_code for one in decided],
        [one.rating.bureau for one in decided],
        [one.effective_on for one in decided],
        [one.recorded_at for one in decided],
    )


async def find_rating(connection: Connection, organisation_id: UUID) -> Kept | None:
    """Return the rating of an organisation."""
    return _kept(await connection.fetchrow(_FIND, organisation_id))


async def rated_otherwise(connection: Connection, version: int, last: UUID, limit: int) -> list[UUID]:
    """Return organisations behind an id whose current rating was given by another edition, in order of id."""
    rows = await connection.fetch(_BY_ANOTHER_EDITION, last, RatingState.CURRENT, version, limit)
    return [row["organisation_id"] for row in rows]


async def count_ratings(connection: Connection) -> int:
    """Return how many ratings were given."""
    return int(await connection.fetchval("SELECT count(*) FROM rating WHERE version > 0"))


async def lock_ratings_behind(connection: Connection, last: UUID, limit: int) -> list[Kept]:
    """Return ratings behind an organisation id, in order of it, locked until the transaction ends."""
    return [kept for row in await connection.fetch(_BEHIND, last, limit) if (kept := _kept(row)) is not None]


def _kept(row: Record | None) -> Kept | None:
    if row is None or row["version"] == 0:
        return None
    rating = Rating(
        scheme_version=row["scheme_version"],
        points=row["points"],
        band=RatingBand(row["band"]),
        evidence=_EVIDENCE.validate_json(row["evidence"]),
        state=RatingState(row["state"]),
        division_code=row["division_code"],
        bureau=Bureau(row["bureau"]),
    )
    return Kept(
        rating_id=row["rating_id"],
        organisation_id=row["organisation_id"],
        scheme_id=row["scheme_id"],
        version=row["version"],
        rating=rating,
        effective_on=row["effective_on"],
        recorded_at=row["recorded_at"],
    )
