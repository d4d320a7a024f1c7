"""From what the ledgers recorded to the events that tell it."""

from datetime import datetime

from contracts.events.ledgers.entities import EntityRecorded
from contracts.events.registration import RegisteredEntity
from kit.consumer import Heard
from kit.ids import derived_id, new_id
from kit.outbox import Told
from services.ledgers.tables import Entity


def entity_told(cause: Heard[RegisteredEntity], version: int, *, now: datetime) -> Told:
    """Return the event that tells the ledger's record of an entity, as it follows from what registration told."""
    fact, envelope = cause.event, cause.envelope
    event = EntityRecorded(
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
    return Told(
        event_id=derived_id(envelope.id, EntityRecorded.event_type, fact.key),
        event=event,
        time=now,
        correlation_id=envelope.correlation_id or envelope.id,
        causation_id=envelope.id,
        traceparent=cause.traceparent,
    )


def told_again(record: Entity, *, now: datetime) -> Told:
    """Return an event that tells a record of the ledger as it is, at a later moment than its first time."""
    event_id = new_id()
    return Told(
        event_id=event_id,
        event=EntityRecorded.model_validate(record, from_attributes=True),
        time=now,
        correlation_id=event_id,
    )
