"""Organisational life 组织生活: what an organisation owes on a day, what of it is done, and what is overdue (rule 6).

Nothing of this is stored: it follows from what was held, from the rules and from the day. Days are those of
Asia/Shanghai; periods are calendar months, quarters, half-years and years. What an organisation is (its form, its
committee, its groups) counts as it is now, what it held as of the day.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.rules.life import LifeRule
from contracts.vocabulary import Audience, GatheringKind, LifeDuty, LifeState, OrganisationForm
from contracts.vocabulary.life import COUNTED_FOR, ELECTION_DUTIES, PERIOD_MONTHS

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owing:
    """What of an organisation decides what it owes.

    Attributes:
        form: its form.
        owes: whether it owes anything at all: an own one that is active.
        founded_on: the day of its founding, where known; without one it was always there, and has no first term.
        has_committee: whether it has a committee; None where it follows from its full members.
        groups: how many groups it has.
        full_members: full members related to it.
        covers_market: whether it covers a specialised market that is active.
    """

    form: OrganisationForm
    owes: bool
    founded_on: date | None
    has_committee: bool | None
    groups: int
    full_members: int
    covers_market: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A gathering that counts. `term_until` is the last day of the term that begins with an election."""

    kind: GatheringKind
    held_on: date
    audience: Audience | None = None
    term_until: date | None = None
    postponed_until: date | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty of a period, as it stands on a day. `last` is the last day of the period."""

    duty: LifeDuty
    first: date
    last: date
    required: int
    held: int
    state: LifeState


def owed(
    organisation: Owing, held: Sequence[Held], rules: Sequence[LifeRule], plans: Mapping[int, int], on: date
) -> list[Owed]:
    """Return what an organisation owes on a day, in the order of the duties, the earlier period first.

    Of each duty of the calendar there is the period under way and the one before it: that is where something can be
    overdue. Who is founded in a period owes from the next whole one on. An election is due from the shift before the
    end of the term on, and overdue after the end, or after the day to which the superior let it be late.

    Args:
        organisation: who owes.
        held: what it held, in any order.
        rules: every edition. Of those on a duty, the one holds whose first day is the latest that isn't after the
            beginning of the period; of two with the same first day, the later in the sequence.
        plans: how often secretaries are trained in a year, by year.
        on: the day.
    """
    if not organisation.owes:
        return []
    found: list[Owed] = []
    past = [one for one in held if one.held_on <= on]
    for duty in LifeDuty:
        editions = [rule for rule in rules if rule.duty is duty]
        if duty in ELECTION_DUTIES:
            found += _election(duty, organisation, past, editions, on)
        else:
            found += _of_calendar(duty, organisation, past, editions, plans, on)
    return found


def term_end(held_on: date, years: int) -> date:
    """Return the last day of a term that begins with an election."""
    return add_months(held_on, 12 * years) - _DAY


def rule_of(duty: LifeDuty, rules: Sequence[LifeRule], on: date) -> LifeRule | None:
    """Return the edition of the rule on a duty that holds on a day, or None where none does."""
    return _in_force([(rule, on) for rule in rules if rule.duty is duty])


def add_months(day: date, months: int) -> date:
    """Return the day so many months later or earlier; the last of the month where it has no such day."""
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _of_calendar(
    duty: LifeDuty,
    organisation: Owing,
    held: Sequence[Held],
    editions: Sequence[LifeRule],
    plans: Mapping[int, int],
    on: date,
) -> list[Owed]:
    kind, audience = COUNTED_FOR[duty]
    found: list[Owed] = []
    day = on
    for under_way in (True, False):
        rule = _in_force([(rule, _first(rule, day)) for rule in editions])
        if rule is None:
            break
        first = _first(rule, day)
        last = add_months(first, PERIOD_MONTHS[rule.period]) - _DAY
        required = rule.times * _times(duty, organisation, plans.get(first.year, 0))
        early = organisation.founded_on is not None and organisation.founded_on > first
        if required and _is_owed_by(rule, organisation) and (under_way or not early):
            count = sum(
                one.kind is kind and (audience is None or one.audience is audience) and first <= one.held_on <= last
                for one in held
            )
            found.insert(0, Owed(duty, first, last, required, count, _state(required, count, last, on, early=early)))
        day = first - _DAY
    return found


def _state(required: int, count: int, last: date, on: date, *, early: bool) -> LifeState:
    if count >= required:
        return LifeState.DONE
    if early:
        return LifeState.NOT_YET
    return LifeState.OVERDUE if last < on else LifeState.DUE


def _times(duty: LifeDuty, organisation: Owing, planned: int) -> int:
    match duty:
        case LifeDuty.GROUP_MEETING:
            return organisation.groups
        case LifeDuty.MARKET_TRAINING:
            return int(organisation.covers_market)
        case LifeDuty.SECRETARY_TRAINING:
            return planned
        case _:
            return 1


def _election(
    duty: LifeDuty, organisation: Owing, held: Sequence[Held], editions: Sequence[LifeRule], on: date
) -> list[Owed]:
    rule = _in_force([(rule, on) for rule in editions])
    if rule is None or rule.term_years is None or rule.shift_months is None or not _is_owed_by(rule, organisation):
        return []
    terms = [
        (one.held_on, one.term_until if one.postponed_until is None else one.postponed_until)
        for one in held
        if one.kind is GatheringKind.ELECTION and one.term_until is not None
    ]
    if organisation.founded_on is not None and organisation.founded_on <= on:
        terms.append((organisation.founded_on, term_end(organisation.founded_on, rule.term_years)))
    if not terms:
        return []
    first, last = max(terms)
    state = LifeState.NOT_YET
    if on > last:
        state = LifeState.OVERDUE
    elif on > add_months(last, -rule.shift_months):
        state = LifeState.DUE
    return [Owed(duty, first, last, 1, 0, state)]


def _in_force(editions: Sequence[tuple[LifeRule, date]]) -> LifeRule | None:
    """Return, of editions each with a day, the newest that is valid by its day; None where that one has ended."""
    begun = [(rule, day) for rule, day in editions if rule.valid_from <= day]
    if not begun:
        return None
    newest = max(rule.valid_from for rule, _ in begun)
    rule, day = [(rule, day) for rule, day in begun if rule.valid_from == newest][-1]
    return None if rule.valid_until is not None and day > rule.valid_until else rule


def _is_owed_by(rule: LifeRule, organisation: Owing) -> bool:
    if organisation.form not in rule.forms:
        return False
    if rule.committee_from is None:
        return True
    if organisation.has_committee is not None:
        return organisation.has_committee
    return organisation.full_members >= rule.committee_from


def _first(rule: LifeRule, day: date) -> date:
    months = PERIOD_MONTHS[rule.period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)
