"""Why a record is set aside, and when so many are that the consumer stops."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """The reasons for which a record goes to the dead letters."""

    HEADERS_INVALID = "HEADERS_INVALID"
    BODY_MISSING = "BODY_MISSING"
    BODY_INVALID = "BODY_INVALID"
    KEY_MISMATCH = "KEY_MISMATCH"
    RULE_BROKEN = "RULE_BROKEN"
    DATA_REFUSED = "DATA_REFUSED"
    HANDLER_FAILED = "HANDLER_FAILED"


class RuleBrokenError(Exception):
    """A rule of the domain forbids to take an event in; the text names the rule and holds no value of the record."""


class HaltedError(Exception):
    """Too many records of a topic can't be taken in: more likely this release is bad than the records."""


IN_A_ROW: Final = 100
WINDOW: Final = 1000
SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class _Part:
    good: int
    bad: int


class Limits:
    """Stops a consumer at too many bad records: in a row, or by their share of the last ones.

    Args:
        in_a_row: bad records without a good one between them.
        window: how many of the last records the share is taken of; it counts only once the window is full.
        share: bad records of the window, from 0 to 1.
    """

    def __init__(self, *, in_a_row: int = IN_A_ROW, window: int = WINDOW, share: float = SHARE) -> None:
        self._in_a_row = in_a_row
        self._window = window
        self._share = share
        self._row = 0
        self._parts: deque[_Part] = deque()

    def check(self, outcomes: Sequence[bool]) -> None:
        """Check whether a batch may be committed; say `took` once it was.

        Args:
            outcomes: of each record in order, True where it is good.

        Raises:
            HaltedError: with this batch the limit is passed.
        """
        if all(outcomes):
            return
        longest, _ = self._rows(outcomes)
        if longest > self._in_a_row:
            raise HaltedError(f"{longest} bad records in a row, the limit is {self._in_a_row}")
        seen = sum(part.good + part.bad for part in self._parts) + len(outcomes)
        wrong = sum(part.bad for part in self._parts) + outcomes.count(False)
        if seen >= self._window and wrong / seen > self._share:
            raise HaltedError(f"{wrong} bad records of the last {seen}, the limit is {self._share:.0%}")

    def took(self, outcomes: Sequence[bool]) -> None:
        """Note a batch that was committed, as it was checked."""
        _, self._row = self._rows(outcomes)
        good = outcomes.count(True)
        self._parts.append(_Part(good, len(outcomes) - good))
        seen = sum(part.good + part.bad for part in self._parts)
        while seen - self._parts[0].good - self._parts[0].bad >= self._window:
            first = self._parts.popleft()
            seen -= first.good + first.bad

    def _rows(self, outcomes: Sequence[bool]) -> tuple[int, int]:
        """Return the longest row of bad records with this batch, and the one it ends with."""
        row = longest = self._row
        for good in outcomes:
            row = 0 if good else row + 1
            longest = max(longest, row)
        return longest, row
