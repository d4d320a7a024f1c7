"""The log of changes: noted in the projection's transaction, given a position after it is committed.

The order of the log is that of positions, never that of `id`: an identity value is taken before its transaction
commits, so a reader that asks for what is behind the last id it saw skips whatever commits late. A position is given
only to what is committed already, in a transaction that holds the one row of `change_log`: whoever holds it is the
sequencer, and positions become visible in their order.

The log stands outside the builds of the read model: a rebuild brings no news.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

import asyncpg
from sqlalchemy import BigInteger, Text, Uuid, column, table

from gateway.read_model import NoReadModelError, checked

Session: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

TABLES: Final = (
    # The version is unique: what is told anew is noted once.
    """
    CREATE TABLE public.change (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        position bigint UNIQUE,
        numbered_at timestamptz,
        topic text NOT NULL,
        aggregate_id uuid NOT NULL,
        version bigint NOT NULL,
        event_type text NOT NULL,
        division_code text COLLATE "C" NOT NULL,
        bureau text COLLATE "C" NOT NULL,
        recorded_at timestamptz NOT NULL,
        UNIQUE (topic, aggregate_id, version),
        CHECK ((position IS NULL) = (numbered_at IS NULL))
    )
    """,
    "CREATE INDEX change_unnumbered ON public.change (id) WHERE position IS NULL",
    """
    CREATE FUNCTION public.change_noted() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN PERFORM pg_notify('change_noted', ''); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER change_noted AFTER INSERT ON public.change
        FOR EACH STATEMENT EXECUTE FUNCTION public.change_noted()
    """,
    """
    CREATE TABLE public.change_log (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        last bigint NOT NULL,
        pruned bigint NOT NULL CHECK (pruned <= last)
    )
    """,
    # A log that is made anew begins beyond every position of the one that was lost, and below 2^53 for long: whoever
    # comes back with a position of the lost one is told so, and never goes on in the middle of other changes.
    """
    INSERT INTO public.change_log (last, pruned)
    SELECT begun, begun FROM (SELECT extract(epoch FROM now())::bigint * 1000) AS moment (begun)
    """,
)
"""DDL of the log. `last` is the newest position that was given, `pruned` the newest of those that were deleted."""

NOTED: Final = "change_noted"
"""Channel that tells of changes without a position."""
NUMBERED: Final = "change_numbered"
"""Channel that tells of new positions."""
ROWS: Final = 5000
"""How many changes get their positions in one transaction."""

CHANGE: Final = table(
    "change",
    column("position", BigInteger()),
    column("topic", Text()),
    column("aggregate_id", Uuid()),
    column("version", BigInteger()),
    column("division_code", Text()),
    column("bureau", Text()),
    column("traceparent", Text()),
    schema="public",
)
"""The log, for statements in the making."""
CHANGE_LOG: Final = table("change_log", column("last", BigInteger()), column("pruned", BigInteger()), schema="public")
"""Its newest and its pruned position, for statements in the making."""

_WAITING: Final = "SELECT EXISTS (SELECT FROM public.change WHERE position IS NULL)"
_HOLD: Final = "SELECT last FROM public.change_log FOR UPDATE"
_NUMBER: Final = """
    WITH numbered AS (
        SELECT id, $1 + row_number() OVER (ORDER BY id) AS position
        FROM public.change WHERE position IS NULL ORDER BY id LIMIT $2
    ), written AS (
        UPDATE public.change SET position = numbered.position, numbered_at = clock_timestamp()
        FROM numbered WHERE change.id = numbered.id AND change.position IS NULL
        RETURNING change.position
    )
    UPDATE public.change_log SET last = last + (SELECT count(*) FROM written) RETURNING last - $1
"""
_TELL: Final = "SELECT pg_notify($1, '')"
_PRUNE: Final = """
    WITH gone AS (
        DELETE FROM public.change
        WHERE position <= (SELECT max(position) FROM public.change WHERE numbered_at < $1)
        RETURNING position
    )
    UPDATE public.change_log SET pruned = greatest(pruned, (SELECT max(position) FROM gone))
    RETURNING (SELECT count(*) FROM gone)
"""
_STATE: Final = "SELECT last, pruned, (SELECT live FROM public.read_model) AS build FROM public.change_log"


@dataclass(frozen=True, slots=True)
class State:
    """How far the log goes.

    Attributes:
        last: The newest position.
        pruned: The newest position that is deleted; what is behind it is all there.
        build: The schema of the read model's live build, which has every change up to `last`.
    """

    last: int
    pruned: int
    build: str


async def number(session: Session) -> int:
    """Give positions to the oldest changes without one, in a transaction of its own; return how many.

    A second sequencer at the same moment waits for the first, and goes on behind it.

    Args:
        session: A connection outside of any transaction.
    """
    if not await session.fetchval(_WAITING):
        return 0
    async with session.transaction():
        last: int = await session.fetchval(_HOLD)
        # a statement of its own: its snapshot is taken while the row is held, and so sees all that was numbered before
        numbered: int = await session.fetchval(_NUMBER, last, ROWS)
        await session.execute(_TELL, NUMBERED)
    return numbered


async def prune(session: Session, before: datetime) -> int:
    """Delete the changes that got their position before a moment, in a transaction of its own; return how many.

    Args:
        session: A connection outside of any transaction.
        before: Aware.
    """
    async with session.transaction():
        await session.fetchval(_HOLD)
        pruned: int = await session.fetchval(_PRUNE, before)
    return pruned


async def state(session: Session) -> State:
    """Return how far the log goes.

    Raises:
        NoReadModelError: no build is live.
    """
    row = await session.fetchrow(_STATE)
    if row is None or row["build"] is None:
        raise NoReadModelError
    return State(row["last"], row["pruned"], checked(row["build"]))
