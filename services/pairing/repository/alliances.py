"""Queries on alliances."""

from typing import Final
from uuid import UUID

from asyncpg import Record
from pydantic import TypeAdapter

from kit.database import Connection
from services.pairing.domain.alliance import Alliance, Party

_ALLIANCE: Final = TypeAdapter(Alliance)
_PARTIES: Final = TypeAdapter(tuple[Party, ...])

_ADD: Final = """
    INSERT INTO alliance (
        alliance_id, version, name, parties, state, formed_on, division_code, bureau, effective_on, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_REPLACE: Final = (
    "UPDATE alliance SET version = $2, state = $3, effective_on = $4, recorded_at = $5 WHERE alliance_id = $1"
)
_BEHIND: Final = "SELECT * FROM alliance WHERE alliance_id > $1 ORDER BY alliance_id LIMIT $2 FOR UPDATE"


async def add_alliance(connection: Connection, one: Alliance) -> None:
    """Store a new alliance."""
    await connection.execute(
        _ADD,
        one.alliance_id,
        one.version,
        one.name,
        _PARTIES.dump_json(one.parties, exclude_none=True).decode(),
        one.state,
        one.formed_on,
        one.division_code,
        one.bureau,
        one.effective_on,
        one.recorded_at,
    )


async def find_alliance(connection: Connection, alliance_id: UUID) -> Alliance | None:
    """Return the alliance with an id."""
    row = await connection.fetchrow("SELECT * FROM alliance WHERE alliance_id = $1", alliance_id)
    return None if row is None else _alliance(row)


async def lock_alliance(connection: Connection, alliance_id: UUID) -> Alliance | None:
    """Return the alliance with an id, locked until the transaction ends."""
    row = await connection.fetchrow("SELECT * FROM alliance WHERE alliance_id = $1 FOR UPDATE", alliance_id)
    return None if row is None else _alliance(row)


async def replace_alliance(connection: Connection, one: Alliance) -> None:
    """Write the next state of an alliance. Its row is locked already."""
    await connection.execute(_REPLACE, one.alliance_id, one.version, one.state, one.effective_on, one.recorded_at)


async def count_alliances(connection: Connection) -> int:
    """Return how many alliances there are."""
    return int(await connection.fetchval("SELECT count(*) FROM alliance"))


async def lock_alliances_behind(connection: Connection, last: UUID, limit: int) -> list[Alliance]:
    """Return alliances behind an id, in order of id, locked until the transaction ends."""
    return [_alliance(row) for row in await connection.fetch(_BEHIND, last, limit)]


def _alliance(row: Record) -> Alliance:
    return _ALLIANCE.validate_python({**row, "parties": _PARTIES.validate_json(row["parties"])})
