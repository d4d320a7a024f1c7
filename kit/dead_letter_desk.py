"""What people do with dead letters: look them up, see one's record, ask for them to be redriven.

Nothing is redriven here: that is done by the service's own process (`kit.redriving`), which has handler and inbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from kit.database import Connection
from kit.dead_letters import CHANNEL, Kept, Outcome, Place, State, opened
from kit.sealing import Sealer

MAX_PURPOSE: Final = 500

_COLUMNS: Final = (
    "id, consumer, topic, partition, record_offset, record_type, reason, detail, first_reason, first_detail, "
    "state, tries, recorded_at, asked_by, asked_at, redriven_at"
)
_CHOSEN: Final = (
    "($1::uuid[] IS NULL OR id = ANY($1)) AND ($2::text IS NULL OR reason = $2) "
    "AND ($3::text IS NULL OR consumer = $3) AND ($4::text IS NULL OR topic = $4)"
)
_FIND: Final = f"""
    SELECT {_COLUMNS} FROM dead_letter WHERE {_CHOSEN} ORDER BY recorded_at DESC, id LIMIT $5
"""  # noqa: S608 - constants of this module
_ASK: Final = f"""
    WITH asked AS (
        UPDATE dead_letter SET state = 'ASKED_FOR', asked_by = $5, asked_at = $6
        WHERE {_CHOSEN} AND state IN ('SET_ASIDE', 'FAILED_AGAIN')
        RETURNING id
    )
    SELECT id FROM asked
    UNION ALL
    SELECT id FROM dead_letter WHERE {_CHOSEN} AND state = 'ASKED_FOR'
"""  # noqa: S608 - constants of this module
_TRIES: Final = """
    SELECT number, outcome, reason, detail, asked_by, asked_at, tried_at
    FROM dead_letter_try WHERE dead_letter_id = $1 ORDER BY number
"""
_LAST_TRIES: Final = """
    SELECT DISTINCT ON (dead_letter_id) tried.*
    FROM dead_letter_try AS tried JOIN dead_letter AS letter ON letter.id = tried.dead_letter_id
    WHERE letter.id = ANY($1::uuid[]) AND letter.state <> 'ASKED_FOR'
    ORDER BY dead_letter_id, number DESC
"""
_LOOK: Final = """
    INSERT INTO dead_letter_look (dead_letter_id, looked_by, purpose, looked_at) VALUES ($1, $2, $3, $4)
"""
_TAKE_LOOKS: Final = """
    UPDATE dead_letter_look SET logged_at = $1
    WHERE id IN (SELECT id FROM dead_letter_look WHERE logged_at IS NULL ORDER BY id FOR UPDATE SKIP LOCKED)
    RETURNING id, dead_letter_id, looked_by, purpose, looked_at
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter without its record. The reason is that of the last failure, the first one stands beside it."""

    id: UUID
    consumer: str
    place: Place
    record_type: str | None
    reason: str
    detail: str
    first_reason: str | None
    first_detail: str | None
    state: State
    tries: int
    recorded_at: datetime
    asked_by: str | None
    asked_at: datetime | None
    redriven_at: datetime | None


@dataclass(frozen=True, slots=True)
class Try:
    """One try to redrive a dead letter, by whom it was asked for, and what became of it."""

    number: int
    outcome: Outcome
    reason: str | None
    detail: str | None
    asked_by: str
    asked_at: datetime
    tried_at: datetime


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which dead letters are meant: those that meet everything that is given."""

    ids: Sequence[UUID] | None = None
    reason: str | None = None
    consumer: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at the record of a dead letter: who, when and for what."""

    letter_id: UUID
    looked_by: str
    purpose: str
    looked_at: datetime


async def find(connection: Connection, chosen: Chosen, limit: int | None = None) -> list[Letter]:
    """Return the chosen dead letters, newest first."""
    rows = await connection.fetch(_FIND, chosen.ids, chosen.reason, chosen.consumer, chosen.topic, limit)
    return [_letter(row) for row in rows]


async def tries(connection: Connection, letter_id: UUID) -> list[Try]:
    """Return the tries to redrive a dead letter, the first one first."""
    return [_try(row) for row in await connection.fetch(_TRIES, letter_id)]


async def ask(connection: Connection, chosen: Chosen, who: str, now: datetime) -> list[UUID]:
    """Ask for the chosen dead letters to be redriven, and wake the service's process at the commit.

    Returns:
        Those that are asked for now, also those that were asked for before; one that was redriven is left alone.
    """
    rows = await connection.fetch(_ASK, chosen.ids, chosen.reason, chosen.consumer, chosen.topic, who, now)
    await connection.execute("SELECT pg_notify($1, '')", CHANNEL)
    return [row["id"] for row in rows]


async def became(connection: Connection, letters: Sequence[UUID]) -> dict[UUID, Try]:
    """Return the last try of each of these dead letters that is asked for no longer."""
    rows = await connection.fetch(_LAST_TRIES, letters)
    return {row["dead_letter_id"]: _try(row) for row in rows}


async def attended(connection: Connection, application_name: str) -> bool:
    """Whether a process is connected to this database under a name."""
    found = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1)",
        application_name,
    )
    return bool(found)


async def reveal(connection: Connection, sealer: Sealer, look: Look) -> Kept | None:
    """Open the record of a dead letter and note the look in the open transaction; show it only after the commit.

    Returns:
        The record, or None where there is no such dead letter.

    Raises:
        SealBrokenError: it was sealed with another key, or changed since; nothing was noted.
    """
    row = await connection.fetchrow(
        "SELECT topic, partition, record_offset, sealed FROM dead_letter WHERE id = $1", look.letter_id
    )
    if row is None:
        return None
    record = opened(sealer, look.letter_id, Place(row["topic"], row["partition"], row["record_offset"]), row["sealed"])
    await connection.execute(_LOOK, look.letter_id, look.looked_by, look.purpose, look.looked_at)
    await connection.execute("SELECT pg_notify($1, '')", CHANNEL)
    return record


async def take_looks(connection: Connection, now: datetime) -> list[Look]:
    """Return the looks that no process has logged yet, oldest first, as logged in the open transaction."""
    rows = await connection.fetch(_TAKE_LOOKS, now)
    return [
        Look(row["dead_letter_id"], row["looked_by"], row["purpose"], row["looked_at"])
        for row in sorted(rows, key=lambda row: int(row["id"]))
    ]


def _letter(row: asyncpg.Record) -> Letter:
    return Letter(
        id=row["id"],
        consumer=row["consumer"],
        place=Place(row["topic"], row["partition"], row["record_offset"]),
        record_type=row["record_type"],
        reason=row["reason"],
        detail=row["detail"],
        first_reason=row["first_reason"],
        first_detail=row["first_detail"],
        state=State(row["state"]),
        tries=row["tries"],
        recorded_at=row["recorded_at"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        redriven_at=row["redriven_at"],
    )


def _try(row: asyncpg.Record) -> Try:
    return Try(
        number=row["number"],
        outcome=Outcome(row["outcome"]),
        reason=row["reason"],
        detail=row["detail"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        tried_at=row["tried_at"],
    )
