"""On which days each of several states held, where each is the whole of what was stated from its day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Days from a first one on.

    Attributes:
        since: the first day.
        until: the last one; None where there is no end.
    """

    since: date
    until: date | None

    def __contains__(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.since <= day and (self.until is None or day <= self.until)


def days_of(starts: Sequence[date]) -> list[Days | None]:
    """Return the days on which each state held; None for one that held on no day.

    A state holds from its day until a newer one begins. One that is newer and begins on its day or before it corrects
    it wholly.

    Args:
        starts: the day from which each state holds, the newest state first.
    """
    found: list[Days | None] = []
    ends: date | None = None
    for start in starts:
        if ends is None:
            found.append(Days(start, None))
        else:
            found.append(Days(start, ends - _ONE_DAY) if start < ends else None)
        ends = start if ends is None else min(ends, start)
    return found
