"""Tells every state of the ledgers again, a ledger after the other."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.base import EventData
from contracts.events.ledgers.development import DevelopmentMoved
from contracts.events.ledgers.entities import EntityRecorded
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.lines import (
    AssociationRecorded,
    BureauRecorded,
    CadreRecorded,
    DivisionRecorded,
    MandateRecorded,
)
from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.events.ledgers.transfers import TransferMoved
from contracts.events.processes import ProcessMoved
from kit import process_store
from kit.clock import Clock
from kit.database import Connection
from kit.outbox import Told
from kit.republishing import FIRST, Source
from services.ledgers.publish import told_again
from services.ledgers.repository.contacts import count_contacts, lock_contacts_behind
from services.ledgers.repository.coverage import count_coverages, lock_coverages_behind
from services.ledgers.repository.entities import count_entities, lock_entities_behind
from services.ledgers.repository.life import (
    count_of,
    lock_gatherings_behind,
    lock_plans_behind,
    lock_rules_behind,
)
from services.ledgers.repository.lines import count_lines, lock_lines_behind
from services.ledgers.repository.members import count_members, lock_members_behind
from services.ledgers.repository.membership import count_memberships, lock_memberships_behind
from services.ledgers.repository.organisations import count_organisations, lock_organisations_behind
from services.ledgers.repository.records import HONOURS, POSTS, QUOTAS

E = TypeVar("E", bound=EventData)
Line = TypeVar("Line", BureauRecorded, AssociationRecorded, CadreRecorded, MandateRecorded)

_DIVISIONS_A_PAGE: Final = 500
PROCESSES: Final[tuple[type[ProcessMoved], ...]] = (ReorganisationMoved, FloatingMoved, DevelopmentMoved, TransferMoved)
"""The kinds of processes of the ledgers."""


def sources(clock: Clock) -> list[Source]:
    """Return all ledgers, what others refer to first."""

    async def entities(connection: Connection, last: UUID, limit: int) -> list[EventData]:
        records = await lock_entities_behind(connection, last, limit)
        return [EntityRecorded.model_validate(one, from_attributes=True) for one in records]

    return [
        _divisions(clock),
        _lines(clock, BureauRecorded),
        _lines(clock, AssociationRecorded),
        _lines(clock, CadreRecorded),
        _lines(clock, MandateRecorded),
        Source(count_entities, _page(clock, entities)),
        Source(count_organisations, _page(clock, lock_organisations_behind)),
        Source(count_memberships, _page(clock, lock_memberships_behind)),
        Source(count_members, _page(clock, lock_members_behind)),
        Source(count_coverages, _page(clock, lock_coverages_behind)),
        Source(_rows_of("life_rule"), _page(clock, lock_rules_behind)),
        Source(_rows_of("training_plan"), _page(clock, lock_plans_behind)),
        Source(_rows_of("gathering"), _page(clock, lock_gatherings_behind)),
        Source(count_contacts, _page(clock, lock_contacts_behind)),
        *(Source(one.count, _page(clock, one.lock_behind)) for one in (QUOTAS, POSTS, HONOURS)),
        *(_processes(clock, model) for model in PROCESSES),
    ]


def _page(
    clock: Clock, behind: Callable[[Connection, UUID, int], Awaitable[Sequence[E]]]
) -> Callable[[Connection, UUID, int], Awaitable[tuple[Sequence[Told], UUID]]]:
    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        states = await behind(connection, last, limit)
        return [told_again(one, now=clock.now()) for one in states], UUID(states[-1].key) if states else last

    return page


def _lines(clock: Clock, model: type[Line]) -> Source:
    async def behind(connection: Connection, last: UUID, limit: int) -> list[Line]:
        return await lock_lines_behind(connection, model, last, limit)

    async def count(connection: Connection) -> int:
        return await count_lines(connection, model)

    return Source(count, _page(clock, behind))


def _rows_of(table: str) -> Callable[[Connection], Awaitable[int]]:
    async def count(connection: Connection) -> int:
        return await count_of(connection, table)

    return count


def _processes(clock: Clock, model: type[ProcessMoved]) -> Source:
    async def behind(connection: Connection, last: UUID, limit: int) -> list[ProcessMoved]:
        return await process_store.lock_behind(connection, model, last, limit)

    async def count(connection: Connection) -> int:
        return await process_store.count(connection, model.topic)

    return Source(count, _page(clock, behind))


def _divisions(clock: Clock) -> Source:
    """Divisions are few and named by codes: a page is counted on by the number of the last one."""

    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        code = f"{last.int:012d}" if last != FIRST else ""
        states = await lock_lines_behind(connection, DivisionRecorded, code, min(limit, _DIVISIONS_A_PAGE))
        told = [told_again(one, now=clock.now()) for one in states]
        return told, UUID(int=int(states[-1].division_code)) if states else last

    async def count(connection: Connection) -> int:
        return await count_lines(connection, DivisionRecorded)

    return Source(count, page)
