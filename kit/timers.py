"""Durable timers: a step of a process that is due at a moment, kept in the database until it fired.

After a standstill each step fires once, in order of its due time: reminders of one step that came due meanwhile are
merged into one, which says how many they were.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from kit import metrics
from kit.clock import Clock
from kit.database import Connection, Database, Failure, Transaction, failure_of
from kit.health import Progress
from kit.log import logger
from kit.waiting import up_to

_log = logger(__name__)

TICK_SECONDS: Final = 1.0

_SET: Final = "INSERT INTO timer (process, step, due) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
_NEXT: Final = """
    SELECT process, step FROM timer
    WHERE fired_at IS NULL AND due <= $1 AND process = ANY($2::text[])
    GROUP BY process, step ORDER BY min(due), process, step LIMIT 1
"""
_FIRE: Final = """
    WITH fired AS (
        UPDATE timer SET fired_at = $3
        WHERE (process, step, due) IN (
            SELECT process, step, due FROM timer
            WHERE process = $1 AND step = $2 AND fired_at IS NULL AND due <= $3
            ORDER BY due FOR UPDATE
        )
        RETURNING due
    )
    SELECT count(*) AS merged, max(due) AS due FROM fired
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is due: the latest moment it was due at, and how many of its timers this stands for."""

    process: str
    step: str
    due: datetime
    merged: int


class OnDue(Protocol):
    """Does what is due, in the transaction that marks the timer as fired."""

    async def __call__(self, transaction: Transaction, due: Due, /) -> None:
        """Do the step."""
        ...


async def set_timer(connection: Connection, process: str, step: str, due: datetime) -> None:
    """Set a timer in the open transaction; the same (process, step, due) again changes nothing."""
    await connection.execute(_SET, process, step, due)


class Timers:
    """Fires the timers of one service.

    Args:
        service: names the metrics.
        database: where the timers are.
        clock: tells what is due.
        processes: what to do for each process. Timers of other processes are left alone.
        progress: what health sees.
        begin: sets the timers that must be there; run once at the start, and may be run again.
    """

    def __init__(
        self,
        *,
        service: str,
        database: Database,
        clock: Clock,
        processes: Mapping[str, OnDue],
        progress: Progress,
        begin: Callable[[Transaction], Awaitable[None]] | None = None,
    ) -> None:
        self._service = service
        self._database = database
        self._clock = clock
        self._processes = processes
        self._progress = progress
        self._begin = begin

    async def fire_due(self) -> list[Due]:
        """Fire everything that is due now, each step in a transaction of its own; return what fired, in order."""
        fired = []
        while (due := await self._fire_next()) is not None:
            metrics.TIMERS_FIRED.labels(self._service, due.process).inc()
            fired.append(due)
        return fired

    async def run(self, stop: asyncio.Event) -> None:
        """Fire what is due until `stop` is set."""
        begun = self._begin is None
        while not stop.is_set():
            try:
                if self._begin is not None and not begun:
                    async with self._database.transaction() as transaction:
                        await self._begin(transaction)
                    begun = True
                await self.fire_due()
                self._progress.is_ready()
            except Exception as error:
                if failure_of(error) is not Failure.RETRY:
                    raise
                self._progress.waits(f"database 数据库: {type(error).__name__}")
                _log.warning("timers wait", service=self._service, error=repr(error))
            await up_to(TICK_SECONDS, stop)

    async def _fire_next(self) -> Due | None:
        now = self._clock.now()
        async with self._database.transaction() as transaction:
            found = await transaction.connection.fetchrow(_NEXT, now, list(self._processes))
            if found is None:
                return None
            row = await transaction.connection.fetchrow(_FIRE, found["process"], found["step"], now)
            if row is None or row["merged"] == 0:  # another replica fired it between the two statements
                return None
            due = Due(found["process"], found["step"], row["due"], row["merged"])
            await self._processes[due.process](transaction, due)
            return due
