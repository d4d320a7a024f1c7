"""Days that figures are asked for: given one by one, or as months."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

import strawberry
from sqlalchemy import CTE, Date, Text, cast, func, select
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.graphql.bindings import Bindings
from gateway.graphql.compilation import Compilation
from gateway.graphql.errors import Code, QueryError
from gateway.graphql.inputs import Input
from gateway.graphql.sources import Argument
from kit.clock import SystemClock, today

MOST_DAYS: Final = 36
"""Days that one question may be about: three years of months."""
_MONTHS: Final = 12


@strawberry.input(description="Months from one to another, each by its last day; the month under way by today 月份范围")
class MonthRange:
    """Months from one to another, each by its last day; the month under way by today."""

    first: date = strawberry.field(description="A day of the first month 起始月份中的任意一天")
    last: date | None = strawberry.field(
        description="A day of the last month; today where not given 截止月份中的任意一天，默认今日", default=None
    )


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are asked for: given one by one, or as months."""

    given: Input | None
    months: Input | None

    def __call__(self, bindings: Bindings) -> list[date]:
        """Return the days of a request.

        Raises:
            QueryError: there are none, too many, or one of them is to come.
        """
        now = today(SystemClock())
        days = self._given(bindings) if self.given is not None else self._of_months(bindings, now)
        if not 1 <= len(days) <= MOST_DAYS:
            raise QueryError(
                Code.INPUT,
                f"The question is about {len(days)} days: ask for 1 to {MOST_DAYS} at once.",
                f"查询涉及{len(days)}个日期，每次应为1至{MOST_DAYS}个。",
            )
        if days[-1] > now:
            raise QueryError(
                Code.INPUT,
                f"{days[-1]} is in the future: ask for days until today, {now}.",
                f"{days[-1]}晚于今日，请查询今日（{now}）及以前的日期。",
            )
        return days

    def _given(self, bindings: Bindings) -> list[date]:
        return sorted(set(self.given.read(bindings))) if self.given is not None else []

    def _of_months(self, bindings: Bindings, now: date) -> list[date]:
        range_ = self.months.read(bindings) if self.months is not None else {}
        first, last = range_["first"], range_.get("last") or now
        numbers = range(_number_of_month(first), _number_of_month(last) + 1)
        if len(numbers) > MOST_DAYS:  # counted before any is made: the first may be thousands of years ago
            raise QueryError(
                Code.INPUT,
                f"The question is about {len(numbers)} months: ask for 1 to {MOST_DAYS} at once.",
                f"查询涉及{len(numbers)}个月，每次应为1至{MOST_DAYS}个。",
            )
        ends = (_end_of_month(number) for number in numbers)
        return [now if (end.year, end.month) == (now.year, now.month) else end for end in ends]


def _number_of_month(day: date) -> int:
    return day.year * _MONTHS + day.month - 1


def _end_of_month(number: int) -> date:
    year, month = divmod(number, _MONTHS)
    return date(year, month + 1, monthrange(year, month + 1)[1])


DAYS_ARGUMENTS: Final = (
    Argument("on", list[date] | None, f"These days, {MOST_DAYS} at the most; or `months` 指定日期"),
    Argument("months", MonthRange | None, f"These months, {MOST_DAYS} at the most; or `on` 按月"),
)
"""The arguments that `days_of` reads."""


def days_of(arguments: Input) -> Days:
    """Return the days of a field's arguments, each once, in order.

    Raises:
        QueryError: both are given, or none is.
    """
    given, months = arguments.get("on"), arguments.get("months")
    if (given is None) == (months is None):
        raise QueryError(Code.INPUT, "Give either on or months.", "on 与 months 须且只须给出其中一个。")
    return Days(given, months)


def asked(compilation: Compilation, days: Days) -> CTE:
    """Return the days that are asked for, in order, a row each: its `number` from 1, the `day`, and `all_days`."""
    # As text, for the driver would ask the database about an array of days first.
    texts = (
        func.unnest(compilation.bind(ARRAY(Text), lambda bindings: [str(day) for day in days(bindings)]))
        .table_valued(sql_column("day", Text()), with_ordinality="number")
        .render_derived(name=compilation.name())
    )
    day = cast(texts.c.day, Date)
    every = func.array_agg(day, type_=ARRAY(Date)).over()
    return select(texts.c.number, day.label("day"), every.label("all_days")).cte(compilation.name())
