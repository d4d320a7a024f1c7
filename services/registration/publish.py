"""From what registration stored to the events that tell it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
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
from kit.clock import Clock
from kit.consumer import Heard
from kit.database import Connection
from kit.ids import derived_id, new_id
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


@dataclass(frozen=True, slots=True)
class Following:
    """What happens because something was heard; of each aggregate it tells one event at the most."""

    connection: Connection
    clock: Clock
    heard: Heard[Any]

    @property
    def correlation_id(self) -> UUID:
        """Of what was heard."""
        envelope = self.heard.envelope
        return envelope.correlation_id or envelope.id

    def told(self, event: EventData) -> Told:
        """Return an event as it follows from what was heard: told once, however often that comes."""
        envelope = self.heard.envelope
        return Told(
            event_id=derived_id(envelope.id, event.event_type, event.key),
            event=event,
            time=self.clock.now(),
            correlation_id=self.correlation_id,
            causation_id=envelope.id,
            traceparent=self.heard.traceparent,
        )
