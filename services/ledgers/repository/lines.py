"""Queries on divisions, bureaus, associations, cadres and mandates: all are kept in one way."""

from collections.abc import Sequence
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.base import EventData
from contracts.events.ledgers.lines import (
    AssociationRecorded,
    BureauRecorded,
    CadreRecorded,
    DivisionRecorded,
    MandateRecorded,
)
from kit.copying import Copying
from kit.database import Connection
from kit.lines import ASSOCIATION, BUREAU, CADRE, DIVISION, MANDATE

L = TypeVar("L", DivisionRecorded, BureauRecorded, AssociationRecorded, CadreRecorded, MandateRecorded)

_COPIES: Final = {copy.events[0]: copy for copy in (DIVISION, BUREAU, ASSOCIATION, CADRE, MANDATE)}
_COPYING: Final = {event: Copying(copy) for event, copy in _COPIES.items()}

_REMEMBER: Final = """
    INSERT INTO line_history (aggregate, id, version, state, effective_on, recorded_at)
    SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::jsonb[], $5::date[], $6::timestamptz[])
"""


async def lock_lines(connection: Connection, model: type[L], keys: Sequence[object]) -> dict[str, L]:
    """Return the states of some of one kind, by key, locked in its order until the transaction ends."""
    table, key = _place(model)
    rows = await connection.fetch(
        f"SELECT * FROM {table} WHERE {key} = ANY($1) ORDER BY {key} FOR UPDATE",  # noqa: S608 - declared names
        keys,
    )
    return {one.key: one for one in (model.model_validate(dict(row)) for row in rows)}


async def find_line(connection: Connection, model: type[L], key: object) -> L | None:
    """Return the state of one."""
    table, column = _place(model)
    row = await connection.fetchrow(f"SELECT * FROM {table} WHERE {column} = $1", key)  # noqa: S608 - declared names
    return None if row is None else model.model_validate(dict(row))


async def write_lines(connection: Connection, model: type[L], states: Sequence[L]) -> None:
    """Write the next state of some of one kind, and keep it in their history."""
    if not states:
        return
    await _COPYING[model].write(connection, states)
    await connection.execute(
        _REMEMBER,
        model.topic,
        [one.key for one in states],
        [one.version for one in states],
        [one.model_dump_json(exclude_none=True) for one in states],
        [one.effective_on for one in states],
        [one.recorded_at for one in states],
    )


async def is_active(connection: Connection, table: str, key: UUID) -> bool:
    """Tell whether a bureau, an association or a cadre is there and active; nobody changes it meanwhile."""
    return bool(
        await connection.fetchval(
            f"SELECT state = 'ACTIVE' FROM {table} WHERE {table}_id = $1 FOR SHARE",  # noqa: S608 - our own names
            key,
        )
    )


async def count_lines(connection: Connection, model: type[EventData]) -> int:
    """Return how many there are of one kind."""
    return int(await connection.fetchval(f"SELECT count(*) FROM {_COPIES[model].table}"))  # noqa: S608 - declared names


async def lock_lines_behind(connection: Connection, model: type[L], last: object, limit: int) -> list[L]:
    """Return some of one kind behind a key, in its order, locked until the transaction ends."""
    table, key = _place(model)
    rows = await connection.fetch(
        f"SELECT * FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT $2 FOR UPDATE",  # noqa: S608 - declared names
        last,
        limit,
    )
    return [model.model_validate(dict(row)) for row in rows]


def _place(model: type[EventData]) -> tuple[str, str]:
    copy = _COPIES[model]
    return copy.table, copy.columns[0].name


_ACTIVE_UNDER: Final = """
    SELECT division_code FROM division WHERE left(division_code, 6) = ANY($1::text[]) AND state = 'ACTIVE'
    ORDER BY division_code FOR SHARE
"""


async def active_divisions(connection: Connection, districts: Sequence[str]) -> set[str]:
    """Return the codes of the active divisions of districts, by their six digits; nobody changes them meanwhile."""
    return {row["division_code"] for row in await connection.fetch(_ACTIVE_UNDER, districts)}
