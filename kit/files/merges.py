"""The merged cells of a sheet, of which only the first carries the value."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell, each by row and column, from 0, both included."""


@dataclass(slots=True)
class _Merged:
    bottom: int
    left: int
    right: int
    value: str


class Merges:
    """Follows the merged cells of a sheet from row to row.

    Args:
        ranges: the merged cells; what begins above the first row that is asked for gives no value to those below.
    """

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._coming: Final = sorted(ranges, reverse=True)
        self._open: list[_Merged] = []

    def is_heading(self, line: int, cells: list[str]) -> bool:
        """Tell whether a row's text stands in one cell merged over several columns; ask for the rows in order.

        Else cells that are merged downwards from a row above are filled with its value.

        Args:
            line: number of the row, from 1.
            cells: its cells from column A on.
        """
        row = line - 1
        if self._open:
            self._open = [one for one in self._open if one.bottom >= row]
        for one in self._open:
            if one.left < len(cells) and not cells[one.left].strip():
                cells[one.left] = one.value
        while self._coming and self._coming[-1][0][0] <= row:
            (_, left), (bottom, right) = self._coming.pop()
            value = cells[left] if left < len(cells) else ""
            self._open.append(_Merged(bottom, left, right, value))
        return any(one.right > one.left and _only_within(cells, one) for one in self._open)


def _only_within(cells: list[str], merged: _Merged) -> bool:
    outside = (*cells[: merged.left], *cells[merged.right + 1 :])
    return not "".join(outside).strip()
