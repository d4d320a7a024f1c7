"""Ages of members, by the month of birth: nothing finer is told."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Integer, Text, cast, extract, func, literal_column

from gateway.graphql.compilation import Field
from gateway.graphql.inputs import Input
from gateway.graphql.rows import Expression, Row
from gateway.graphql.sources import Argument, declared
from kit.clock import SystemClock, today

AS_OF: Final = Argument("as_of", date | None, "The day; today where not given 截至日期", None)
"""The argument that `as_of` reads."""

_DASH: Final[ColumnElement[str]] = literal_column("'-'", Text)


def _number(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)


_MONTHS: Final = _number(12)


def as_of(arguments: Input) -> ColumnElement[date]:
    """Return the day that a field is asked for, today in Asia/Shanghai where none is given."""
    given = arguments.get("asOf")
    if given is not None:
        return given.bind(Date(), lambda day: day)
    return arguments.making.bind(Date(), lambda _: today(SystemClock()))


def age(born_in: ColumnElement[str], day: ColumnElement[date]) -> ColumnElement[int]:
    """Return how many years old somebody is who was born in a month; null where that is not known.

    In the month of birth itself they count as a year older: on which day they are is not told.
    """
    then = _months(cast(extract("year", day), Integer), cast(extract("month", day), Integer))
    return (then - _born(born_in)) // _MONTHS


def _born(born_in: ColumnElement[str]) -> ColumnElement[int]:
    year, month = (func.split_part(born_in, _DASH, _number(place)) for place in (1, 2))
    return _months(cast(year, Integer), cast(month, Integer))


def _months(year: ColumnElement[int], month: ColumnElement[int]) -> ColumnElement[int]:
    return year * _MONTHS + month


@dataclass(frozen=True, slots=True)
class _Age:
    born_in: Expression

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        return age(self.born_in(row), as_of(field.arguments()))


def age_on(born_in: Expression, description: str) -> Any:
    """Declare an age, on the day that the field is asked for.

    Args:
        born_in: The month of birth, of the columns of its type's row.
        description: In English, with the Chinese term.
    """
    return declared(_Age(born_in), description, arguments=(AS_OF,))
