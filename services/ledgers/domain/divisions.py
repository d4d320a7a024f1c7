"""Divisions 行政区划: what a code says of itself."""

from typing import Final

from contracts.vocabulary import DIVISION_WIDTH, UNASSIGNED_DIVISION, DivisionLevel

_DISTRICT: Final = 6
_TOWNSHIP: Final = 9


def level_of(code: str) -> DivisionLevel:
    """Return the level of a code of 12 digits.

    Raises:
        ValueError: it names nothing of a district's: unassigned, a province or a city.
    """
    if code == UNASSIGNED_DIVISION or code[4:_DISTRICT] == "00":
        raise ValueError(f"{code} is no district, township or grid")
    if code[_TOWNSHIP:].strip("0"):
        return DivisionLevel.GRID
    return DivisionLevel.TOWNSHIP if code[_DISTRICT:].strip("0") else DivisionLevel.DISTRICT


def parent_of(code: str) -> str | None:
    """Return the code of the division above; None for a district."""
    digits = {DivisionLevel.GRID: _TOWNSHIP, DivisionLevel.TOWNSHIP: _DISTRICT, DivisionLevel.DISTRICT: 0}
    kept = digits[level_of(code)]
    return code[:kept].ljust(DIVISION_WIDTH, "0") if kept else None
