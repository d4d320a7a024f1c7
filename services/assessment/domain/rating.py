"""The rating of an organisation: who gets one, what it is by an edition of the scheme, and whether that is news."""

from dataclasses import dataclass, replace
from decimal import Decimal

from contracts.vocabulary import Bureau, OrganisationState, RatingBand, RatingState
from services.assessment.domain.scheme import Edition
from services.assessment.domain.scoring import Evidence, Facts, assess


@dataclass(frozen=True, slots=True)
class Rating:
    """What is told of a rating.

    Attributes:
        scheme_version: the edition by which it was given.
        points: together, two places.
        band: that these reach.
        evidence: why, a part each; none once it is withdrawn.
        state: withdrawn once the organisation is no more.
        division_code: the organisation's 行政区划.
        bureau: the organisation's line 条.
    """

    scheme_version: int
    points: Decimal
    band: RatingBand
    evidence: tuple[Evidence, ...]
    state: RatingState
    division_code: str
    bureau: Bureau

    def says_the_same_as(self, other: "Rating") -> bool:
        """Tell whether another says the same, whatever the versions of the facts behind it."""
        return replace(self, evidence=()) == replace(other, evidence=()) and [one.said for one in self.evidence] == [
            one.said for one in other.evidence
        ]


def decide(known: Rating | None, facts: Facts, edition: Edition) -> Rating | None:
    """Return what the rating of an organisation now is, where that is news.

    An organisation that is active and not external has a rating. One that is dissolved has a withdrawn one, and so has
    one that had a rating and turned out external. The result rests on the facts alone, not on the order in which they
    came: so a withdrawn rating keeps no points, which would be those that the last fact before the dissolution left.

    Args:
        known: the rating so far; None where none was given.
        facts: what is known of the organisation.
        edition: of the scheme, in force.
    """
    organisation = facts.organisation
    if organisation.external and known is None:
        return None
    if organisation.external or organisation.state is OrganisationState.DISSOLVED:
        decided = _withdrawn(known, facts, edition)
    else:
        decided = _given(facts, edition)
    return None if known is not None and decided.says_the_same_as(known) else decided


def _given(facts: Facts, edition: Edition) -> Rating:
    evidence = tuple(assess(part, facts) for part in edition.scheme.parts)
    points = sum((one.points for one in evidence), Decimal("0.00"))
    return Rating(
        scheme_version=edition.version,
        points=points,
        band=edition.scheme.band_of(points),
        evidence=evidence,
        state=RatingState.CURRENT,
        division_code=facts.organisation.division_code,
        bureau=facts.organisation.bureau,
    )


def _withdrawn(known: Rating | None, facts: Facts, edition: Edition) -> Rating:
    organisation = facts.organisation
    if known is not None and known.state is RatingState.WITHDRAWN:  # a later edition changes nothing about it
        return replace(known, division_code=organisation.division_code, bureau=organisation.bureau)
    points = Decimal("0.00")
    return Rating(
        scheme_version=edition.version,
        points=points,
        band=edition.scheme.band_of(points),
        evidence=(),
        state=RatingState.WITHDRAWN,
        division_code=organisation.division_code,
        bureau=organisation.bureau,
    )
