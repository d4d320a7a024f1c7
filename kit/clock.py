"""The one clock: injected, so that a test can move it and a week's standstill takes no week."""

from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""Deadlines and days are those of this zone; what is stored is UTC."""


class Clock(Protocol):
    """Tells the time. Everything that asks for the time asks a clock."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment it was last moved to, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move forward by a span of time."""
        if by < timedelta():
            raise ValueError("a clock only moves forward")
        self._now += by


def today(clock: Clock) -> date:
    """Return the day it is in Asia/Shanghai."""
    return clock.now().astimezone(SHANGHAI).date()
