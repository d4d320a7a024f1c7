"""The periods of an entity's coverage, against a plain recomputation: every day by itself, from every state."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import OrganisationCoverage
from services.ledgers.domain.coverage_periods import (
    Assigned,
    CoverageDates,
    MemberVersion,
    OrganisationVersion,
    Period,
    coverage_periods,
)
from services.ledgers.domain.dated import Days

FIRST = date(2024, 1, 1)
ENTITY, BRANCH, JOINT = UUID(int=1), UUID(int=2), UUID(int=3)
NONE, COVERED, OWN = OrganisationCoverage.NONE, OrganisationCoverage.COVERED, OrganisationCoverage.OWN


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def member(who: int, version: int, since: int, *, here: bool = True, full: bool = True) -> MemberVersion:
    return MemberVersion(UUID(int=100 + who), version, day(since), here, full)


def test_each_fact_counts_from_its_own_day_whenever_it_was_learnt() -> None:
    """A member who is recorded last, and worked there since the first day, moves nothing of the organisation's days."""
    dates = CoverageDates(
        ENTITY,
        [member(1, 1, 0), member(1, 2, 30, here=False), member(2, 1, 5, full=False)],
        [
            OrganisationVersion(BRANCH, 1, day(10), covers=True, own=True),
            OrganisationVersion(BRANCH, 2, day(40), covers=False, own=True),
        ],
        [Assigned(BRANCH, day(0), None), Assigned(ENTITY, day(50), day(60))],
    )
    assert coverage_periods(dates) == [
        Period(Days(day(0), day(4)), 1, 0, NONE, (), work_coverage=False),
        Period(Days(day(5), day(9)), 1, 1, NONE, (), work_coverage=False),
        Period(Days(day(10), day(29)), 1, 1, OWN, (BRANCH,), work_coverage=True),
        Period(Days(day(30), day(39)), 0, 1, OWN, (BRANCH,), work_coverage=True),
        Period(Days(day(40), day(49)), 0, 1, NONE, (), work_coverage=False),
        Period(Days(day(50), day(59)), 0, 1, NONE, (), work_coverage=True),
        Period(Days(day(60), None), 0, 1, NONE, (), work_coverage=False),
    ]


def test_a_day_that_is_corrected_leaves_no_trace_of_the_wrong_one() -> None:
    """They were taken down as moving away on day 20; they had left for another place on day 10 already."""
    states = [member(1, 1, 0), member(1, 2, 20, here=False), member(1, 3, 10, here=False)]
    assert coverage_periods(CoverageDates(ENTITY, states, [], [])) == [
        Period(Days(day(0), day(9)), 1, 0, NONE, (), work_coverage=False)
    ]


_numbers = st.integers(0, 8)
_flags = st.booleans()


@st.composite
def _dates(draw: st.DrawFn) -> CoverageDates:
    members = [
        member(who, version, draw(_numbers), here=draw(_flags), full=draw(_flags))
        for who in range(draw(st.integers(0, 3)))
        for version in range(1, draw(st.integers(1, 3)) + 1)
    ]
    organisations = [
        OrganisationVersion(which, version, day(draw(_numbers)), covers=draw(_flags), own=which == BRANCH)
        for which in (BRANCH, JOINT)
        for version in range(1, draw(st.integers(0, 3)) + 1)
    ]
    assignments = [
        Assigned(draw(st.sampled_from([ENTITY, BRANCH, JOINT])), day(since), draw(st.none() | _numbers.map(day)))
        for since in draw(st.lists(_numbers, max_size=3))
    ]
    return CoverageDates(ENTITY, draw(st.permutations(members)), draw(st.permutations(organisations)), assignments)


def _on(dates: CoverageDates, on: date) -> tuple[object, ...]:
    """What holds on one day: the newest state of each member and organisation that begins by then."""
    here = [one for one in _newest(dates.members, "member_id", on) if isinstance(one, MemberVersion) and one.here]
    by = {
        one.organisation_id: one.own
        for one in _newest(dates.organisations, "organisation_id", on)
        if isinstance(one, OrganisationVersion) and one.covers
    }
    active = [
        one.target_id for one in dates.assignments if one.since <= on and not (one.ended_on and one.ended_on <= on)
    ]
    coverage = OWN if any(by.values()) else COVERED if by else NONE
    full = len([one for one in here if one.full])
    return (full, len(here) - full, coverage, tuple(sorted(by)), any(one in {ENTITY, *by} for one in active))


def _newest(
    states: Sequence[MemberVersion | OrganisationVersion], key: str, on: date
) -> list[MemberVersion | OrganisationVersion]:
    newest: dict[UUID, MemberVersion | OrganisationVersion] = {}
    for one in sorted(states, key=lambda one: one.version):
        if one.effective_on <= on:
            newest[getattr(one, key)] = one
    return list(newest.values())


@given(dates=_dates())
def test_any_facts_make_periods_that_say_of_each_day_what_held_on_it(dates: CoverageDates) -> None:
    periods = coverage_periods(dates)
    nothing = (0, 0, NONE, (), False)
    for number in range(-1, 12):
        on = day(number)
        of_day = [one.content for one in periods if on in one.days]
        expected = _on(dates, on)
        assert of_day == ([] if expected == nothing else [expected])
    for one, after in pairwise(periods):
        assert one.days.until is not None
        assert one.days.until < after.days.since
        assert one.content != after.content or one.days.until + timedelta(days=1) < after.days.since
