"""Queries on markets and their stalls. What is stored is what is told."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.base import EventData
from contracts.events.registration.markets import RecordedMarket, RecordedStall
from kit.database import Connection

M = TypeVar("M", RecordedMarket, RecordedStall)

_TABLES: Final[Mapping[type[EventData], str]] = {RecordedMarket: "market", RecordedStall: "stall"}
_MARKET: Final = (
    "market_id, version, name, operator_entity_id, operator_uscc, state, division_code, bureau, effective_on, "
    "recorded_at"
)
_STALL: Final = (
    "stall_id, version, market_id, entity_id, number, since, until, state, division_code, bureau, effective_on, "
    "recorded_at"
)
_STORE_MARKET: Final = f"""
    INSERT INTO market ({_MARKET}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (market_id) DO UPDATE SET
        version = excluded.version, name = excluded.name, operator_entity_id = excluded.operator_entity_id,
        operator_uscc = excluded.operator_uscc, state = excluded.state, division_code = excluded.division_code,
        bureau = excluded.bureau, effective_on = excluded.effective_on, recorded_at = excluded.recorded_at
"""  # noqa: S608 - declared names
_STORE_STALL: Final = f"""
    INSERT INTO stall ({_STALL}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (stall_id) DO UPDATE SET
        version = excluded.version, until = excluded.until, state = excluded.state,
        division_code = excluded.division_code, bureau = excluded.bureau, effective_on = excluded.effective_on,
        recorded_at = excluded.recorded_at
"""  # noqa: S608 - declared names


async def store_market(connection: Connection, market: RecordedMarket) -> None:
    """Store a market's next version; its row is locked, or it is new."""
    await connection.execute(_STORE_MARKET, *market.model_dump().values())


async def store_stalls(connection: Connection, stalls: Sequence[RecordedStall]) -> None:
    """Store the next version of stalls; their rows are locked, or they are new.

    Raises:
        UniqueViolationError: another entity occupies a stall of that number.
    """
    for one in stalls:
        await connection.execute(_STORE_STALL, *one.model_dump().values())


async def find_market(connection: Connection, market_id: UUID) -> RecordedMarket | None:
    """Return a market."""
    return next(iter(await _fetch(connection, RecordedMarket, "market_id = $1", market_id)), None)


async def lock_market(connection: Connection, market_id: UUID) -> RecordedMarket | None:
    """Return a market, locked until the transaction ends."""
    return next(iter(await _fetch(connection, RecordedMarket, "market_id = $1 FOR UPDATE", market_id)), None)


async def lock_operated(connection: Connection, entity_id: UUID) -> list[RecordedMarket]:
    """Return the open markets that an entity operates, locked, in order of id."""
    where = "operator_entity_id = $1 AND state = 'OPEN' ORDER BY market_id FOR UPDATE"
    return await _fetch(connection, RecordedMarket, where, entity_id)


async def operates(connection: Connection, entity_id: UUID) -> UUID | None:
    """Return an open market that an entity operates."""
    where = "SELECT market_id FROM market WHERE operator_entity_id = $1 AND state = 'OPEN' ORDER BY market_id LIMIT 1"
    found: UUID | None = await connection.fetchval(where, entity_id)
    return found


async def find_stall(connection: Connection, stall_id: UUID) -> RecordedStall | None:
    """Return a stall."""
    return next(iter(await _fetch(connection, RecordedStall, "stall_id = $1", stall_id)), None)


async def lock_stall(connection: Connection, stall_id: UUID) -> RecordedStall | None:
    """Return a stall, locked until the transaction ends."""
    return next(iter(await _fetch(connection, RecordedStall, "stall_id = $1 FOR UPDATE", stall_id)), None)


async def lock_stalls_of_market(connection: Connection, market_id: UUID) -> list[RecordedStall]:
    """Return the occupied stalls of a market, locked, in order of id."""
    where = "market_id = $1 AND state = 'OCCUPIED' ORDER BY stall_id FOR UPDATE"
    return await _fetch(connection, RecordedStall, where, market_id)


async def lock_stalls_of_entity(connection: Connection, entity_id: UUID) -> list[RecordedStall]:
    """Return the stalls that an entity occupies, locked, in order of id."""
    where = "entity_id = $1 AND state = 'OCCUPIED' ORDER BY stall_id FOR UPDATE"
    return await _fetch(connection, RecordedStall, where, entity_id)


async def occupant(connection: Connection, market_id: UUID, number: str) -> UUID | None:
    """Return the stall that has a number of a market at the moment."""
    query = "SELECT stall_id FROM stall WHERE market_id = $1 AND number = $2 AND state = 'OCCUPIED'"
    found: UUID | None = await connection.fetchval(query, market_id, number)
    return found


async def lock_behind(connection: Connection, model: type[M], last: UUID, limit: int) -> list[M]:
    """Return markets or stalls behind an id, in order of id, locked until the transaction ends."""
    key = f"{_TABLES[model]}_id"
    return await _fetch(connection, model, f"{key} > $1 ORDER BY {key} LIMIT $2 FOR UPDATE", last, limit)


async def count(connection: Connection, model: type[RecordedMarket] | type[RecordedStall]) -> int:
    """Return how many markets or stalls there are."""
    return int(await connection.fetchval(f"SELECT count(*) FROM {_TABLES[model]}"))  # noqa: S608 - declared names


async def _fetch(connection: Connection, model: type[M], where: str, *values: object) -> list[M]:
    query = f"SELECT * FROM {_TABLES[model]} WHERE {where}"  # noqa: S608 - declared names
    return [model.model_validate(dict(row)) for row in await connection.fetch(query, *values)]
