"""Ids that stay the same for the same cause, and a clock that tests can move."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.clock import SHANGHAI, ManualClock, SystemClock, today
from kit.ids import derived_id, new_id

CAUSE = UUID("01977f3e-0000-7000-8000-000000000001")


def test_a_derived_id_is_the_same_on_every_machine_and_in_every_release() -> None:
    assert derived_id(CAUSE, "cn.lianhe.tally.total.changed.v1", "a") == UUID("8b06c83d-e7a4-5bce-8bd4-2ace1c7744a2")


@given(st.lists(st.tuples(st.uuids(), st.text(max_size=9), st.text(max_size=9)), min_size=2, max_size=9, unique=True))
def test_derived_ids_differ_where_cause_type_or_aggregate_do(causes: list[tuple[UUID, str, str]]) -> None:
    plain = [one for one in causes if "/" not in one[1]]
    assert len({derived_id(*one) for one in plain}) == len(plain)


def test_new_ids_are_uuid7_and_rise() -> None:
    ids = [new_id() for _ in range(1000)]
    assert {one.version for one in ids} == {7}
    assert ids == sorted(set(ids))


def test_the_system_clock_tells_aware_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_manual_clock_stands_until_it_is_moved_and_only_forward() -> None:
    clock = ManualClock(datetime(2026, 7, 1, 8, tzinfo=SHANGHAI))
    assert clock.now() == clock.now() == datetime(2026, 7, 1, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.advance(timedelta(days=7))
    assert clock.now() == datetime(2026, 7, 8, tzinfo=UTC)
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="aware"):
        ManualClock(datetime(2026, 7, 1))  # noqa: DTZ001 - that it is naive is the point


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 16, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=timezone(timedelta(hours=-5))), date(2026, 7, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(moment: datetime, day: date) -> None:
    assert today(ManualClock(moment)) == day
