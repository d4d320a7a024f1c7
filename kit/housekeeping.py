"""What every service does once a day: forget what inbox and commands no longer need."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Final

from kit.clock import SHANGHAI, Clock
from kit.commands import forget
from kit.database import Connection, Database, Transaction
from kit.health import Progress
from kit.inbox import prune
from kit.log import logger
from kit.timers import Due, OnDue, Timers, set_timer

PROCESS: Final = "housekeeping"
PRUNE: Final = "prune"
INBOX_DAYS: Final = 100
"""Longer than any redelivery: offsets are kept 90 days."""
COMMAND_DAYS: Final = 30
"""Longer than anybody retries a command."""
AT: Final = time(3, 30)

Prune = Callable[[Connection, datetime], Awaitable[int]]
"""Forgets what a service need not keep at a moment; returns how many rows."""

_log = logger(__name__)


class Housekeeping:
    """Does a due step and sets the timer of the next day.

    Args:
        clock: tells now.
        prunes: what the service forgets beside inbox and commands, by what the log calls it.
    """

    def __init__(self, clock: Clock, prunes: Mapping[str, Prune] | None = None) -> None:
        self._clock = clock
        self._prunes = prunes or {}

    async def __call__(self, transaction: Transaction, due: Due) -> None:
        """Prune the inbox and the commands, and do the chores."""
        now = self._clock.now()
        heard = await prune(transaction.connection, now - timedelta(days=INBOX_DAYS))
        commands = await forget(transaction.connection, now - timedelta(days=COMMAND_DAYS))
        others = {name: await forgets(transaction.connection, now) for name, forgets in self._prunes.items()}
        _log.info("pruned", inbox=heard, commands=commands, merged=due.merged, **others)
        await set_timer(transaction.connection, PROCESS, PRUNE, next_run(now))


def next_run(now: datetime) -> datetime:
    """Return the next 03:30 in Asia/Shanghai."""
    local = now.astimezone(SHANGHAI)
    today = datetime.combine(local.date(), AT, SHANGHAI)
    return today if local < today else today + timedelta(days=1)


def housekeeping(
    service: str,
    database: Database,
    clock: Clock,
    progress: Progress,
    others: Mapping[str, OnDue] | None = None,
    prunes: Mapping[str, Prune] | None = None,
) -> Timers:
    """Return the timers of a service: this process, with what it forgets, and what is to be done for others."""

    async def begin(transaction: Transaction) -> None:
        await set_timer(transaction.connection, PROCESS, PRUNE, next_run(clock.now()))

    return Timers(
        service=service,
        database=database,
        clock=clock,
        processes={PROCESS: Housekeeping(clock, prunes), **(others or {})},
        progress=progress,
        begin=begin,
    )
