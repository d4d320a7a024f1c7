"""Where processes and their steps are kept: one table for all processes of a service, the state as it was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.processes import ProcessMoved
from kit.database import Connection

P = TypeVar("P", bound=ProcessMoved)

_ADD: Final = """
    INSERT INTO process (process_id, topic, subject_id, version, state, under_way, due_at, correlation_id, told)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)
"""
_REPLACE: Final = """
    UPDATE process SET version = $2, state = $3, under_way = $4, due_at = $5, told = $6::jsonb WHERE process_id = $1
"""
_ADD_STEP: Final = """
    INSERT INTO process_step (
        process_id, version, action, taken_by, taken_as, sealed_note, sealed_on_behalf_of, told, effective_on,
        recorded_at
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10)
"""
_FIND: Final = "SELECT told FROM process WHERE process_id = $1 AND topic = $2"
_UNDER_WAY: Final = (
    "SELECT told FROM process WHERE subject_id = ANY($1) AND topic = $2 AND under_way ORDER BY process_id"
)
_BEHIND: Final = """
    SELECT told FROM process WHERE topic = $1 AND process_id > $2 ORDER BY process_id LIMIT $3 FOR UPDATE
"""
_FORGET: Final = """
    UPDATE process_step SET sealed_note = NULL, sealed_on_behalf_of = NULL
    FROM process WHERE process.process_id = process_step.process_id AND subject_id = $1
"""
_STEPS: Final = """
    SELECT version, action, told ->> 'state' AS state, taken_by, taken_as, sealed_note, sealed_on_behalf_of,
        effective_on, recorded_at
    FROM process_step WHERE process_id = $1 ORDER BY version
"""


@dataclass(frozen=True, slots=True)
class StoredStep:
    """A step as it is kept. `taken_by` is the subject of a token, None where the clock took it."""

    version: int
    action: str
    state: str
    taken_by: str | None
    taken_as: str | None
    sealed_note: bytes | None
    sealed_on_behalf_of: bytes | None
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """Who took a step, and what they gave with it, sealed."""

    by: str | None
    role: str | None
    sealed_note: bytes | None = None
    sealed_on_behalf_of: bytes | None = None


_COLUMNS: Final = (
    "process_id",
    "topic",
    "subject_id",
    "version",
    "state",
    "under_way",
    "due_at",
    "correlation_id",
    "told",
)
_STEP_COLUMNS: Final = (
    "process_id",
    "version",
    "action",
    "taken_by",
    "taken_as",
    "told",
    "effective_on",
    "recorded_at",
)


async def add_all(
    connection: Connection, begun: Sequence[tuple[ProcessMoved, str]], correlation_id: UUID, taken: Taken
) -> None:
    """Keep processes that begin, each with its subject, and the step that began each; nothing was given with it."""
    processes, steps = [], []
    for moved, subject_id in begun:
        told = _json(moved)
        state, action = moved.state.value, moved.action.value
        processes.append(
            (moved.process_id, moved.topic, subject_id, moved.version, state, True, moved.due_at, correlation_id, told)
        )
        day, now = moved.effective_on, moved.recorded_at
        steps.append((moved.process_id, moved.version, action, taken.by, taken.role, told, day, now))
    await connection.copy_records_to_table("process", records=processes, columns=_COLUMNS)
    await connection.copy_records_to_table("process_step", records=steps, columns=_STEP_COLUMNS)


async def add(
    connection: Connection, moved: ProcessMoved, subject_id: str, correlation_id: UUID, *, under_way: bool
) -> None:
    """Keep a process that begins."""
    await connection.execute(
        _ADD,
        moved.process_id,
        moved.topic,
        subject_id,
        moved.version,
        moved.state.value,
        under_way,
        moved.due_at,
        correlation_id,
        _json(moved),
    )


async def replace(connection: Connection, moved: ProcessMoved, *, under_way: bool) -> None:
    """Keep what a step made of a process."""
    await connection.execute(
        _REPLACE, moved.process_id, moved.version, moved.state.value, under_way, moved.due_at, _json(moved)
    )


async def add_step(connection: Connection, moved: ProcessMoved, taken: Taken) -> None:
    """Keep a step. Steps are never changed."""
    await connection.execute(
        _ADD_STEP,
        moved.process_id,
        moved.version,
        moved.action.value,
        taken.by,
        taken.role,
        taken.sealed_note,
        taken.sealed_on_behalf_of,
        _json(moved),
        moved.effective_on,
        moved.recorded_at,
    )


async def find(connection: Connection, model: type[P], process_id: UUID) -> P | None:
    """Return a process, or None where it isn't there."""
    told = await connection.fetchval(_FIND, process_id, model.topic)
    return None if told is None else model.model_validate_json(told)


async def lock(connection: Connection, model: type[P], process_id: UUID) -> P | None:
    """Return a process, locked until the transaction ends."""
    told = await connection.fetchval(f"{_FIND} FOR UPDATE", process_id, model.topic)
    return None if told is None else model.model_validate_json(told)


async def lock_under_way(connection: Connection, model: type[P], subjects: Sequence[str]) -> list[P]:
    """Return the processes of a kind that are under way about some subjects, locked, in order of id."""
    rows = await connection.fetch(f"{_UNDER_WAY} FOR UPDATE", list(subjects), model.topic)
    return [model.model_validate_json(row["told"]) for row in rows]


async def lock_all_under_way(connection: Connection, subjects: Sequence[str]) -> list[UUID]:
    """Return the ids of the processes of every kind that are under way about some subjects, locked, in order of id.

    Until the transaction ends no process begins about them of which a subject may have one at a time.
    """
    for subject in sorted(subjects):
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", subject)
    rows = await connection.fetch(
        "SELECT process_id FROM process WHERE subject_id = ANY($1) AND under_way ORDER BY process_id FOR UPDATE",
        list(subjects),
    )
    return [row["process_id"] for row in rows]


async def correlation_of(connection: Connection, process_id: UUID) -> UUID:
    """Return the correlation id under which a process began."""
    found: UUID = await connection.fetchval("SELECT correlation_id FROM process WHERE process_id = $1", process_id)
    return found


async def steps(connection: Connection, process_id: UUID) -> list[StoredStep]:
    """Return the steps of a process, in order."""
    return [StoredStep(**dict(row)) for row in await connection.fetch(_STEPS, process_id)]


async def forget(connection: Connection, subject: str) -> None:
    """Delete what names people in the steps of all processes about a subject."""
    await connection.execute(_FORGET, subject)


async def count(connection: Connection, topic: str) -> int:
    """Return how many processes of a kind there are."""
    return int(await connection.fetchval("SELECT count(*) FROM process WHERE topic = $1", topic))


async def lock_behind(connection: Connection, model: type[P], last: UUID, limit: int) -> list[P]:
    """Return processes of a kind behind an id, in order of it, locked until the transaction ends."""
    return [model.model_validate_json(row["told"]) for row in await connection.fetch(_BEHIND, model.topic, last, limit)]


def _json(moved: ProcessMoved) -> str:
    return moved.model_dump_json(exclude_none=True)
