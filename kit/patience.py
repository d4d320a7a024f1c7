"""Waiting for a database that went away in the middle of something long."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from kit.database import Failure, failure_of

Of = TypeVar("Of")

PATIENCE_SECONDS: Final = 120
"""So long it is waited for, each time that it goes away."""


class Patience:
    """Tries each step of something long again while the database is away.

    One that was never reached is told at once: its address may be wrong.

    Args:
        waiting: told of each second that is waited, with the kind of failure.
    """

    def __init__(self, waiting: Callable[[str], None]) -> None:
        self._waiting = waiting
        self._reached = False

    async def through(self, attempt: Callable[[bool], Awaitable[Of]]) -> Of:
        """Return what an attempt does; it hears whether it is not the first, for a commit may have happened.

        Raises:
            Exception: what it fails with, where waiting doesn't mend it or took too long.
        """
        waited = 0
        while True:
            try:
                done = await attempt(waited > 0)
            except Exception as error:
                if failure_of(error) is not Failure.RETRY or waited == PATIENCE_SECONDS or not self._reached:
                    raise
                waited += 1
                self._waiting(type(error).__name__)
                await asyncio.sleep(1)
            else:
                self._reached = True
                return done
