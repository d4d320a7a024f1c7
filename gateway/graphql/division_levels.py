"""Divisions by their levels, in SQL: what a code is at a level, and which codes are under a division."""

from typing import Final

from sqlalchemy import ColumnElement, case, func, literal_column

from contracts.vocabulary import DIVISION_WIDTH, DivisionLevel
from gateway.graphql.inputs import Input
from gateway.graphql.json_sql import word_literal
from gateway.graphql.rows import Row
from gateway.graphql.sources import Argument

_DIGITS: Final = {DivisionLevel.DISTRICT: 6, DivisionLevel.TOWNSHIP: 9}
"""Digits that name a division of a level; a grid's whole code does."""

LEVEL_ARGUMENT: Final = Argument(
    "division_level",
    DivisionLevel,
    "Level at which divisions are counted; a row whose code is shorter counts at its own 行政区划统计层级",
    DivisionLevel.GRID,
)
"""The argument that `division_at_level` looks at."""


def division_at_level(row: Row, arguments: Input) -> ColumnElement[str]:
    """Return the division of a row at the level that is asked for."""
    digits = _DIGITS.get(arguments.word("divisionLevel", DivisionLevel))
    code: ColumnElement[str] = row["division_code"]
    return code if digits is None else _filled(code, digits, "0")


def under(division: Row, row: Row) -> ColumnElement[bool]:
    """Join a row of divisions with rows whose division is it, or stands below it."""
    code: ColumnElement[str] = division["division_code"]
    last = case(
        *((division["level"] == word_literal(level), _filled(code, digits, "9")) for level, digits in _DIGITS.items()),
        else_=code,
    )
    return row["division_code"].between(code, last)


def _filled(code: ColumnElement[str], digits: int, digit: str) -> ColumnElement[str]:
    kept = func.left(code, literal_column(str(digits)))
    return func.rpad(kept, literal_column(str(DIVISION_WIDTH)), literal_column(f"'{digit}'"))
