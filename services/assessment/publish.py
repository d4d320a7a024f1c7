"""From what assessment decided to the events that tell it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.events.assessment import (
    Evidence,
    RatingGiven,
    RatingWithdrawn,
    RecordedRating,
    SchemeBand,
    SchemePart,
    SchemePublished,
    Seen,
)
from contracts.events.base import EventData
from contracts.vocabulary import RatingState
from kit.consumer import Heard
from kit.ids import derived_id, new_id
from kit.outbox import Told
from services.assessment.domain import scoring
from services.assessment.domain.scheme import Edition
from services.assessment.repository.ratings import Kept
from services.assessment.repository.schemes import Published


@dataclass(frozen=True, slots=True)
class Cause:
    """What a rating follows from: an event heard, or the one that told an edition of the scheme.

    Attributes:
        event_id: its id.
        correlation_id: of the saga that it belongs to.
        traceparent: the trace that goes on, where there is one.
    """

    event_id: UUID
    correlation_id: UUID
    traceparent: str | None

    @classmethod
    def heard(cls, heard: Heard[EventData]) -> Self:
        """Return the cause that an event heard is."""
        envelope = heard.envelope
        return cls(envelope.id, envelope.correlation_id or envelope.id, heard.traceparent)

    @classmethod
    def published(cls, published: Published) -> Self:
        """Return the cause that an edition is."""
        return cls(published.told_as, published.correlation_id, published.traceparent)


def scheme_event(edition: Edition, recorded_at: datetime) -> SchemePublished:
    """Return the fact that an edition was published."""
    scheme = edition.scheme
    return SchemePublished(
        scheme_id=edition.scheme_id,
        version=edition.version,
        name=scheme.name,
        name_zh=scheme.name_zh,
        source=scheme.source,
        parts=tuple(SchemePart.model_validate(one, from_attributes=True) for one in scheme.parts),
        bands=tuple(SchemeBand.model_validate(one, from_attributes=True) for one in scheme.bands),
        valid_from=scheme.valid_from,
        valid_until=edition.valid_until,
        recorded_at=recorded_at,
    )


def rating_told(kept: Kept, cause: Cause) -> Told:
    """Return the event that tells a rating, as it follows from its cause."""
    event = _rating_event(kept)
    return Told(
        event_id=derived_id(cause.event_id, event.event_type, event.key),
        event=event,
        time=kept.recorded_at,
        correlation_id=cause.correlation_id,
        causation_id=cause.event_id,
        traceparent=cause.traceparent,
    )


def rating_told_again(kept: Kept, *, now: datetime) -> Told:
    """Return an event that tells a rating as it is, at a later moment than its first time."""
    return _again(_rating_event(kept), now)


def scheme_told_again(published: Published, *, now: datetime) -> Told:
    """Return an event that tells an edition as it is, at a later moment than its first time."""
    return _again(scheme_event(published.edition, published.recorded_at), now)


def _again(event: EventData, now: datetime) -> Told:
    event_id = new_id()
    return Told(event_id=event_id, event=event, time=now, correlation_id=event_id)


def _rating_event(kept: Kept) -> RecordedRating:
    rating = kept.rating
    model = RatingWithdrawn if rating.state is RatingState.WITHDRAWN else RatingGiven
    return model(
        rating_id=kept.rating_id,
        version=kept.version,
        organisation_id=kept.organisation_id,
        scheme_id=kept.scheme_id,
        scheme_version=rating.scheme_version,
        points=rating.points,
        band=rating.band,
        evidence=tuple(_evidence(one) for one in rating.evidence),
        state=rating.state,
        division_code=rating.division_code,
        bureau=rating.bureau,
        effective_on=kept.effective_on,
        recorded_at=kept.recorded_at,
    )


def _evidence(one: scoring.Evidence) -> Evidence:
    return Evidence(
        part=one.part,
        points=one.points,
        of=one.of,
        reason=one.reason,
        reason_zh=one.reason_zh,
        seen=tuple(Seen(aggregate=fact.aggregate, id=fact.id, version=fact.version) for fact in one.seen),
    )
