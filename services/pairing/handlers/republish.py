"""Tells every aggregate of pairing again, as it has it."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from contracts.events.base import EventData
from kit.clock import Clock
from kit.database import Connection
from kit.outbox import Told
from kit.records import Records
from kit.republishing import Source
from services.pairing.publish import alliance_event, assignment_event, suggestion_event, told_again
from services.pairing.repository.alliances import count_alliances, lock_alliances_behind
from services.pairing.repository.assignments import count_assignments, lock_assignments_behind
from services.pairing.repository.outreach import NAMINGS, QUESTIONNAIRES, VISITS
from services.pairing.repository.suggestions import count_suggestions, lock_suggestions_behind

E = TypeVar("E", bound=EventData)


def sources(clock: Clock) -> list[Source]:
    """Return every kind of aggregate."""
    return [
        assignments(clock),
        suggestions(clock),
        alliances(clock),
        kept(clock, VISITS),
        kept(clock, NAMINGS),
        kept(clock, QUESTIONNAIRES),
    ]


def assignments(clock: Clock) -> Source:
    """Return the assignments, in order of id."""

    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        known = await lock_assignments_behind(connection, last, limit)
        events = [told_again(assignment_event(one), now=clock.now()) for one in known]
        return events, known[-1].assignment_id if known else last

    return Source(count_assignments, page)


def suggestions(clock: Clock) -> Source:
    """Return the suggestions that were ever told, in order of entity id, as those who decide them lock them."""

    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        known = await lock_suggestions_behind(connection, last, limit)
        events = [told_again(suggestion_event(one), now=clock.now()) for one in known]
        return events, known[-1].entity_id if known else last

    return Source(count_suggestions, page)


def alliances(clock: Clock) -> Source:
    """Return the alliances, in order of id."""

    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        known = await lock_alliances_behind(connection, last, limit)
        events = [told_again(alliance_event(one), now=clock.now()) for one in known]
        return events, known[-1].alliance_id if known else last

    return Source(count_alliances, page)


def kept(clock: Clock, records: Records[E]) -> Source:
    """Return the aggregates of a kind that are kept as they are told, in order of id."""

    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        known = await records.lock_behind(connection, last, limit)
        return [told_again(one, now=clock.now()) for one in known], UUID(known[-1].key) if known else last

    return Source(records.count, page)
