"""Divisions 行政区划 of the county level: from the name that a register writes to the code.

The table is `divisions.csv` beside this module, as the divisions of Chongqing stood on 2024-02-28, the day of the
study. Its lines are read elsewhere (`intake.reference`); here they become a lookup.

The rule for a name that is no division of that day: the name of a former division goes to the one that holds its area
now, with the year in which it ended; everything else is unassigned and left to the district. So 万盛 is 綦江 (2011) and
北部新区, which was administered within 渝北, is 渝北 (2016); 两江新区 is unassigned, because until November 2025 it was
a development area across three districts. The reform of that month (江北区 and 渝北区 merged into 两江新区, 渝北's five
northern towns to 北碚) can't be told from a district's name alone and is no part of this table.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from contracts.vocabulary import DIVISION_WIDTH, UNASSIGNED_DIVISION

MUNICIPALITY: Final = frozenset({"重庆", "重庆市"})
_COLUMNS: Final = ["code", "name", "short_name", "until"]


@dataclass(frozen=True, slots=True)
class DivisionName:
    """A name by which registers call a division.

    Attributes:
        code: 12 digits: county code of GB/T 2260 and six zeros.
        name: the full name, 渝北区.
        short_name: what registers write instead, 渝北; None where that would mean another division.
        until: year in which a former name ended, by the State Council's approval; None for a name in force.
    """

    code: str
    name: str
    short_name: str | None
    until: int | None


class Divisions:
    """Finds the code of a division by its name."""

    __slots__ = ("_codes", "names")

    def __init__(self, names: Iterable[DivisionName]) -> None:
        """Build the lookup.

        Raises:
            ValueError: one name stands for two codes.
        """
        self.names = tuple(names)
        self._codes: dict[str, str] = {}
        for entry in self.names:
            for name in (entry.name, entry.short_name):
                if name is not None and self._codes.setdefault(name, entry.code) != entry.code:
                    raise ValueError(f"{name} stands for {self._codes[name]} and for {entry.code}")

    def division_of(self, name: str | None, province: str | None = None) -> str:
        """Return the code of a division, or `UNASSIGNED_DIVISION`.

        Args:
            name: full or short name, with or without 重庆市 before it.
            province: 所在省份, where the source says it. Short names repeat across the country (宁波 has a 江北 too),
                so a row of another province is unassigned.
        """
        if name is None or (province is not None and province not in MUNICIPALITY):
            return UNASSIGNED_DIVISION
        return self._codes.get(name) or self._codes.get(name.removeprefix("重庆市"), UNASSIGNED_DIVISION)


def parse_divisions(lines: Iterable[str]) -> Divisions:
    """Return the lookup that the lines of a `divisions.csv` describe.

    Raises:
        ValueError: a line isn't as `DivisionName` says; the message names it.
    """
    rows = csv.reader(lines, strict=True)
    if next(rows, None) != _COLUMNS:
        raise ValueError(f"the first line of the divisions is {','.join(_COLUMNS)}")
    return Divisions(_division_name(row, rows.line_num) for row in rows)


def _division_name(row: list[str], line: int) -> DivisionName:
    try:
        code, name, short_name, until = row
        year = int(until) if until else None
    except ValueError as error:
        raise ValueError(f"divisions, line {line}: {error}") from error
    if not (code.isascii() and code.isdigit() and len(code) == DIVISION_WIDTH and name):
        raise ValueError(f"divisions, line {line}: a code of {DIVISION_WIDTH} digits and a name are needed")
    return DivisionName(code, name, short_name or None, year)
