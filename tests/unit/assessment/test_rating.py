"""Who is rated, how the parts make the whole, and when that is news."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from contracts.vocabulary import Bureau, OrganisationState, RatingBand, RatingState
from services.assessment.domain.first_scheme import FIRST
from services.assessment.domain.rating import Rating, decide
from services.assessment.domain.scheme import Edition
from services.assessment.domain.scoring import Facts, Organisation, Seen
from tests.unit.assessment.facts import ORGANISATION, OWN, any_facts, facts, members

RATED = facts(OWN, membership=members(managed=3, both=2, full_managed=3))
SECOND = Edition(FIRST.scheme_id, 2, FIRST.scheme)
EXTERNAL = replace(ORGANISATION, external=True)
DISSOLVED = replace(ORGANISATION, state=OrganisationState.DISSOLVED)


def given_by(found: Facts, edition: Edition = FIRST) -> Rating:
    rating = decide(None, found, edition)
    assert rating is not None
    return rating


def of(organisation: Organisation, found: Facts = RATED) -> Facts:
    return replace(found, organisation=organisation)


def test_the_parts_make_the_whole() -> None:
    rating = given_by(RATED)
    assert [str(one.points) for one in rating.evidence] == ["40.00", "26.67", "20.00"]
    assert (str(rating.points), rating.band, rating.state) == ("86.67", RatingBand.A, RatingState.CURRENT)
    assert (rating.scheme_version, rating.division_code, rating.bureau) == (1, "500111101000", Bureau.MARKET_REGULATION)


@given(any_facts)
def test_points_are_their_evidences_sum_and_within_the_scheme_s(found: Facts) -> None:
    rating = given_by(found)
    assert rating.points == sum(one.points for one in rating.evidence)
    assert 0 <= rating.points <= 100
    assert rating.band == FIRST.scheme.band_of(rating.points)
    assert [one.part for one in rating.evidence] == [one.part for one in FIRST.scheme.parts]


@given(any_facts)
def test_the_same_facts_are_no_news(found: Facts) -> None:
    assert decide(given_by(found), found, FIRST) is None


def test_other_versions_of_facts_that_say_the_same_are_no_news() -> None:
    seen = replace(ORGANISATION, seen=Seen("ledgers-organisation", "o", 9))
    assert decide(given_by(RATED), of(seen), FIRST) is None


def test_another_edition_another_place_and_another_figure_are_news() -> None:
    known = given_by(RATED)
    by_second = decide(known, RATED, SECOND)
    assert by_second == replace(known, scheme_version=2)
    moved = decide(known, of(replace(ORGANISATION, division_code="500111102000")), FIRST)
    assert moved == replace(known, division_code="500111102000")
    other_line = decide(known, of(replace(ORGANISATION, bureau=Bureau.CIVIL_AFFAIRS)), FIRST)
    assert other_line == replace(known, bureau=Bureau.CIVIL_AFFAIRS)
    # as many points, for another reason
    more = decide(known, facts(OWN, membership=members(managed=3, both=2, full_managed=4)), FIRST)
    assert more is not None
    assert (more.points, more.evidence[2].reason) == (known.points, "4 full members: 0 by relation, 4 by management.")


def test_an_external_organisation_is_not_rated() -> None:
    assert decide(None, of(EXTERNAL), FIRST) is None
    assert decide(None, of(replace(EXTERNAL, state=OrganisationState.DISSOLVED)), FIRST) is None


def test_a_dissolved_organisation_has_a_withdrawn_rating_whatever_came_before() -> None:
    withdrawn = Rating(1, Decimal("0.00"), RatingBand.D, (), RatingState.WITHDRAWN, "500111101000", ORGANISATION.bureau)
    assert decide(None, of(DISSOLVED), FIRST) == withdrawn
    assert decide(given_by(RATED), of(DISSOLVED), FIRST) == withdrawn
    assert decide(given_by(RATED), of(EXTERNAL), FIRST) == withdrawn
    assert decide(withdrawn, of(DISSOLVED, facts()), FIRST) is None
    assert decide(withdrawn, of(DISSOLVED), SECOND) is None
    moved = replace(DISSOLVED, division_code="500111102000")
    assert decide(withdrawn, of(moved), SECOND) == replace(withdrawn, division_code="500111102000")


def test_one_that_is_active_again_is_rated_again() -> None:
    withdrawn = given_by(of(DISSOLVED))
    assert decide(withdrawn, RATED, SECOND) == given_by(RATED, SECOND)
