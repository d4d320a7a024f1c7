"""Follows the pointer to the live build of the read model."""

import asyncio
from typing import Final

import asyncpg

from gateway.read_model import CHANNEL, NoReadModelError, lacking, live_schema
from kit import waiting
from kit.database import CONNECT_SECONDS, SERVER_SETTINGS, Failure, failure_of
from kit.health import Progress
from kit.log import logger

_log = logger(__name__)

FALLBACK_SECONDS: Final = 2.0
"""A notification that was lost is made up for after this."""
FIRST_WAIT_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 5.0


class Pointer:
    """Knows which build is live, and tells when it is another one.

    Args:
        database_url: the gateway's database.
        progress: what health sees; it is ready once the pointer was read, and stays so.
    """

    def __init__(self, database_url: str, progress: Progress) -> None:
        self._url = database_url
        self._progress = progress
        self._live: str | None = None
        self._incomplete: set[str] = set()
        self._moved = asyncio.Event()
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the pointer until `stop` is set; a database that is away is waited for."""
        wait = FIRST_WAIT_SECONDS
        while not stop.is_set():
            try:
                await self._follow(stop)
            except NoReadModelError as error:
                reason = str(error)
            except Exception as error:
                if failure_of(error) is Failure.CODE:
                    raise
                reason = f"database 数据库: {type(error).__name__}"
            else:
                return
            if self._live is None:
                self._progress.waits(reason)
            _log.warning("waiting for the pointer to the live build", reason=reason, seconds=wait)
            await waiting.up_to(wait, stop)
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    def is_complete(self, build: str) -> bool:
        """Return whether a build had every table of this release when it became the live one."""
        return build not in self._incomplete

    async def other_than(self, known: str | None, stop: asyncio.Event) -> str | None:
        """Wait until the live build is known, and not `known`; return it, or None when `stop` is set."""
        while not stop.is_set():
            self._moved.clear()
            if self._live is not None and self._live != known:
                return self._live
            await waiting.either(stop, self._moved, FALLBACK_SECONDS)
        return None

    async def _follow(self, stop: asyncio.Event) -> None:
        session: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(
            self._url,
            timeout=CONNECT_SECONDS,
            server_settings={**SERVER_SETTINGS, "application_name": "gateway read model"},
        )
        try:
            session.add_termination_listener(lambda _session: self._wake.set())
            await session.add_listener(CHANNEL, lambda *_told: self._wake.set())
            while not stop.is_set():
                self._wake.clear()
                await self._look(session)
                await waiting.either(stop, self._wake, FALLBACK_SECONDS)
        finally:
            session.terminate()

    async def _look(self, session: "asyncpg.Connection[asyncpg.Record]") -> None:
        live = await live_schema(session)
        if live == self._live:
            return
        missing = await lacking(session, live)
        if missing:
            self._incomplete.add(live)
            _log.error(
                "the live build lacks tables of this release", build=live, lacking=missing, way_out="lianhe rebuild"
            )
        self._live = live
        self._progress.is_ready()
        self._moved.set()
