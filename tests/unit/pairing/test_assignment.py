"""An assignment: made for its target as that is, ended on a day that can be."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from contracts.events.pairing import AssignmentEnded, AssignmentMade
from contracts.vocabulary import AssignmentRole, AssignmentState, AssignmentTarget, Bureau
from services.pairing.domain.assignment import Target, assign, end
from services.pairing.domain.misfit import day_misfits
from services.pairing.publish import assignment_event

NOW = datetime(2024, 2, 28, 2, 0, tzinfo=UTC)
TODAY = date(2024, 2, 28)
TARGET = Target(
    target=AssignmentTarget.ENTITY,
    target_id=UUID(int=3),
    active=True,
    division_code="500111101003",
    bureau=Bureau.AGRICULTURE,
    uscc="91500111MADUMMY12D",
)


def test_it_has_its_target_s_place_and_its_ending_is_its_next_version() -> None:
    made = assign(UUID(int=1), UUID(int=2), AssignmentRole.FIRST_SECRETARY, TARGET, starts_on=TODAY, now=NOW)
    assert (made.version, made.state, made.effective_on) == (1, AssignmentState.ACTIVE, TODAY)
    event = assignment_event(made)
    assert isinstance(event, AssignmentMade)
    assert (event.division_code, event.bureau, event.uscc) == (TARGET.division_code, TARGET.bureau, TARGET.uscc)

    day = TODAY + timedelta(days=3)
    ended = end(made, ended_on=day, now=NOW + timedelta(days=3))
    assert (ended.version, ended.state, ended.ended_on, ended.effective_on) == (2, AssignmentState.ENDED, day, day)
    told = assignment_event(ended)
    assert isinstance(told, AssignmentEnded)
    assert (told.starts_on, told.ended_on, told.key) == (TODAY, day, str(UUID(int=1)))


@pytest.mark.parametrize(
    ("days", "first", "reason_zh"),
    [
        (0, None, None),
        (-400, None, None),
        (1, None, "晚于今日，请届时再提交"),
        (0, 0, None),
        (-1, 0, "早于开始日期2024-02-28"),
        (1, 2, "晚于今日，请届时再提交"),
    ],
)
def test_a_day_is_neither_in_the_future_nor_before_the_first_one(
    days: int, first: int | None, reason_zh: str | None
) -> None:
    not_before = None if first is None else TODAY + timedelta(days=first)
    found = day_misfits("/endedOn", TODAY + timedelta(days=days), today=TODAY, not_before=not_before)
    assert [one.reason_zh for one in found] == ([] if reason_zh is None else [reason_zh])
    assert all(one.pointer == "/endedOn" for one in found)
