"""Development: twenty-five steps in five stages, none of them skipped, none before its day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.processes.development import DEVELOPMENT
from contracts.processes.development_steps import STEPS
from contracts.processes.machine import months_after
from contracts.vocabulary import DevelopmentAction, DevelopmentStage, DevelopmentState
from services.ledgers.domain import development

FIRST = date(2020, 1, 31)
STATES = {
    DevelopmentState.APPLICANT: range(2, 4),
    DevelopmentState.ACTIVIST: range(4, 9),
    DevelopmentState.TARGET: range(9, 18),
    DevelopmentState.PROBATIONARY: range(18, 25),
    DevelopmentState.FULL: range(25, 26),
}
"""The steps of the regulation that lead out of a state."""


def test_the_steps_are_twenty_five_in_five_stages_and_each_belongs_to_the_action_that_needs_it() -> None:
    assert [step.number for step in STEPS] == list(range(1, 26))
    assert [len([one for one in STEPS if one.stage is stage]) for stage in DevelopmentStage] == [2, 4, 5, 7, 7]
    assert all(earlier.stage is later.stage or earlier.number < later.number for earlier, later in pairwise(STEPS))
    for state, numbers in STATES.items():
        action = development.next_action(state)
        assert [step.number for step in STEPS if step.action is action] == list(numbers)
    assert development.next_action(DevelopmentState.FILED) is None
    assert all(step.after and max(step.after) < step.number for step in STEPS[1:])


def test_what_a_stage_lacks_is_said_with_the_first_legal_day() -> None:
    done = {1: FIRST, 2: date(2020, 2, 1), 3: date(2020, 2, 29)}
    found = development.lacking(DevelopmentAction.NAME_TARGET, done, date(2021, 1, 1), 0)
    assert [step.number for step in found.missing] == [4, 5, 6, 7, 8]
    assert found.earliest == date(2021, 2, 28)
    nothing = development.lacking(DevelopmentAction.NAME_ACTIVIST, done, date(2020, 3, 1), 0)
    assert (nothing.missing, nothing.earliest) == ([], date(2020, 2, 29))


@pytest.mark.parametrize(
    ("number", "day", "said"),
    [
        (1, FIRST, "done since"),
        (4, FIRST, "another stage"),
        (3, FIRST, "comes after step 2"),
        (2, FIRST - timedelta(days=1), "before step 1"),
        (2, date(2020, 7, 1), "in the future"),
    ],
)
def test_a_step_that_can_not_be_recorded_says_why(number: int, day: date, said: str) -> None:
    [found] = development.misfits(DevelopmentState.APPLICANT, {1: FIRST}, [(number, day)], 0, date(2020, 6, 30))
    assert (found.pointer, said in found.reason, bool(found.reason_zh)) == ("/steps/0", True, True)


def test_no_one_is_decided_on_as_target_before_a_year_has_passed() -> None:
    done = dict.fromkeys(range(1, 7), FIRST)
    early = [(7, date(2021, 1, 30))]
    [found] = development.misfits(DevelopmentState.ACTIVIST, done, early, 0, date(2022, 1, 1))
    assert "2021-01-31" in found.reason
    assert development.misfits(DevelopmentState.ACTIVIST, done, [(7, date(2021, 1, 31))], 0, date(2022, 1, 1)) == []


@pytest.mark.parametrize(
    ("months", "day", "wrong"),
    [
        (None, date(2021, 2, 1), "/prolongedByMonths"),
        (5, date(2021, 2, 1), "/prolongedByMonths"),
        (13, date(2021, 2, 1), "/prolongedByMonths"),
        (6, date(2021, 1, 30), "/effectiveOn"),
        (6, date(2021, 1, 31), None),
        (12, date(2021, 1, 31), None),
    ],
)
def test_probation_is_prolonged_once_it_is_over_by_half_a_year_to_a_year(
    months: int | None, day: date, wrong: str | None
) -> None:
    found = development.prolongation_misfits(months, dict.fromkeys(range(1, 18), FIRST), day)
    assert [one.pointer for one in found] == ([] if wrong is None else [wrong])


def test_a_prolonged_probation_ends_later_and_is_asked_for_and_voted_on_anew() -> None:
    done = dict.fromkeys(range(1, 25), FIRST)
    kept = development.before_the_vote(done)
    assert list(kept) == list(range(1, 22))
    prolonged = DevelopmentState.PROLONGED
    assert development.next_from(prolonged, kept, FIRST, 6) == date(2021, 7, 31)
    assert development.next_from(DevelopmentState.PROBATIONARY, kept, FIRST, 0) == date(2021, 1, 31)


@given(st.dates(date(1921, 7, 1), date(2199, 1, 1)), st.integers(0, 600))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(st.lists(st.tuples(st.integers(1, 25), st.dates(FIRST, date(2024, 1, 1))), max_size=30))
def test_whatever_is_stated_what_is_taken_is_in_order_and_of_the_stage(stated: list[tuple[int, date]]) -> None:
    """Each state in turn takes what it may of a list of steps; an outsider's reading of the rules finds nothing."""
    done: dict[int, date] = {1: FIRST}
    state, today = DevelopmentState.APPLICANT, date(2024, 1, 1)
    for number, day in sorted(stated, key=lambda one: one[1]):
        if development.misfits(state, done, [(number, day)], 0, today):
            continue
        done[number] = day
        action = development.next_action(state)
        assert action is not None
        if not development.lacking(action, done, day, 0).missing:
            step = DEVELOPMENT.step(state, action)
            assert step is not None
            state = step.target
    for number, day in done.items():
        assert all(before in done and done[before] <= day for before in STEPS[number - 1].after)
    for state_left, numbers in STATES.items():
        if any(number in done for later, ones in STATES.items() if ones[0] > numbers[-1] for number in ones):
            assert all(number in done for number in numbers), f"{state_left} was skipped"
    assert 7 not in done or done[7] >= date(done[3].year + 1, done[3].month, min(done[3].day, 28))
