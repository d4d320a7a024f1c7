"""Division codes 行政区划 as ranges: a subtree is all codes between its first and its last."""

import re
from dataclasses import dataclass
from typing import Final, Self

from contracts.vocabulary import UNASSIGNED_DIVISION, divisions_under
from gateway.graphql.errors import Code, QueryError, nameless

_CODE: Final = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}")


@dataclass(frozen=True, slots=True)
class DivisionRange:
    """All division codes from `first` to `last`, both included."""

    first: str
    last: str

    @classmethod
    def under(cls, code: str) -> Self:
        """Return the range of a division and everything under it.

        Args:
            code: Of 2, 4, 6, 9 or 12 digits. Zeros at the end of a whole code name no level of their own:
                `500111000000` is the county 500111, with its townships and grids.

        Raises:
            QueryError: it is no division code, or that of unassigned rows.
        """
        if not _CODE.fullmatch(code):
            shown = nameless(code)[:40]
            raise QueryError(
                Code.INPUT,
                f"{shown!r} is no division code: give 2, 4, 6, 9 or 12 digits.",
                f"“{shown}”不是行政区划代码，应为2、4、6、9或12位数字。",
            )
        if not code.strip("0"):
            raise QueryError(
                Code.INPUT,
                f"{UNASSIGNED_DIVISION} has nothing under it: ask for unassigned rows by unassigned: true.",
                f"{UNASSIGNED_DIVISION}表示未分配，请用 unassigned: true 查询未分配的主体。",
            )
        return cls(*divisions_under(code))


UNASSIGNED: Final = DivisionRange(UNASSIGNED_DIVISION, UNASSIGNED_DIVISION)
"""The rows whose division is not known 未分配."""
