"""Facts that assessment tells: schemes published, ratings given and why."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, Points, RecordedAt, Version
from contracts.vocabulary import AssessedPart, Bureau, RatingBand, RatingState


class SchemePart(EventData):
    """A part of a scheme: what is looked at, and for how many points."""

    part: Annotated[AssessedPart, Field(description="What is looked at.")]
    points: Annotated[Points, Field(description="At the most.")]
    rule: Annotated[str, Field(max_length=1000, description="How the points are found, in English.")]
    rule_zh: Annotated[str, Field(max_length=1000, description="计分办法.")]


class SchemeBand(EventData):
    """A band: it is reached from so many points on."""

    band: Annotated[RatingBand, Field(description="The band.")]
    at_least: Annotated[Points, Field(description="From so many points on.")]


class SchemePublished(EventData):
    """Whole state of a scheme of the fortress index 堡垒指数."""

    event_type: ClassVar[str] = "cn.lianhe.assessment.scheme.published.v1"
    topic: ClassVar[str] = "assessment-scheme"
    meaning: ClassVar[str] = "A scheme of the fortress index was published."
    meaning_zh: ClassVar[str] = "堡垒指数评分办法发布"

    scheme_id: Annotated[UUID, Field(description="Id of the scheme.")]
    version: Annotated[Version, Field(description="Counts its editions from 1.")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200), Field(description="In English.")]
    name_zh: Annotated[str, StringConstraints(min_length=1, max_length=200), Field(description="名称.")]
    source: Annotated[str, Field(max_length=500, description="What it rests on.")]
    parts: Annotated[tuple[SchemePart, ...], Field(min_length=1, description="Together all the points there are.")]
    bands: Annotated[tuple[SchemeBand, ...], Field(min_length=1, description="Highest first; the last from 0 on.")]
    valid_from: Annotated[date, Field(description="First day, Asia/Shanghai.")]
    valid_until: Annotated[date | None, Field(description="Last day, included; without one until the next.")] = None
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which it was published, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the scheme's id."""
        return str(self.scheme_id)


class Seen(EventData):
    """A fact that was looked at, in the version in which it was."""

    aggregate: Annotated[str, Field(description="Topic that tells it.")]
    id: Annotated[str, Field(description="Its key.")]
    version: Annotated[Version, Field(description="Its version.")]


class Evidence(EventData):
    """Why a part of a rating has its points."""

    part: Annotated[AssessedPart, Field(description="The part.")]
    points: Annotated[Points, Field(description="Given.")]
    of: Annotated[Points, Field(description="At the most, by the scheme.")]
    reason: Annotated[str, Field(max_length=1000, description="Why, with the figures, in English.")]
    reason_zh: Annotated[str, Field(max_length=1000, description="理由与数据.")]
    seen: Annotated[tuple[Seen, ...], Field(max_length=100, description="The facts that it rests on.")]


class RecordedRating(EventData):
    """Whole state of the rating of an organisation."""

    topic: ClassVar[str] = "assessment-rating"

    rating_id: Annotated[UUID, Field(description="Id of the rating; one an organisation and scheme.")]
    version: Annotated[Version, Field(description="Counts its changes from 1; a higher one is newer.")]
    organisation_id: Annotated[UUID, Field(description="The organisation that is rated.")]
    scheme_id: Annotated[UUID, Field(description="The scheme by which it is.")]
    scheme_version: Annotated[Version, Field(description="Its edition.")]
    points: Annotated[Points, Field(description="Together.")]
    band: Annotated[RatingBand, Field(description="The band that these reach.")]
    evidence: Annotated[tuple[Evidence, ...], Field(description="Why, a part each; their points make the whole.")]
    state: Annotated[RatingState, Field(description="WITHDRAWN once the organisation is dissolved.")]
    division_code: Annotated[DivisionCode, Field(description="The organisation's 行政区划.")]
    bureau: Annotated[Bureau, Field(description="The organisation's line 条.")]
    effective_on: Annotated[date, Field(description="Day from which it holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which it was given, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the rating's id."""
        return str(self.rating_id)


class RatingGiven(RecordedRating):
    """An organisation was rated, or rated anew."""

    event_type: ClassVar[str] = "cn.lianhe.assessment.rating.given.v1"
    meaning: ClassVar[str] = "An organisation was rated, or its rating changed."
    meaning_zh: ClassVar[str] = "堡垒指数评定"


class RatingWithdrawn(RecordedRating):
    """A rating was withdrawn."""

    event_type: ClassVar[str] = "cn.lianhe.assessment.rating.withdrawn.v1"
    meaning: ClassVar[str] = "A rating was withdrawn, for the organisation is no more."
    meaning_zh: ClassVar[str] = "堡垒指数撤回"


EVENTS: Final[tuple[type[EventData], ...]] = (SchemePublished, RatingGiven, RatingWithdrawn)
