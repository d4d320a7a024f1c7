"""From what the ledgers recorded to the events that tell it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from contracts.events.base import EventData
from contracts.events.ledgers.entities import EntityRecorded
from contracts.events.registration import RegisteredEntity
from kit.clock import Clock
from kit.consumer import Heard
from kit.database import Connection
from kit.ids import derived_id, new_id
from kit.outbox import Told

E = TypeVar("E", bound=EventData)


def entity_recorded(fact: RegisteredEntity, version: int, *, now: datetime) -> EntityRecorded:
    """Return the ledger's record of an entity, as it follows from what registration told."""
    return EntityRecorded(
        entity_id=fact.entity_id,
        version=version,
        registration_version=fact.version,
        uscc=fact.uscc,
        name=fact.name,
        kind=fact.kind,
        state=fact.state,
        division_code=fact.division_code,
        bureau=fact.bureau,
        registered_on=fact.registered_on,
        effective_on=fact.effective_on,
        recorded_at=now,
    )


def following(cause: Heard[E], event: EventData, *, now: datetime) -> Told:
    """Return an event as it follows from one that was heard: told once, however often that comes."""
    envelope = cause.envelope
    return Told(
        event_id=derived_id(envelope.id, event.event_type, event.key),
        event=event,
        time=now,
        correlation_id=envelope.correlation_id or envelope.id,
        causation_id=envelope.id,
        traceparent=cause.traceparent,
    )


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
        return following(self.heard, event, now=self.clock.now())


def told_again(state: EventData, *, now: datetime) -> Told:
    """Return an event that tells a state as it is, at a later moment than its first time."""
    event_id = new_id()
    return Told(event_id=event_id, event=state, time=now, correlation_id=event_id)
