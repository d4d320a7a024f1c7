"""Stalls: which entity trades where in a market. Locks: the entity, its market, stalls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.registration.markets import RecordedStall
from contracts.vocabulary import REGISTRARS, EntityState, MarketState, StallState
from kit.causes import Cause
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from services.registration.domain.misfit import Misfit
from services.registration.handlers.refusals import refuse_future, refuse_misfits
from services.registration.publish import stall_event
from services.registration.repository.entities import lock
from services.registration.repository.markets import (
    lock_market,
    lock_stall,
    lock_stalls_of_entity,
    occupant,
    store_stalls,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stall that is to be occupied.

    Attributes:
        market_id: the market.
        entity_id: the stallholder 经营户.
        number: 摊位号.
        since: first day; today where None.
    """

    market_id: UUID
    entity_id: UUID
    number: str
    since: date | None = None


async def occupy(commanded: Commanded, wanted: Wanted) -> RecordedStall:
    """Let an entity occupy a stall; it may have several.

    Raises:
        Problem: `invalid` where the entity is not active or the market not open, `forbidden`, or `conflict` where the
            stall is occupied.
    """
    connection, day = commanded.connection, today(commanded.clock)
    refuse_future(wanted.since, day, "/since")
    entity = await lock(connection, wanted.entity_id)
    if entity is None or entity.state is not EntityState.ACTIVE:
        refuse_misfits([Misfit("/entityId", "is no active entity", "不是存续的市场主体")])
    market = await lock_market(connection, wanted.market_id)
    if market is None or market.state is not MarketState.OPEN:
        refuse_misfits([Misfit("/marketId", "is no open market", "不是开业的专业市场")])
        raise LookupError(wanted.market_id)
    allow(commanded.caller, REGISTRARS, market.division_code)
    if (taken := await occupant(connection, market.market_id, wanted.number)) is not None:
        raise Problem(
            CONFLICT,
            f"This stall of the market is occupied ({taken}). Vacate it first, or give another number.",
            f"该市场的此摊位已有经营户（{taken}），请先办理退场或更换摊位号。",
            {"stallId": str(taken)},
        )
    stall = RecordedStall(
        stall_id=new_id(),
        version=1,
        market_id=market.market_id,
        entity_id=wanted.entity_id,
        number=wanted.number,
        since=wanted.since or day,
        state=StallState.OCCUPIED,
        division_code=market.division_code,
        bureau=market.bureau,
        effective_on=wanted.since or day,
        recorded_at=commanded.clock.now(),
    )
    await _store(commanded, [stall])
    return stall


async def vacate(commanded: Commanded, stall_id: UUID, expected_version: int, until: date | None) -> RecordedStall:
    """Note that an entity left a stall.

    Raises:
        Problem: `not-found`, `version-conflict`, `forbidden`, `invalid`, or `conflict` where it left already.
    """
    known, day = await lock_stall(commanded.connection, stall_id), today(commanded.clock)
    expect(known, expected_version, "stall", "摊位")
    if known is None:
        raise LookupError(stall_id)
    allow(commanded.caller, REGISTRARS, known.division_code)
    if known.state is StallState.VACATED:
        raise Problem(CONFLICT, "The stall is vacated already.", "该摊位已退场。")
    refuse_future(until, day, "/until")
    if until is not None and until < known.since:
        refuse_misfits([Misfit("/until", f"is before its first day, {known.since}", f"早于入场日期{known.since}")])
    [stall] = await end_stalls(commanded, [known], until or day)
    return stall


async def vacate_of(cause: Cause, entity_id: UUID, day: date) -> None:
    """Vacate all stalls of an entity, whose row is locked."""
    await end_stalls(cause, await lock_stalls_of_entity(cause.connection, entity_id), day)


async def end_stalls(cause: Cause, known: Sequence[RecordedStall], day: date) -> list[RecordedStall]:
    """Vacate stalls that are locked; not before their first day."""
    ended = [
        next_stall(cause, one, state=StallState.VACATED, until=max(day, one.since), effective_on=max(day, one.since))
        for one in known
    ]
    await _store(cause, ended)
    return ended


async def move_stalls(cause: Cause, known: Sequence[RecordedStall], **place: object) -> None:
    """Tell stalls, which are locked, in the division and line that their market has now."""
    await _store(cause, [next_stall(cause, one, **place) for one in known])


def next_stall(cause: Cause, known: RecordedStall, **changed: object) -> RecordedStall:
    """Return the next version of a stall."""
    stated = {"version": known.version + 1, "recorded_at": cause.clock.now()}
    return RecordedStall.model_validate(known.model_dump() | changed | stated)


async def _store(cause: Cause, stalls: Sequence[RecordedStall]) -> None:
    await store_stalls(cause.connection, stalls)
    await tell(cause.connection, [cause.told(stall_event(one)) for one in stalls])
