"""Codes of divisions 行政区划."""

from typing import Final

UNASSIGNED_DIVISION: Final = "000000000000"
"""Division code of a row whose division is not known: 未分配. Such a row is owned by the district."""

DIVISION_WIDTH: Final = 12
"""Digits of a division code: county level 6 (GB/T 2260), township 3, grid 3, so that a range of codes is a subtree."""

_DIVISION_LEVELS: Final = (9, 6, 4, 2)
"""Digits that name a township, a county, a city, a province (GB/T 2260, GB/T 10114); a grid has all 12."""


def divisions_under(code: str) -> tuple[str, str]:
    """Return the first and the last code of a division and everything under it.

    Args:
        code: of up to 12 digits. Zeros at the end of a whole code name no level of their own: `500111000000` is the
            county 500111, with its townships and grids.
    """
    prefix = code.ljust(DIVISION_WIDTH, "0")
    for width in _DIVISION_LEVELS:
        if prefix[width:].strip("0"):
            break
        prefix = prefix[:width]
    return prefix.ljust(DIVISION_WIDTH, "0"), prefix.ljust(DIVISION_WIDTH, "9")
