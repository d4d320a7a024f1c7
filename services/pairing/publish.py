"""From what pairing decided to the events that tell it."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from contracts.events.base import EventData
from contracts.events.pairing import (
    AllianceDissolved,
    AllianceFormed,
    AssignmentEnded,
    AssignmentMade,
    RecordedAlliance,
    RecordedAssignment,
    RecordedSuggestion,
    SuggestionMade,
    SuggestionSettled,
)
from contracts.vocabulary import AllianceState, AssignmentState, SuggestionState
from kit.consumer import Heard
from kit.ids import derived_id, new_id
from kit.outbox import Told
from services.pairing.domain.alliance import Alliance
from services.pairing.domain.assignment import Assignment
from services.pairing.domain.suggestion import Suggestion

E = TypeVar("E", bound=EventData)


def assignment_event(assignment: Assignment) -> RecordedAssignment:
    """Return the event that tells an assignment as it is."""
    model = AssignmentMade if assignment.state is AssignmentState.ACTIVE else AssignmentEnded
    return model.model_validate(assignment, from_attributes=True)


def suggestion_event(suggestion: Suggestion) -> RecordedSuggestion:
    """Return the event that tells a suggestion as it is."""
    model = SuggestionMade if suggestion.state is SuggestionState.OPEN else SuggestionSettled
    return model.model_validate(suggestion, from_attributes=True)


def alliance_event(alliance: Alliance) -> RecordedAlliance:
    """Return the event that tells an alliance as it is."""
    model = AllianceFormed if alliance.state is AllianceState.FORMED else AllianceDissolved
    return model.model_validate(alliance, from_attributes=True)


def suggestion_id_of(entity_id: UUID) -> UUID:
    """Return the id of an entity's suggestion, the same however often it is made."""
    return derived_id(entity_id, RecordedSuggestion.topic, str(entity_id))


def told_because_of(cause: Heard[E], suggestion: Suggestion, *, now: datetime) -> Told:
    """Return the event that tells a suggestion, as it follows from what was heard."""
    event, envelope = suggestion_event(suggestion), cause.envelope
    return Told(
        event_id=derived_id(envelope.id, event.event_type, event.key),
        event=event,
        time=now,
        correlation_id=envelope.correlation_id or envelope.id,
        causation_id=envelope.id,
        traceparent=cause.traceparent,
    )


def told_again(event: EventData, *, now: datetime) -> Told:
    """Return a record told as it is, at a later moment than its first time."""
    event_id = new_id()
    return Told(event_id=event_id, event=event, time=now, correlation_id=event_id)
