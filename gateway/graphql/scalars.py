"""Scalars: as PostgreSQL writes them into JSON, so that a compiled answer and a resolved one are the same."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _read_date(value: object) -> date:
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError(f"{value!r} is no day: {error}.") from None
    raise GraphQLError(f"{value!r:.60} is no date: write YYYY-MM-DD.")


def _written_moment(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read_moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise GraphQLError(f"{value!r:.60} is no moment: write it with its zone, as 2024-02-28T10:00:00+08:00.")
    return moment


SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    date: strawberry.scalar(name="Date", description="A day, YYYY-MM-DD 日期", serialize=str, parse_value=_read_date),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, ISO 8601 时间（UTC）",
        serialize=_written_moment,
        parse_value=_read_moment,
    ),
    Decimal: strawberry.scalar(
        name="Decimal", description="An exact number as text, without zeros at its end 精确小数（文本）", serialize=str
    ),
}
"""The scalars that are not GraphQL's own."""
