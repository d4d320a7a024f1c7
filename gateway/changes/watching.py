"""How far the log of changes goes, as one session of the process hears it, for all who wait for more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from gateway.changes.log import NUMBERED, Session, State, state
from gateway.read_model import NoReadModelError
from kit import waiting
from kit.database import AWAY
from kit.log import logger

_log = logger(__name__)

FALLBACK_SECONDS: Final = 0.5
ANSWER_SECONDS: Final = 10
LONGEST_WAIT_SECONDS: Final = 2.0
MOMENT_SECONDS: Final = 2.0
"""For so long one who asks waits for a state that isn't known: after a start, or while a session is opened anew."""


class AwayError(Exception):
    """The database is away: how far the log goes is not known."""

    def __init__(self) -> None:
        super().__init__("the log of changes can't be read: the gateway has lost its database 网关暂时无法连接数据库")


class Watch:
    """Keeps the log's state, woken by the sequencer's word; at the latest, it looks every half second.

    Args:
        database_url: The gateway's database.
    """

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._wake = asyncio.Event()
        self._moved = asyncio.Event()
        self._state: State | None = None

    @property
    def state(self) -> State:
        """How far the log goes.

        Raises:
            AwayError: it is not known.
        """
        if self._state is None:
            raise AwayError
        return self._state

    async def known(self) -> State:
        """Return how far the log goes; wait a moment for it where that is not known.

        Raises:
            AwayError: it is not known after that moment.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(MOMENT_SECONDS):
                while self._state is None:
                    await self._moved.wait()
        return self.state

    async def beyond(self, position: int) -> State:
        """Wait until the log goes beyond a position; return how far.

        Raises:
            AwayError: the database is away, or is lost while waiting.
        """
        while True:
            found = self.state
            if found.last > position:
                return found
            await self._moved.wait()

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop` is set. A session that is lost is opened anew; who waits is told of it."""
        wait = 0.1
        while not stop.is_set():
            try:
                async with self._session() as session:
                    await session.add_listener(NUMBERED, lambda *_told: self._wake.set())
                    while not stop.is_set():
                        self._wake.clear()
                        self._becomes(await state(session))
                        wait = 0.1
                        await waiting.either(stop, self._wake, FALLBACK_SECONDS)
            except (*AWAY, NoReadModelError) as error:
                _log.warning("changes are not watched", error=repr(error), seconds=wait)
                self._becomes(None)
                await waiting.up_to(wait, stop)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[Session]:
        session: Session = await asyncpg.connect(
            self._database_url,
            timeout=ANSWER_SECONDS,
            command_timeout=ANSWER_SECONDS,
            server_settings={
                "application_name": "gateway-changes",
                "timezone": "UTC",
                "default_transaction_read_only": "on",
            },
        )
        try:
            yield session
        finally:
            session.terminate()

    def _becomes(self, found: State | None) -> None:
        if found != self._state:
            self._state = found
            self._moved.set()
            self._moved = asyncio.Event()
