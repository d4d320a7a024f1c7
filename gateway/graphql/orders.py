"""Orders of lists: a sort key that is never null, and how to read it from a cursor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Integer, Numeric, func, literal_column
from sqlalchemy.types import Text, TypeEngine

from gateway.graphql.inputs import clean
from gateway.graphql.rows import Expression


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a list, made total by the row's id.

    Attributes:
        key: The sort key, never null; an index on it and the id makes the order cheap.
        type: Type of the key in SQL.
        read: Makes a key of its text in a cursor.
        descending: Whether the greatest comes first.
    """

    key: Expression
    type: TypeEngine[Any]
    read: Callable[[str], object]
    descending: bool


def by_text(column: str, *, descending: bool) -> Order:
    """Return the order of a text column, by code point."""
    return Order(lambda row: row[column], Text(), clean, descending)


def by_day(column: str, *, descending: bool) -> Order:
    """Return the order of a column of days that is never null."""
    return Order(lambda row: row[column], Date(), _day, descending)


def by_known_day(*columns: str, descending: bool) -> Order:
    """Return the order of a column of days in which unknown ones come last, so each direction has a key of its own.

    Of several columns the first that is known counts.
    """
    unknown: ColumnElement[date] = literal_column(f"'{'-' if descending else ''}infinity'::date", Date)
    return Order(lambda row: func.coalesce(*(row[column] for column in columns), unknown), Date(), _day, descending)


def by_amount(column: str, *, descending: bool) -> Order:
    """Return the order of a numeric column that is never null."""
    return Order(lambda row: row[column], Numeric(), _amount, descending)


def by_number(column: str, *, descending: bool) -> Order:
    """Return the order of a column of whole numbers that is never null."""
    return Order(lambda row: row[column], Integer(), _number, descending)


_MOST: Final = 2**31 - 1
"""What PostgreSQL's integer holds."""
_INFINITIES: Final = {"infinity": date.max, "-infinity": date.min}
"""The dates that the driver writes as PostgreSQL's infinities."""


def _day(text: str) -> date:
    return _INFINITIES.get(text) or date.fromisoformat(text)


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(text) from None


def _number(text: str) -> int:
    number = int(text)
    if abs(number) > _MOST:
        raise ValueError(text)
    return number
