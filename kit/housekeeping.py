"""What every service does once a day: forget what inbox and commands no longer need."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
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

Chore = Callable[[Connection], Awaitable[int]]
"""Something else to be done once a day, in the same transaction; it returns how many rows it deleted."""

_log = logger(__name__)


class Housekeeping:
    """Does a due step and sets the timer of the next day.

    Args:
        clock: tells now.
        chores: what is to be done beside it.
    """

    def __init__(self, clock: Clock, chores: Sequence[Chore] = ()) -> None:
        self._clock = clock
        self._chores = chores

    async def __call__(self, transaction: Transaction, due: Due) -> None:
        """Prune the inbox and the commands, and do the chores."""
        now = self._clock.now()
        heard = await prune(transaction.connection, now - timedelta(days=INBOX_DAYS))
        commands = await forget(transaction.connection, now - timedelta(days=COMMAND_DAYS))
        others = sum([await chore(transaction.connection) for chore in self._chores])
        _log.info("pruned", inbox=heard, commands=commands, others=others, merged=due.merged)
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
    chores: Sequence[Chore] = (),
) -> Timers:
    """Return the timers of a service: this process with its chores, and what is to be done for others."""

    async def begin(transaction: Transaction) -> None:
        await set_timer(transaction.connection, PROCESS, PRUNE, next_run(clock.now()))

    return Timers(
        service=service,
        database=database,
        clock=clock,
        processes={PROCESS: Housekeeping(clock, chores), **(others or {})},
        progress=progress,
        begin=begin,
    )
