"""Filters on when a process is due."""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, DateTime

from gateway.graphql.inputs import Input
from gateway.graphql.predicates import Predicate
from gateway.graphql.rows import Row
from kit.clock import SHANGHAI

DUE_BY: Final = "Due at the end of this day or before, Asia/Shanghai; without those that are never due 到期日不晚于"
"""What a filter on it says."""

_LATEST: Final = date(9000, 1, 1)
"""No term ends later, and a day after it is a day still."""


def due_by(column: str = "due_at") -> Predicate:
    """Hold where a moment is that at which a day ends, or earlier; rows without one are outside."""

    def predicate(given: Input, row: Row) -> ColumnElement[bool]:
        return row[column] <= given.bind(DateTime(timezone=True), _end)

    return predicate


def _end(day: date) -> datetime:
    return datetime.combine(min(day, _LATEST) + timedelta(days=1), time(), SHANGHAI)
