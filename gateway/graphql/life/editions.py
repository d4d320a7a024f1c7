"""Every edition of the rules of organisational life, in SQL: the defaults, and those that were published."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Text,
    cast,
    column,
    extract,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy import case as either
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.selectable import LateralFromClause
from sqlalchemy.types import TypeEngine

from contracts.rules.life import LIFE_RULES
from contracts.vocabulary.life import PERIOD_MONTHS
from gateway import tables
from gateway.graphql.compilation import Compilation
from gateway.graphql.json_sql import ONE, word_literal

_COLUMNS: Final[Mapping[str, TypeEngine[Any]]] = {
    "duty": Text(),
    "forms": JSONB(),
    "period": Text(),
    "times": Integer(),
    "committee_from": Integer(),
    "term_years": Integer(),
    "shift_months": Integer(),
    "source": Text(),
    "source_zh": Text(),
    "valid_from": Date(),
    "valid_until": Date(),
}


def _defaults() -> str:
    return orjson.dumps([{name: getattr(rule, name) for name in _COLUMNS} for rule in LIFE_RULES]).decode()


_DEFAULTS: Final = _defaults()


def editions(compilation: Compilation) -> CTE:
    """Return every edition, with `published`, and the `months` of its period; of a term there are none."""
    defaults = (
        func.jsonb_to_recordset(compilation.bind(JSONB(), lambda _: _DEFAULTS))
        .table_valued(*(column(name, type_) for name, type_ in _COLUMNS.items()))
        .render_derived(name=compilation.name(), with_types=True)
    )
    published = compilation.relation(tables.LifeRule)
    every = (
        select(*(defaults.c[name] for name in _COLUMNS), false().label("published"))
        .union_all(select(*(published.c[name] for name in _COLUMNS), true().label("published")))
        .subquery(compilation.name())
    )
    months = either(
        *((every.c.period == word_literal(period), number(count)) for period, count in PERIOD_MONTHS.items()),
        else_=null(),
    )
    return select(every, cast(months, Integer).label("months")).cte(compilation.name())


def in_force(
    compilation: Compilation, every: CTE, duty: ColumnElement[str], day: ColumnElement[Any], *, of_calendar: bool
) -> LateralFromClause:
    """Return the edition of the rule on a duty that holds, with `first`: none or one row.

    It is the newest that is valid by the first day of its period that a day lies in, unless it has ended by then; of a
    term by the day itself. One that was published stands before a default of the same first day.

    Args:
        compilation: The statement in the making.
        every: The editions.
        duty: What is owed.
        day: The day, a date.
        of_calendar: Whether the duty has a period of the calendar.
    """
    edition = every.alias(compilation.name())
    first = _first_day(edition.c.months, day) if of_calendar else day
    newest = (
        select(edition, cast(first, Date).label("first"))
        .where(edition.c.duty == duty, edition.c.valid_from <= first)
        .order_by(edition.c.valid_from.desc(), edition.c.published.desc())
        .limit(ONE)
        .correlate_except(edition)
        .lateral(compilation.name())
    )
    return (
        select(newest)
        .where(or_(newest.c.valid_until.is_(None), newest.c.first <= newest.c.valid_until))
        .correlate_except(newest)
        .lateral(compilation.name())
    )


def later(day: ColumnElement[Any], months: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the day so many months later; the last of the month where it has no such day."""
    interval = func.make_interval(number(0), months)
    return cast(day + interval, Date)


def _first_day(months: ColumnElement[Any], day: ColumnElement[Any]) -> ColumnElement[Any]:
    month = cast(extract("month", day), Integer)
    begun = (month - number(1)) - func.mod(month - number(1), months, type_=Integer)
    return func.make_date(cast(extract("year", day), Integer), begun + number(1), number(1), type_=Date)


def number(value: int) -> ColumnElement[int]:
    """Return a number of ours as a literal."""
    return literal_column(str(value), Integer)
