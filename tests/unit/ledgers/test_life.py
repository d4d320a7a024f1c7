"""What is owed to organisational life: periods of the calendar, whole ones after the founding, terms of elections."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.rules.life import LIFE_RULES, LifeRule
from contracts.vocabulary import Audience, GatheringKind, LifeDuty, LifePeriod, LifeState, OrganisationForm
from services.ledgers.domain.life import Held, Owed, Owing, owed

BRANCH = Owing(OrganisationForm.BRANCH, True, None, None, 0, 4, False)
DONE, DUE, OVERDUE, NOT_YET = LifeState.DONE, LifeState.DUE, LifeState.OVERDUE, LifeState.NOT_YET


def asked(
    duty: LifeDuty,
    on: date,
    *held: Held,
    who: Owing = BRANCH,
    rules: Sequence[LifeRule] = LIFE_RULES,
    plans: dict[int, int] | None = None,
) -> list[Owed]:
    return [one for one in owed(who, held, rules, plans or {}, on) if one.duty is duty]


def meeting(day: date) -> Held:
    return Held(GatheringKind.MEMBERS_MEETING, day)


def states(found: list[Owed]) -> list[tuple[str, str]]:
    return [(str(one.first), one.state.value) for one in found]


def test_a_quarter_is_due_to_its_last_day_and_overdue_from_the_next_on() -> None:
    [before, now] = asked(LifeDuty.MEMBERS_MEETING, date(2024, 3, 31))
    assert (before.first, before.last, before.state) == (date(2023, 10, 1), date(2023, 12, 31), OVERDUE)
    assert (now.first, now.last, now.required, now.held, now.state) == (date(2024, 1, 1), date(2024, 3, 31), 1, 0, DUE)
    assert states(asked(LifeDuty.MEMBERS_MEETING, date(2024, 4, 1)))[0] == ("2024-01-01", "OVERDUE")


def test_what_was_held_after_the_day_or_in_another_period_does_not_count() -> None:
    on = date(2024, 2, 10)
    for day, state in ((date(2024, 1, 1), DONE), (on, DONE), (date(2024, 2, 11), DUE), (date(2023, 12, 31), DUE)):
        assert asked(LifeDuty.MEMBERS_MEETING, on, meeting(day))[-1].state is state, day
    assert asked(LifeDuty.MEMBERS_MEETING, on, Held(GatheringKind.LECTURE, on))[-1].state is DUE


@pytest.mark.parametrize(
    ("founded_on", "expected"),
    [
        (date(2024, 1, 1), [("2024-01-01", "DUE")]),
        (date(2024, 1, 2), [("2024-01-01", "NOT_YET")]),
        (date(2023, 10, 1), [("2023-10-01", "OVERDUE"), ("2024-01-01", "DUE")]),
        (date(2023, 10, 2), [("2024-01-01", "DUE")]),
    ],
)
def test_who_is_founded_in_a_period_owes_from_the_next_whole_one_on(
    founded_on: date, expected: list[tuple[str, str]]
) -> None:
    who = replace(BRANCH, founded_on=founded_on)
    assert states(asked(LifeDuty.MEMBERS_MEETING, date(2024, 2, 10), who=who)) == expected


def test_a_committee_follows_from_seven_full_members_unless_it_is_said() -> None:
    on = date(2024, 2, 10)
    for full, said, owes in ((6, None, False), (7, None, True), (6, True, True), (7, False, False)):
        who = replace(BRANCH, full_members=full, has_committee=said)
        assert bool(asked(LifeDuty.COMMITTEE_MEETING, on, who=who)) is owes, (full, said)


def test_each_group_owes_a_meeting_a_month() -> None:
    on, held = date(2024, 2, 10), Held(GatheringKind.GROUP_MEETING, date(2024, 2, 1))
    assert asked(LifeDuty.GROUP_MEETING, on, held) == []
    now = asked(LifeDuty.GROUP_MEETING, on, held, who=replace(BRANCH, groups=2))[-1]
    assert (now.required, now.held, now.state) == (2, 1, DUE)


def test_trainings_count_for_those_whom_they_train() -> None:
    on, market = date(2024, 2, 10), replace(BRANCH, covers_market=True)
    training = Held(GatheringKind.TRAINING, date(2024, 1, 5), Audience.PERSONS_IN_CHARGE)
    assert asked(LifeDuty.MARKET_TRAINING, on) == []
    assert asked(LifeDuty.MARKET_TRAINING, on, training, who=market)[-1].state is DONE
    assert asked(LifeDuty.SECRETARY_TRAINING, on, training) == [], "without a plan nothing is owed"
    of_plan = asked(LifeDuty.SECRETARY_TRAINING, on, training, plans={2024: 2})
    assert [(one.required, one.held, one.state) for one in of_plan] == [(2, 0, DUE)]


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2022, 2, 28), NOT_YET),
        (date(2022, 3, 1), DUE),
        (date(2023, 2, 28), DUE),
        (date(2023, 3, 1), OVERDUE),
    ],
)
def test_an_election_is_due_from_the_shift_before_the_end_of_the_term(on: date, state: LifeState) -> None:
    elected = Held(GatheringKind.ELECTION, date(2020, 3, 1), term_until=date(2023, 2, 28))
    [found] = asked(LifeDuty.BRANCH_ELECTION, on, elected)
    assert (found.first, found.last, found.state) == (date(2020, 3, 1), date(2023, 2, 28), state)
    late = replace(elected, postponed_until=date(2023, 8, 31))
    assert asked(LifeDuty.BRANCH_ELECTION, date(2023, 3, 1), late)[0].state is DUE


def test_the_first_term_begins_with_the_founding_and_a_committee_has_five_years() -> None:
    founded = replace(BRANCH, founded_on=date(2020, 7, 1))
    assert asked(LifeDuty.BRANCH_ELECTION, date(2023, 6, 30), who=founded)[0].last == date(2023, 6, 30)
    committee = replace(founded, form=OrganisationForm.COMMITTEE)
    assert asked(LifeDuty.BRANCH_ELECTION, date(2023, 6, 30), who=committee) == []
    assert asked(LifeDuty.COMMITTEE_ELECTION, date(2023, 6, 30), who=committee)[0].last == date(2025, 6, 30)
    assert asked(LifeDuty.BRANCH_ELECTION, date(2023, 6, 30)) == [], "nobody knows when its term began"


def test_an_edition_holds_for_the_periods_that_begin_while_it_is_valid() -> None:
    monthly = replace(
        next(one for one in LIFE_RULES if one.duty is LifeDuty.LECTURE),
        period=LifePeriod.MONTH,
        valid_from=date(2024, 2, 1),
        valid_until=date(2024, 2, 29),
    )
    rules = [*LIFE_RULES, monthly]
    assert states(asked(LifeDuty.LECTURE, date(2024, 2, 10), rules=rules)) == [
        ("2024-01-01", "DUE"),
        ("2024-02-01", "DUE"),
    ], "the quarter began before it"
    assert asked(LifeDuty.LECTURE, date(2024, 3, 10), rules=rules) == [], "it ended, and nothing follows it"


def test_who_is_no_own_organisation_that_is_active_owes_nothing() -> None:
    assert owed(replace(BRANCH, owes=False), [], LIFE_RULES, {2024: 5}, date(2024, 2, 10)) == []


@given(on=st.dates(date(2019, 6, 1), date(2100, 1, 1)), held=st.lists(st.dates(date(2019, 1, 1), date(2100, 1, 1))))
def test_a_period_holds_its_day_or_ended_the_day_before_the_next(on: date, held: list[date]) -> None:
    who = replace(BRANCH, groups=1, full_members=7)
    found = owed(who, [meeting(day) for day in held], LIFE_RULES, {}, on)
    for duty in (LifeDuty.MEMBERS_MEETING, LifeDuty.COMMITTEE_MEETING, LifeDuty.GROUP_MEETING, LifeDuty.LECTURE):
        before, now = [one for one in found if one.duty is duty]
        assert before.first < before.last < now.first <= on <= now.last
        assert (now.first - before.last).days == 1
        assert before.state is not DUE
    assert found[1].held == sum(found[1].first <= day <= on for day in held)


def test_rules_that_contradict_themselves_are_refused() -> None:
    lecture = next(one for one in LIFE_RULES if one.duty is LifeDuty.LECTURE)
    with pytest.raises(ValueError, match="first day of a period"):
        replace(lecture, valid_from=date(2024, 2, 1))
    with pytest.raises(ValueError, match="TERM is the period of elections"):
        replace(lecture, period=LifePeriod.TERM)
    with pytest.raises(ValueError, match="before the first day"):
        replace(lecture, valid_until=date(2018, 1, 1))
