"""Groups what is read of a file into batches, the next of them while the database works on the one before."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from kit.files.outcomes import Rejected
from services.registration.intake.outcomes import Accepted

Outcome = Accepted | Rejected

BATCH_SIZE: Final = 1000
"""Rows a transaction: a register's file of a year has some 750, so it is one, where 500 made it two."""

SLICE: Final = 25
"""Rows read at once, half a millisecond; then it is the database's answer's turn."""


class _Batches:
    def __init__(self, source: Iterable[Outcome]) -> None:
        self._source = iter(source)
        self._held: Outcome | None = None

    async def next(self) -> list[Outcome] | None:
        batch: list[Outcome] = []
        seen: set[str] = set()
        while (outcome := self._held or next(self._source, None)) is not None:
            uscc = outcome.registration.uscc if isinstance(outcome, Accepted) else None
            if len(batch) == BATCH_SIZE or uscc in seen:
                self._held = outcome
                return batch
            self._held = None
            batch.append(outcome)
            if uscc is not None:
                seen.add(uscc)
            if not len(batch) % SLICE:
                await asyncio.sleep(0)
        return batch or None


@asynccontextmanager
async def batches(source: Iterable[Outcome]) -> AsyncIterator[AsyncIterator[list[Outcome]]]:
    """Group outcomes in order; a USCC stands only once in a group, so that each is decided against what is stored.

    While the caller awaits the database the next batch is read, and no more than that. What reading raises is raised
    when its batch is asked for.
    """
    found = _Batches(source)
    reading = asyncio.create_task(found.next())

    async def ahead() -> AsyncIterator[list[Outcome]]:
        nonlocal reading
        while (batch := await reading) is not None:
            reading = asyncio.create_task(found.next())
            yield batch

    try:
        yield ahead()
    finally:
        reading.cancel()
        await asyncio.wait([reading])
