"""From what registration stored to the events that tell it."""

from datetime import datetime
from uuid import UUID

from contracts.events.base import EventData
from contracts.events.registration import Capital, EntityChanged, EntityRegistered
from contracts.events.registration.markets import (
    MarketChanged,
    MarketClosed,
    MarketRecorded,
    RecordedMarket,
    RecordedStall,
    StallOccupied,
    StallVacated,
)
from contracts.vocabulary import MarketState, StallState
from kit.ids import new_id
from kit.outbox import Told
from services.registration.domain.entity import Registration
from services.registration.repository.entities import Stored


def entity_told(
    fact: Registration,
    stored: Stored,
    *,
    now: datetime,
    traceparent: str | None,
    correlation_id: UUID | None = None,
    told_at: datetime | None = None,
) -> Told:
    """Return the event that tells a new or changed entity. Without a saga to belong to, it begins one.

    Args:
        fact: what is registered.
        stored: what the database made of it.
        now: when it was recorded.
        traceparent: the trace that it travels in.
        correlation_id: of the saga that it belongs to.
        told_at: when it is told, where that is later: it is told again.
    """
    model = EntityRegistered if stored.version == 1 else EntityChanged
    capital = fact.capital and Capital(amount=fact.capital.amount, currency=fact.capital.currency)
    event_id = new_id()
    event = model(
        entity_id=stored.id,
        version=stored.version,
        uscc=fact.uscc,
        name=fact.name,
        kind=stored.kind,
        state=stored.state,
        division_code=fact.division_code,
        bureau=fact.bureau,
        registered_on=fact.registered_on,
        legal_form=fact.legal_form,
        capital=capital,
        business_scope=fact.business_scope,
        address=fact.address,
        effective_on=stored.effective_on,
        recorded_at=now,
    )
    return Told(
        event_id=event_id,
        event=event,
        time=told_at or now,
        correlation_id=correlation_id or event_id,
        traceparent=traceparent,
    )


def market_event(market: RecordedMarket) -> RecordedMarket:
    """Return the event that tells a market as it is."""
    if market.state is MarketState.CLOSED:
        return MarketClosed.model_validate(market.model_dump())
    model = MarketRecorded if market.version == 1 else MarketChanged
    return model.model_validate(market.model_dump())


def stall_event(stall: RecordedStall) -> RecordedStall:
    """Return the event that tells a stall as it is."""
    model = StallVacated if stall.state is StallState.VACATED else StallOccupied
    return model.model_validate(stall.model_dump())


def told_again(state: EventData, *, now: datetime) -> Told:
    """Return an event that tells a state as it is, at a later moment than its first time."""
    event_id = new_id()
    return Told(event_id=event_id, event=state, time=now, correlation_id=event_id)
