"""The sequencer: gives positions to changes that are committed, and forgets those that nobody comes back for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic
from typing import Final

import asyncpg

from gateway.changes.log import NOTED, Session, number, prune
from kit import waiting
from kit.clock import Clock
from kit.database import AWAY
from kit.log import logger

_log = logger(__name__)

KEPT: Final = timedelta(days=7)
"""So long after it got its position a change can be gone on from."""
PRUNE_SECONDS: Final = 3600.0
FALLBACK_SECONDS: Final = 0.5
LONGEST_WAIT_SECONDS: Final = 5.0
HUNG_SECONDS: Final = 10
"""After so long the server ends a session that hangs in the middle of numbering, which others wait for."""


class Sequencer:
    """Numbers the log. Every gateway has one: they take turns, and one that dies leaves nothing to the others but work.

    Args:
        database_url: The gateway's database.
        clock: Tells now.
        kept: How long a change is kept.
    """

    def __init__(self, database_url: str, clock: Clock, kept: timedelta = KEPT) -> None:
        self._database_url = database_url
        self._clock = clock
        self._kept = kept
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Number until `stop` is set. What fails is tried again with a new session."""
        wait = 0.2
        while not stop.is_set():
            try:
                async with self._session() as session:
                    await session.add_listener(NOTED, lambda *_told: self._wake.set())
                    wait = 0.2
                    await self._number(session, stop)
            except AWAY as error:
                _log.warning("sequencer starts over", error=repr(error), seconds=wait)
                await waiting.up_to(wait, stop)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[Session]:
        hung = f"{HUNG_SECONDS}s"
        session: Session = await asyncpg.connect(
            self._database_url,
            timeout=10,
            command_timeout=60,
            server_settings={
                "application_name": "gateway-sequencer",
                "timezone": "UTC",
                "idle_in_transaction_session_timeout": hung,
                "statement_timeout": "60s",
            },
        )
        try:
            yield session
        finally:
            session.terminate()

    async def _number(self, session: Session, stop: asyncio.Event) -> None:
        pruned_at: float | None = None
        while not stop.is_set():
            self._wake.clear()
            numbered = await number(session)
            if pruned_at is None or monotonic() - pruned_at > PRUNE_SECONDS:
                pruned = await prune(session, self._clock.now() - self._kept)
                pruned_at = monotonic()
                if pruned:
                    _log.info("changes pruned", changes=pruned)
            if not numbered:
                await waiting.either(stop, self._wake, FALLBACK_SECONDS)
