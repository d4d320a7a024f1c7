"""Rates everybody anew by an edition of the scheme, from its first day on, in batches that outlive a crash."""

from typing import Final
from uuid import UUID

from kit.clock import Clock
from kit.database import Connection, Database, Transaction
from kit.health import Progress
from kit.timers import Due, Timers, set_timer
from services.assessment.domain.first_scheme import FORTRESS_INDEX
from services.assessment.handlers.ratings import rate
from services.assessment.handlers.schemes import FROM_THE_START, PROCESS, edition_in_force, publish_first, step
from services.assessment.publish import Cause
from services.assessment.repository.ratings import lock_ratings, rated_otherwise
from services.assessment.repository.schemes import edition, hold_alone, take_up

BATCH_SIZE: Final = 200
"""Ratings a transaction: whoever waits for one of them waits for no more than these."""


class RatedAnew:
    """Rates a batch of organisations by an edition, and sets the timer of the next batch in the same transaction.

    So a process that is killed leaves either both undone or both done. What is left to do is read from the ratings
    themselves: those given by another edition.

    Args:
        clock: tells when.
        batch_size: ratings a transaction.
    """

    def __init__(self, clock: Clock, batch_size: int = BATCH_SIZE) -> None:
        self._clock = clock
        self._batch_size = batch_size

    async def __call__(self, transaction: Transaction, due: Due) -> None:
        """Rate the organisations behind the one that the step names."""
        connection = transaction.connection
        number, _, behind = due.step.partition("/")
        version, last = int(number), UUID(behind)
        if last == FROM_THE_START:
            await _begin(connection, version)
        published = await edition_in_force(connection, self._clock)  # a newer one, where that came meanwhile
        ids = await rated_otherwise(connection, published.version, last, self._batch_size)
        known = await lock_ratings(connection, ids, FORTRESS_INDEX)
        cause = Cause.published(published)
        await rate(connection, self._clock, published.edition, known, dict.fromkeys(ids, cause))
        if len(ids) == self._batch_size:
            await set_timer(connection, PROCESS, step(version, ids[-1]), due.due)


async def _begin(connection: Connection, version: int) -> None:
    """Take the edition up. Who decides by the former one has ended by then; who comes later decides by this one."""
    await hold_alone(connection)
    found = await edition(connection, FORTRESS_INDEX, version)
    if found is None:
        raise LookupError(f"edition {version}")
    await take_up(connection, found.edition)


def edition_timers(service: str, database: Database, clock: Clock, progress: Progress) -> Timers:
    """Return the timers that publish the first scheme at the start and rate anew by each further edition."""

    async def begin(transaction: Transaction) -> None:
        await publish_first(transaction.connection, clock)

    return Timers(
        service=service,
        database=database,
        clock=clock,
        processes={PROCESS: RatedAnew(clock)},
        progress=progress,
        begin=begin,
    )
