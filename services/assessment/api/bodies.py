"""Bodies of the scheme command, of the scheme in force, and of a rating with its evidence."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.vocabulary import AssessedPart, Bureau, RatingBand, RatingState
from kit.commands import Body
from services.assessment.domain.scheme import Band, Part, Scheme, rounded
from services.assessment.domain.scoring import Evidence, Seen
from services.assessment.repository.ratings import Kept
from services.assessment.repository.schemes import Published

_NO_NUL = r"^[^\x00]*$"
"""PostgreSQL stores no NUL."""

Points = Annotated[Decimal, Field(ge=0, max_digits=6, decimal_places=2, description="Up to 9999.99.")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_NO_NUL)]
Rule = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=_NO_NUL)]


class PartBody(Body):
    """A part of a scheme."""

    part: AssessedPart
    points: Annotated[Points, Field(description="At the most.")]
    rule: Annotated[Rule, Field(description="How the points are found, in English.")]
    rule_zh: Annotated[Rule, Field(description="计分办法.")]

    @classmethod
    def of(cls, part: Part) -> Self:
        """Return the body of a part."""
        return cls(part=part.part, points=part.points, rule=part.rule, rule_zh=part.rule_zh)


class BandBody(Body):
    """A band of a scheme."""

    band: RatingBand
    at_least: Annotated[Points, Field(description="From so many points on.")]


class PublishEdition(Body):
    """Command: publish the next edition of a scheme."""

    expected_version: Annotated[int, Field(ge=1, description="The newest edition, on which this one was decided.")]
    name: Annotated[Name, Field(description="In English.")]
    name_zh: Annotated[Name, Field(description="名称.")]
    source: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=_NO_NUL),
        Field(description="What it rests on."),
    ]
    parts: Annotated[Sequence[PartBody], Field(max_length=20, description="Each kind at most once.")]
    bands: Annotated[Sequence[BandBody], Field(max_length=20, description="Highest first, the last from 0 on.")]
    valid_from: Annotated[date, Field(description="First day, Asia/Shanghai; after that of the edition before.")]

    def scheme(self) -> Scheme:
        """Return what the scheme says."""
        return Scheme(
            name=self.name,
            name_zh=self.name_zh,
            source=self.source,
            parts=tuple(Part(one.part, rounded(one.points), one.rule, one.rule_zh) for one in self.parts),
            bands=tuple(Band(one.band, rounded(one.at_least)) for one in self.bands),
            valid_from=self.valid_from,
        )


class SchemeNow(Body):
    """The edition of a scheme that is in force."""

    scheme_id: UUID
    version: Annotated[int, Field(description="Of the edition in force.")]
    newest_version: Annotated[int, Field(description="Of the newest edition, which may be valid later.")]
    name: str
    name_zh: str
    source: str
    parts: Sequence[PartBody]
    bands: Sequence[BandBody]
    valid_from: date
    valid_until: date | None
    recorded_at: datetime

    @classmethod
    def of(cls, published: Published, newest: Published) -> Self:
        """Return the body of the edition in force, where another may be the newest."""
        edition, scheme = published.edition, published.edition.scheme
        return cls(
            scheme_id=edition.scheme_id,
            version=edition.version,
            newest_version=newest.version,
            name=scheme.name,
            name_zh=scheme.name_zh,
            source=scheme.source,
            parts=[PartBody.of(one) for one in scheme.parts],
            bands=[BandBody(band=one.band, at_least=one.at_least) for one in scheme.bands],
            valid_from=scheme.valid_from,
            valid_until=edition.valid_until,
            recorded_at=published.recorded_at,
        )


class SeenBody(Body):
    """A fact that was looked at: the topic that tells it, its key, its version."""

    aggregate: str
    id: str
    version: int

    @classmethod
    def of(cls, seen: Seen) -> Self:
        """Return the body of a fact."""
        return cls(aggregate=seen.aggregate, id=seen.id, version=seen.version)


class EvidenceBody(Body):
    """Why a part has its points."""

    part: AssessedPart
    points: Decimal
    of: Decimal
    reason: str
    reason_zh: str
    seen: Sequence[SeenBody]

    @classmethod
    def about(cls, evidence: Evidence) -> Self:
        """Return the body of the evidence of a part."""
        return cls(
            part=evidence.part,
            points=evidence.points,
            of=evidence.of,
            reason=evidence.reason,
            reason_zh=evidence.reason_zh,
            seen=[SeenBody.of(one) for one in evidence.seen],
        )


class RatingNow(Body):
    """The rating of an organisation."""

    id: UUID
    version: int
    organisation_id: UUID
    scheme_id: UUID
    scheme_version: int
    points: Decimal
    band: RatingBand
    evidence: Sequence[EvidenceBody]
    state: RatingState
    division_code: str
    bureau: Bureau
    effective_on: date
    recorded_at: datetime

    @classmethod
    def of(cls, kept: Kept) -> Self:
        """Return the body of a stored rating."""
        rating = kept.rating
        return cls(
            id=kept.rating_id,
            version=kept.version,
            organisation_id=kept.organisation_id,
            scheme_id=kept.scheme_id,
            scheme_version=rating.scheme_version,
            points=rating.points,
            band=rating.band,
            evidence=[EvidenceBody.about(one) for one in rating.evidence],
            state=rating.state,
            division_code=rating.division_code,
            bureau=rating.bureau,
            effective_on=kept.effective_on,
            recorded_at=kept.recorded_at,
        )
