"""Whether the database can be reached, for a process that has no consumer to notice it."""

import asyncio
from typing import Final

from kit import waiting
from kit.database import Database, Failure, failure_of
from kit.health import Progress

LOOK_SECONDS: Final = 2.0


class DatabaseReach:
    """Makes a process that only answers requests ready while its database answers.

    Args:
        database: of the service.
        progress: what health sees.
        look_seconds: between two looks.
    """

    def __init__(self, database: Database, progress: Progress, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._database = database
        self._progress = progress
        self._look_seconds = look_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again until `stop` is set.

        Raises:
            Exception: the database answers with an error that waiting doesn't mend.
        """
        while not stop.is_set():
            try:
                async with self._database.transaction() as transaction:
                    await transaction.connection.execute("SELECT 1")
                self._progress.is_ready()
            except Exception as error:
                if failure_of(error) is not Failure.RETRY:
                    raise
                self._progress.waits(f"database 数据库: {type(error).__name__}")
            await waiting.up_to(self._look_seconds, stop)
