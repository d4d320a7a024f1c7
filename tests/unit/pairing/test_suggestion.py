"""A suggestion through its life: made, told only where it differs, settled, opened again, deaf to what is old."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import Bureau, OrganisationState, RatingBand, SuggestionState
from services.pairing.domain.partner import Organisation, Rating
from services.pairing.domain.suggestion import Coverage, Suggestion, hear_coverage, reconsider

NOW = datetime(2024, 2, 28, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DAY = date(2024, 2, 26)
HOME = "500111101000"
ROOM = Suggestion(
    suggestion_id=UUID(int=1),
    entity_id=UUID(int=2),
    version=0,
    coverage_version=0,
    uscc="91500111MADUMMY12D",
    partner_organisation_id=None,
    reasons=(),
    state=SuggestionState.SETTLED,
    division_code=HOME,
    bureau=Bureau.MARKET_REGULATION,
    effective_on=DAY,
    recorded_at=NOW,
)
HELPER = Organisation(
    organisation_id=UUID(int=10),
    state=OrganisationState.ACTIVE,
    external=False,
    division_code=HOME,
    bureau=Bureau.MARKET_REGULATION,
    rating=None,
    covers=frozenset(),
)
BETTER = replace(HELPER, organisation_id=UUID(int=11), rating=Rating(RatingBand.A, Decimal(90)))


def coverage(version: int, *, must_found: bool = True, division: str = HOME, days: int = 0) -> Coverage:
    return Coverage(
        version=version,
        must_found=must_found,
        uscc=ROOM.uscc,
        division_code=division,
        bureau=Bureau.MARKET_REGULATION,
        effective_on=DAY + timedelta(days=days),
    )


OPEN = hear_coverage(ROOM, coverage(3), [HELPER], NOW)


def test_the_first_duty_makes_a_suggestion() -> None:
    assert (OPEN.version, OPEN.coverage_version, OPEN.state) == (1, 3, SuggestionState.OPEN)
    assert (OPEN.partner_organisation_id, OPEN.effective_on, OPEN.recorded_at) == (HELPER.organisation_id, DAY, NOW)


def test_an_entity_that_never_had_to_is_never_told_of_but_its_version_is_kept() -> None:
    never = hear_coverage(ROOM, coverage(4, must_found=False, division="500111102000"), [HELPER], LATER)
    assert (never.version, never.coverage_version, never.division_code) == (0, 4, "500111102000")
    assert hear_coverage(never, coverage(3), [HELPER], LATER) is never


def test_settled_it_says_what_it_said_and_opened_again_it_is_chosen_anew() -> None:
    settled = hear_coverage(OPEN, coverage(4, must_found=False, days=2), [HELPER], LATER)
    assert settled == replace(
        OPEN,
        version=2,
        coverage_version=4,
        state=SuggestionState.SETTLED,
        effective_on=DAY + timedelta(days=2),
        recorded_at=LATER,
    )
    again = hear_coverage(settled, coverage(5), [HELPER, BETTER], LATER)
    assert (again.suggestion_id, again.version, again.state) == (OPEN.suggestion_id, 3, SuggestionState.OPEN)
    assert again.partner_organisation_id == BETTER.organisation_id


def test_a_coverage_that_says_the_same_counts_no_version() -> None:
    same = hear_coverage(OPEN, coverage(4, days=5), [HELPER, BETTER], LATER)
    assert same == replace(OPEN, coverage_version=4)


def test_a_settled_suggestion_follows_its_entity_to_another_division() -> None:
    settled = hear_coverage(OPEN, coverage(4, must_found=False), [HELPER], NOW)
    moved = hear_coverage(settled, coverage(5, must_found=False, division="500111102000"), [], LATER)
    assert (moved.version, moved.division_code, moved.state) == (3, "500111102000", SuggestionState.SETTLED)


def test_an_entity_that_moves_to_another_district_loses_its_partner() -> None:
    moved = hear_coverage(OPEN, coverage(4, division="500112101000"), [], LATER)
    assert (moved.version, moved.partner_organisation_id) == (2, None)


def test_a_better_one_replaces_nobody_and_is_not_told() -> None:
    assert reconsider(OPEN, [HELPER, BETTER], {BETTER.organisation_id: DAY}, LATER) == OPEN


def test_a_partner_s_new_rating_is_told_as_a_reason() -> None:
    rated = replace(HELPER, rating=Rating(RatingBand.C, Decimal(50)))
    after = reconsider(OPEN, [rated, BETTER], {HELPER.organisation_id: DAY + timedelta(days=1)}, LATER)
    assert (after.version, after.partner_organisation_id) == (2, HELPER.organisation_id)
    assert [one.reason for one in after.reasons] == ["SAME_TOWNSHIP", "RATED_LOW", "SAME_LINE"]
    assert (after.effective_on, after.recorded_at) == (DAY + timedelta(days=1), LATER)


def test_a_partner_that_is_gone_is_replaced_and_an_old_fact_makes_nothing_older() -> None:
    gone = replace(HELPER, state=OrganisationState.DISSOLVED)
    after = reconsider(OPEN, [gone, BETTER], {HELPER.organisation_id: DAY - timedelta(days=9)}, LATER)
    assert (after.version, after.partner_organisation_id, after.effective_on) == (2, BETTER.organisation_id, DAY)


@given(st.lists(st.tuples(st.integers(1, 6), st.booleans()), max_size=12))
def test_only_newer_coverages_count_and_each_change_counts_one_version(heard: list[tuple[int, bool]]) -> None:
    duties = dict(reversed(heard))  # a version says one thing, however often it comes
    one, newest, told = ROOM, 0, 0
    for version, _ in heard:
        before = one
        one = hear_coverage(one, coverage(version, must_found=duties[version]), [HELPER], NOW)
        if version <= newest:
            assert one is before
            continue
        newest = version
        told += duties[version] != (before.state is SuggestionState.OPEN)
        assert one.version == told
        assert (one.state is SuggestionState.OPEN) == duties[version]
        assert one.coverage_version == newest
