"""Housekeeping runs at the next 03:30 in Shanghai, never at one that passed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.clock import SHANGHAI
from kit.housekeeping import next_run


def _shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-07-01T03:29:59.999999", "2026-07-01T03:30"),
        ("2026-07-01T03:30", "2026-07-02T03:30"),
        ("2026-07-01T03:30:00.000001", "2026-07-02T03:30"),
        ("2026-07-01T23:59:59.999999", "2026-07-02T03:30"),
        ("2026-07-02T00:00", "2026-07-02T03:30"),
        ("2026-12-31T23:59", "2027-01-01T03:30"),
        ("2028-02-28T12:00", "2028-02-29T03:30"),
    ],
)
def test_the_next_run_is_the_next_half_past_three(now: str, due: str) -> None:
    assert next_run(_shanghai(now)) == _shanghai(due)


@given(moment=st.floats(0, 4e9), zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu"]))
def test_the_next_run_is_within_a_day_from_any_zone(moment: float, zone: str) -> None:
    now = datetime.fromtimestamp(moment, ZoneInfo(zone))
    due = next_run(now)
    local = due.astimezone(SHANGHAI)
    assert (local.hour, local.minute, local.second) == (3, 30, 0)
    assert 0 < due.timestamp() - now.timestamp() <= timedelta(days=1).total_seconds()
