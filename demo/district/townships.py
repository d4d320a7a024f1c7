"""Divisions of a made-up district: townships 镇街 with three grids 网格 each, and which households are where."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from demo.district.study import DISTRICT, Study

NAMED: Final = {
    "棠香": ("棠香街道", 12),
    "龙水": ("龙水镇", 14),
    "铁山": ("铁山镇", 4),
    "石马": ("石马镇", 3),
    "万古": ("万古镇", 6),
}
"""The townships whose sub-associations the study names: their name, and how many shares of the households they have."""

GRIDS: Final = 3
_SHARES: Final = 3
_FIRST_CODE: Final = 901
"""Townships are 901 and up: GB/T 10114 has 001 to 399 and, for what is no division, 400 and up, so that these can't be
taken for real ones."""
_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Division:
    """A division, and the name that it is shown by."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Township:
    """A township, and its share of the households.

    Attributes:
        short: as the study calls its sub-association, or its made-up number.
        name: marked as made up.
        code: 12 digits.
        shares: of the households.
    """

    short: str
    name: str
    code: str
    shares: int

    def grid(self, number: int) -> str:
        """Return the code of one of its grids, by any number."""
        return f"{self.code[:9]}{1 + number % GRIDS:03d}"


class Townships:
    """The townships of a district; the first ones have the branches of the study.

    Args:
        study: how many, and what it names.
    """

    def __init__(self, study: Study) -> None:
        self.all: Final = tuple(_township(study, number) for number in range(study.townships))
        parts = list(accumulate((one.shares for one in self.all), initial=0))
        self._bounds: Final = [study.households * part // parts[-1] for part in parts]

    def of_household(self, number: int) -> Township:
        """Return the township of a household."""
        return self.all[bisect_right(self._bounds, number) - 1]

    def households(self, township: int) -> range:
        """Return the numbers of the households in a township."""
        return range(self._bounds[township], self._bounds[township + 1])

    def divisions(self, seed: int) -> Iterator[Division]:
        """Yield the district, named by its seed, its townships and their grids, each below one that came before."""
        yield Division(DISTRICT.ljust(_DIGITS, "0"), f"X区（演示{seed}）")
        for one in self.all:
            yield Division(one.code, one.name)
            for grid in range(GRIDS):
                yield Division(one.grid(grid), f"{one.name}第{grid + 1}网格")


def _township(study: Study, number: int) -> Township:
    place = study.branches[number].place if number < len(study.branches) else None
    short = place or f"演示{number + 1:02d}"
    name, shares = NAMED.get(short, (f"{short}镇", _SHARES))
    return Township(short, f"{name}（演示）", f"{DISTRICT}{_FIRST_CODE + number}000", shares)
