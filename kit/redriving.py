"""Redriving: dead letters that somebody asked for are taken in once more, by the process that set them aside.

Each is one transaction with its inbox row, what the handler changes and tells, and the mark `REDRIVEN`. Killed
anywhere, asked for twice, or heard again from Kafka, it has its effect once. One redriver of a service works at a time
(an advisory lock of its transaction), so letters of a partition keep their order; the others stand by.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from traceback import format_tb
from typing import Final

import asyncpg

from kit import metrics, waiting
from kit.clock import Clock
from kit.consumer import detail_of, reason_of
from kit.database import CONNECT_SECONDS, SERVER_SETTINGS, Database, Failure, Transaction, failure_of
from kit.dead_letter_desk import take_looks
from kit.dead_letters import CHANNEL, Again, Asked, DeadLetters, Outcome, TakenAgain
from kit.decoding import Fault, HigherVersion, UnknownType
from kit.faults import Reason
from kit.health import Progress
from kit.log import logger
from kit.sealing import SealBrokenError

_log = logger(__name__)

FALLBACK_SECONDS: Final = 2.0
FIRST_WAIT_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 15.0
LOCK: Final = 0x4C49414E_52454452


@dataclass(frozen=True, slots=True)
class _Ending:
    outcome: Outcome
    fault: tuple[str, str] | None = None


def session_name(service: str) -> str:
    """Return the name of a redriver's session at the server: where there is one, a process attends to dead letters."""
    return f"{service}-redriver"


class Redriver:
    """Redrives the dead letters of one service.

    Args:
        service: whose; names its session and the logs.
        database: the service's database.
        database_url: the same; for the session that waits to be woken.
        dead_letters: those of the service, with the consumers that take them in again.
        clock: tells when a look was logged.
        progress: what health sees.
    """

    def __init__(
        self,
        *,
        service: str,
        database: Database,
        database_url: str,
        dead_letters: DeadLetters,
        clock: Clock,
        progress: Progress,
    ) -> None:
        self._service = service
        self._database = database
        self._database_url = database_url
        self._dead_letters = dead_letters
        self._clock = clock
        self._progress = progress
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Redrive what is asked for until `stop` is set; the letter under way is finished first.

        A database that is away is waited for: the letter stays asked for.
        """
        wait = FIRST_WAIT_SECONDS
        while not stop.is_set():
            try:
                async with self._woken() as session:
                    while not (stop.is_set() or session.is_closed()):
                        self._wake.clear()
                        await self._work(stop)
                        wait = FIRST_WAIT_SECONDS
                        self._progress.is_ready()
                        await waiting.either(stop, self._wake, FALLBACK_SECONDS)
            except Exception as error:
                if failure_of(error) is Failure.CODE:
                    raise
                self._progress.waits(f"database 数据库: {type(error).__name__}")
                _log.warning("redriver waits", service=self._service, error=type(error).__name__, seconds=wait)
                await waiting.up_to(wait, stop)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    @asynccontextmanager
    async def _woken(self) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        session: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(
            self._database_url,
            timeout=CONNECT_SECONDS,
            server_settings={**SERVER_SETTINGS, "application_name": session_name(self._service)},
        )
        try:
            session.add_termination_listener(lambda _session: self._wake.set())
            await session.add_listener(CHANNEL, lambda *_told: self._wake.set())
            yield session
        finally:
            session.terminate()

    async def _work(self, stop: asyncio.Event) -> None:
        await self._log_looks()
        self._progress.pending = 1  # so that a handler that hangs is seen
        while not stop.is_set() and await self.redrive_next():
            self._progress.moved()
        self._progress.pending = 0

    async def redrive_next(self) -> bool:
        """Redrive the next letter that is asked for.

        Returns:
            Whether there may be more; False where nothing is asked for, or another redriver is at work.

        Raises:
            Exception: the database is away or doesn't fit; the letter stays asked for.
        """
        asked: Asked | None = None
        try:
            async with self._database.transaction() as transaction:
                if not await transaction.connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK):
                    return False
                asked = await self._dead_letters.next_asked(transaction.connection)
                if asked is None:
                    return False
                ending = await self._redrive(transaction, asked)
                noted = await self._dead_letters.tried(transaction.connection, asked.id, ending.outcome, ending.fault)
        except Exception as error:
            reason = reason_of(error)
            if asked is None or reason is None:
                raise
            self._log_failure(asked, reason, error)
            ending = _Ending(Outcome.FAILED, (reason.value, detail_of(error)))
            # What the handler did is rolled back; killed before this commit, the letter is merely tried again.
            async with self._database.transaction() as transaction:
                noted = await self._dead_letters.tried(transaction.connection, asked.id, ending.outcome, ending.fault)
        if noted:
            self._count(asked, ending)
        return True

    async def _redrive(self, transaction: Transaction, asked: Asked) -> _Ending:
        consumer = self._dead_letters.consumers.get(asked.consumer)
        if consumer is None:
            return _Ending(Outcome.CONSUMER_GONE)
        try:
            record = self._dead_letters.open(asked)
        except SealBrokenError:
            return _Ending(Outcome.SEAL_BROKEN)
        return _ending(await consumer.take_again(transaction, record))

    def _count(self, asked: Asked, ending: _Ending) -> None:
        if ending.outcome in {Outcome.APPLIED, Outcome.KNOWN}:
            metrics.REDRIVEN.labels(asked.consumer).inc()
        elif ending.fault is not None:
            metrics.FAILED_AGAIN.labels(asked.consumer, ending.fault[0]).inc()
        _log.info("redrive tried", dead_letter=str(asked.id), consumer=asked.consumer, outcome=ending.outcome)

    @staticmethod
    def _log_failure(asked: Asked, reason: Reason, error: Exception) -> None:
        _log.error(
            "failed again",
            dead_letter=str(asked.id),
            consumer=asked.consumer,
            reason=reason,
            detail=detail_of(error),
            # The frames alone: an error's own text may hold values of the record.
            frames=format_tb(error.__traceback__) if reason is Reason.HANDLER_FAILED else None,
        )

    async def _log_looks(self) -> None:
        """Log who looked at which record; killed before the commit, the same look is logged again."""
        async with self._database.transaction() as transaction:
            for look in await take_looks(transaction.connection, self._clock.now()):
                _log.warning(
                    "dead letter looked at",
                    dead_letter=str(look.letter_id),
                    looked_by=look.looked_by,
                    purpose=look.purpose,
                    looked_at=look.looked_at.isoformat(),
                )


def _ending(again: Again) -> _Ending:
    match again:
        case TakenAgain(first_time=first_time):
            return _Ending(Outcome.APPLIED if first_time else Outcome.KNOWN)
        case Fault(reason=reason, detail=detail):
            return _Ending(Outcome.FAILED, (reason.value, detail))
        case HigherVersion():
            return _Ending(Outcome.NEWER_RELEASE_NEEDED)
        case UnknownType():
            return _Ending(Outcome.TYPE_NOT_TAKEN)
