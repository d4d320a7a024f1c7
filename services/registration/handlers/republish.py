"""Tells every state of registration again, as it has it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.base import EventData
from contracts.events.processes import ProcessMoved
from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from contracts.events.registration.markets import RecordedMarket, RecordedStall
from kit import process_store
from kit.clock import Clock
from kit.database import Connection
from kit.outbox import Told
from kit.republishing import Source
from services.registration.publish import entity_told, market_event, stall_event, told_again
from services.registration.repository import markets
from services.registration.repository.entities import Stored, count, lock_behind

E = TypeVar("E", bound=EventData)

PROCESSES: Final[tuple[type[ProcessMoved], ...]] = (FormMoved, CommitmentMoved, ApplicationMoved)
"""The kinds of processes of registration."""


def sources(clock: Clock) -> list[Source]:
    """Return everything, what others refer to first."""
    return [
        entities(clock),
        _source(clock, _count_markets, _markets_behind),
        _source(clock, _count_stalls, _stalls_behind),
        *(_processes(clock, model) for model in PROCESSES),
    ]


def entities(clock: Clock) -> Source:
    """Return the entities, in order of id."""

    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        known = await lock_behind(connection, last, limit)
        events = [
            entity_told(
                one.registration(),
                Stored(one.id, one.version, one.state, one.kind, one.effective_on),
                now=one.recorded_at,
                told_at=clock.now(),
                traceparent=None,
            )
            for one in known
        ]
        return events, known[-1].id if known else last

    return Source(count, page)


async def _count_markets(connection: Connection) -> int:
    return await markets.count(connection, RecordedMarket)


async def _count_stalls(connection: Connection) -> int:
    return await markets.count(connection, RecordedStall)


async def _markets_behind(connection: Connection, last: UUID, limit: int) -> list[RecordedMarket]:
    return [market_event(one) for one in await markets.lock_behind(connection, RecordedMarket, last, limit)]


async def _stalls_behind(connection: Connection, last: UUID, limit: int) -> list[RecordedStall]:
    return [stall_event(one) for one in await markets.lock_behind(connection, RecordedStall, last, limit)]


def _processes(clock: Clock, model: type[ProcessMoved]) -> Source:
    async def behind(connection: Connection, last: UUID, limit: int) -> list[ProcessMoved]:
        return await process_store.lock_behind(connection, model, last, limit)

    async def counted(connection: Connection) -> int:
        return await process_store.count(connection, model.topic)

    return _source(clock, counted, behind)


def _source(
    clock: Clock,
    counted: Callable[[Connection], Awaitable[int]],
    behind: Callable[[Connection, UUID, int], Awaitable[Sequence[E]]],
) -> Source:
    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        states = await behind(connection, last, limit)
        return [told_again(one, now=clock.now()) for one in states], UUID(states[-1].key) if states else last

    return Source(counted, page)
