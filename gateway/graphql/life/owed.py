"""What an organisation owes to organisational life on a day, in SQL.

The meaning is that of `services/ledgers/domain/life.py`, by which the ledgers answer; a test holds each against the
other. Nothing of it is stored: it follows from what was held, from the rules and from the day. What an organisation
held counts whole, whoever asks: who sees the organisation sees what it owes.
"""

from typing import Any, Final

import orjson
from sqlalchemy import (
    CTE,
    Alias,
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    column,
    exists,
    extract,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import false as never
from sqlalchemy.dialects.postgresql import JSONB

from contracts.vocabulary import (
    EntityKind,
    EntityState,
    GatheringKind,
    GatheringState,
    LifeDuty,
    LifeState,
    OrganisationState,
)
from contracts.vocabulary.life import COUNTED_FOR, ELECTION_DUTIES
from gateway import tables
from gateway.graphql.compilation import Compilation
from gateway.graphql.json_sql import ONE, word_literal
from gateway.graphql.life.editions import editions, in_force, later, number
from gateway.graphql.rows import Row

_DUTIES: Final = orjson.dumps(
    [
        {"duty": duty, "place": place, "kind": counted[0], "audience": counted[1]}
        for place, duty in enumerate(LifeDuty)
        if (counted := COUNTED_FOR.get(duty))
    ]
).decode()
_ELECTIONS: Final = orjson.dumps(
    [{"duty": duty, "place": place} for place, duty in enumerate(LifeDuty) if duty in ELECTION_DUTIES]
).decode()
_MONTHS_A_YEAR: Final = 12


def owed(compilation: Compilation, organisation: Row, on: ColumnElement[Any]) -> Subquery:
    """Return what an organisation owes on a day: `duty`, `place`, `first`, `last`, `required`, `held`, `state`.

    `place` is that of the duty among its words; with `first` it makes an order.

    Args:
        compilation: The statement in the making.
        organisation: Its row.
        on: The day.
    """
    every = editions(compilation)
    rows = union_all(
        _of_calendar(compilation, every, organisation, on), _elections(compilation, every, organisation, on)
    )
    return rows.subquery(compilation.name())


def _of_calendar(compilation: Compilation, every: CTE, organisation: Row, on: ColumnElement[Any]) -> Select[Any]:
    period = _periods(compilation, every, on).alias(compilation.name())
    first, months = period.c.first, period.c.months
    last = cast(later(first, months) - ONE, Date)
    held = _held(compilation, organisation, period, last, on)
    required = period.c.times * _times(compilation, organisation, period)
    founded = organisation["founded_on"]
    early = and_(founded.is_not(None), founded > first)
    counted = (
        select(
            period.c.duty,
            period.c.place,
            first,
            last.label("last"),
            required.label("required"),
            held.label("held"),
            early.label("early"),
            period.c.under_way,
        )
        .where(*_is_owed(compilation, organisation, period))
        .correlate_except(period)
        .subquery(compilation.name())
    )
    state = case(
        (counted.c.held >= counted.c.required, word_literal(LifeState.DONE)),
        (counted.c.early, word_literal(LifeState.NOT_YET)),
        (counted.c.last < on, word_literal(LifeState.OVERDUE)),
        else_=word_literal(LifeState.DUE),
    )
    return (
        select(
            counted.c.duty,
            counted.c.place,
            counted.c.first,
            counted.c.last,
            counted.c.required,
            counted.c.held,
            state.label("state"),
        )
        .where(counted.c.required > number(0), or_(counted.c.under_way, not_(counted.c.early)))
        .correlate_except(counted)
    )


def _periods(compilation: Compilation, every: CTE, on: ColumnElement[Any]) -> CTE:
    """Return of each duty of the calendar the period under way, and the one before it, each with its edition."""
    found = []
    for under_way in (True, False):
        duty = _recordset(
            compilation, _DUTIES, ("duty", Text()), ("place", Integer()), ("kind", Text()), ("audience", Text())
        )
        edition = in_force(compilation, every, duty.c.duty, on, of_calendar=True)
        rows = duty.join(edition, true())
        if not under_way:
            before = in_force(compilation, every, duty.c.duty, cast(edition.c.first - ONE, Date), of_calendar=True)
            rows, edition = rows.join(before, true()), before
        found.append(
            select(
                duty,
                *(edition.c[name] for name in ("forms", "times", "committee_from", "months", "first")),
                (true() if under_way else never()).label("under_way"),
            ).select_from(rows)
        )
    return union_all(*found).cte(compilation.name())


def _held(
    compilation: Compilation, organisation: Row, period: CTE, last: ColumnElement[Any], on: ColumnElement[Any]
) -> ColumnElement[int]:
    gathering = compilation.relation(tables.Gathering)
    return (
        select(func.count())
        .select_from(gathering)
        .where(
            *_counts(gathering, organisation, on),
            gathering.c.kind == period.c.kind,
            or_(period.c.audience.is_(None), gathering.c.audience == period.c.audience),
            gathering.c.held_on.between(period.c.first, last),
        )
        .correlate_except(gathering)
        .scalar_subquery()
    )


def _counts(gathering: Alias, organisation: Row, on: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    return [
        gathering.c.organisation_id == organisation["organisation_id"],
        gathering.c.state == word_literal(GatheringState.RECORDED),
        gathering.c.held_on <= on,
    ]


def _times(compilation: Compilation, organisation: Row, period: CTE) -> ColumnElement[int]:
    plan = compilation.relation(tables.TrainingPlan)
    district = func.left(organisation["division_code"], number(6)) + literal_column("'000000'", Text)
    planned = (
        select(func.max(plan.c.sessions))
        .where(plan.c.division_code == district, plan.c.year == cast(extract("year", period.c.first), Integer))
        .correlate_except(plan)
        .scalar_subquery()
    )
    covering, entity = compilation.relation(tables.OrganisationEntity), compilation.relation(tables.Entity)
    covers_market = exists(
        select(ONE)
        .select_from(covering.join(entity, entity.c.entity_id == covering.c.entity_id))
        .where(
            covering.c.organisation_id == organisation["organisation_id"],
            entity.c.kind == word_literal(EntityKind.SPECIALISED_MARKET),
            entity.c.state == word_literal(EntityState.ACTIVE),
        )
        .correlate_except(covering, entity)
    )
    return case(
        (period.c.duty == word_literal(LifeDuty.GROUP_MEETING), func.coalesce(organisation["groups"], number(0))),
        (period.c.duty == word_literal(LifeDuty.MARKET_TRAINING), cast(covers_market, Integer)),
        (period.c.duty == word_literal(LifeDuty.SECRETARY_TRAINING), func.coalesce(planned, number(0))),
        else_=number(1),
    )


def _is_owed(compilation: Compilation, organisation: Row, edition: Any) -> list[ColumnElement[bool]]:
    """Hold where an organisation is one that owes, and one of those that an edition is about."""
    membership = compilation.relation(tables.Membership)
    full = (
        select(membership.c.full_related)
        .where(membership.c.organisation_id == organisation["organisation_id"])
        .correlate_except(membership)
        .scalar_subquery()
    )
    return [
        not_(organisation["external"]),
        organisation["state"] == word_literal(OrganisationState.ACTIVE),
        edition.c.forms.op("?")(organisation["form"]),
        or_(
            edition.c.committee_from.is_(None),
            func.coalesce(organisation["has_committee"], func.coalesce(full, number(0)) >= edition.c.committee_from),
        ),
    ]


def _elections(compilation: Compilation, every: CTE, organisation: Row, on: ColumnElement[Any]) -> Select[Any]:
    duty = _recordset(compilation, _ELECTIONS, ("duty", Text()), ("place", Integer()))
    found = in_force(compilation, every, duty.c.duty, on, of_calendar=False)
    rules = (
        select(duty, *(found.c[name] for name in ("forms", "committee_from", "term_years", "shift_months")))
        .select_from(duty.join(found, true()))
        .cte(compilation.name())
    )
    rule = rules.alias(compilation.name())
    gathering = compilation.relation(tables.Gathering)
    elected = (
        select(
            gathering.c.held_on.label("first"),
            func.coalesce(gathering.c.postponed_until, gathering.c.term_until).label("last"),
        )
        .where(
            *_counts(gathering, organisation, on),
            gathering.c.kind == word_literal(GatheringKind.ELECTION),
            gathering.c.term_until.is_not(None),
        )
        .correlate_except(gathering)
    )
    founded = organisation["founded_on"]
    end_of_first = cast(later(founded, rule.c.term_years * number(_MONTHS_A_YEAR)) - ONE, Date)
    founding = select(founded.label("first"), end_of_first.label("last")).where(founded <= on).correlate_except()
    every_term = union_all(elected, founding).subquery(compilation.name())
    term = (
        select(every_term)
        .order_by(every_term.c.first.desc(), every_term.c.last.desc())
        .limit(ONE)
        .correlate_except(every_term)
        .lateral(compilation.name())
    )
    state = case(
        (on > term.c.last, word_literal(LifeState.OVERDUE)),
        (on > later(term.c.last, -rule.c.shift_months), word_literal(LifeState.DUE)),
        else_=word_literal(LifeState.NOT_YET),
    )
    return (
        select(
            rule.c.duty,
            rule.c.place,
            term.c.first,
            term.c.last,
            number(1).label("required"),
            number(0).label("held"),
            state.label("state"),
        )
        .select_from(rule.join(term, true()))
        .where(*_is_owed(compilation, organisation, rule))
        .correlate_except(rule, term)
    )


def _recordset(compilation: Compilation, json: str, *columns: tuple[str, Any]) -> Any:
    return (
        func.jsonb_to_recordset(compilation.bind(JSONB(), lambda _: json))
        .table_valued(*(column(name, type_) for name, type_ in columns))
        .render_derived(name=compilation.name(), with_types=True)
    )
