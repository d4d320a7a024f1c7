"""Since when and until when an entity was covered, and by what: from every dated fact that its coverage follows from.

Members count from the day on which they work there, organisations from the day on which they cover it, cadres from the
first day of their assignment to it, or to an organisation while that covers it (domain rule 1: "per … date").
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from contracts.vocabulary import OrganisationCoverage
from services.ledgers.domain.dated import Days, days_of

_ONE_DAY = timedelta(days=1)


class Version(Protocol):
    """A state of something that is dated."""

    @property
    def version(self) -> int:
        """Counts its states."""
        ...

    @property
    def effective_on(self) -> date:
        """Day from which it holds."""
        ...


V = TypeVar("V", bound=Version)


@dataclass(frozen=True, slots=True)
class MemberVersion:
    """A state of a member who ever worked at the entity.

    Attributes:
        here: whether they count there by it.
        full: whether they are a full member by it.
    """

    member_id: UUID
    version: int
    effective_on: date
    here: bool
    full: bool


@dataclass(frozen=True, slots=True)
class OrganisationVersion:
    """A state of an organisation that ever covered the entity.

    Attributes:
        covers: whether it is active and covers the entity by it.
        own: whether it is founded for one entity alone 单独组建.
    """

    organisation_id: UUID
    version: int
    effective_on: date
    covers: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment of a cadre, other than of a full-time worker.

    Attributes:
        target_id: the entity, or an organisation.
        since: first day.
        ended_on: day from which it holds no more; None where it holds.
    """

    target_id: UUID
    since: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class CoverageDates:
    """All dated facts from which the coverage of one entity follows, in no order."""

    entity_id: UUID
    members: Sequence[MemberVersion]
    organisations: Sequence[OrganisationVersion]
    assignments: Sequence[Assigned]


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which the coverage was the same, and not of nothing."""

    days: Days
    full_members: int
    probationary_members: int
    organisation_coverage: OrganisationCoverage
    organisation_ids: tuple[UUID, ...]
    work_coverage: bool

    @property
    def content(self) -> tuple[object, ...]:
        """What it is of, without its days."""
        return (
            self.full_members,
            self.probationary_members,
            self.organisation_coverage,
            self.organisation_ids,
            self.work_coverage,
        )


def coverage_periods(dates: CoverageDates) -> list[Period]:
    """Return the periods of an entity's coverage in order; days without member, organisation and cadre have none.

    The last period has no end where something covers the entity still.
    """
    members = [(days, one.full) for days, one in _held(dates.members, lambda one: one.member_id) if one.here]
    covering = [(days, one) for days, one in _held(dates.organisations, lambda one: one.organisation_id) if one.covers]
    assigned = list(_assigned(dates, [(days, one.organisation_id) for days, one in covering]))
    periods: list[Period] = []
    for days in _cut([*(days for days, _ in members), *(days for days, _ in covering), *assigned]):
        by = {one.organisation_id: one.own for held, one in covering if days.since in held}
        here = [full for held, full in members if days.since in held]
        period = Period(
            days,
            sum(here),
            len(here) - sum(here),
            _organisation_coverage(by.values()),
            tuple(sorted(by)),
            any(days.since in held for held in assigned),
        )
        last = periods[-1] if periods else None
        if last is not None and last.content == period.content and last.days.until == days.since - _ONE_DAY:
            periods[-1] = replace(last, days=Days(last.days.since, days.until))
        elif here or by or period.work_coverage:
            periods.append(period)
    return periods


def _held(versions: Iterable[V], key: Callable[[V], UUID]) -> Iterator[tuple[Days, V]]:
    """Yield each state with the days on which it held."""
    grouped: dict[UUID, list[V]] = {}
    for one in versions:
        grouped.setdefault(key(one), []).append(one)
    for states in grouped.values():
        states.sort(key=lambda one: one.version, reverse=True)
        for days, one in zip(days_of([state.effective_on for state in states]), states, strict=True):
            if days is not None:
                yield days, one


def _assigned(dates: CoverageDates, covering: Sequence[tuple[Days, UUID]]) -> Iterator[Days]:
    """Yield the days on which a cadre was assigned to the entity, or to an organisation while it covered the entity."""
    for one in dates.assignments:
        last = None if one.ended_on is None else one.ended_on - _ONE_DAY
        if last is not None and last < one.since:
            continue
        days = Days(one.since, last)
        if one.target_id == dates.entity_id:
            yield days
        for held, organisation_id in covering:
            both = _both(days, held) if organisation_id == one.target_id else None
            if both is not None:
                yield both


def _both(one: Days, other: Days) -> Days | None:
    since = max(one.since, other.since)
    ends = [days.until for days in (one, other) if days.until is not None]
    until = min(ends) if ends else None
    return None if until is not None and until < since else Days(since, until)


def _cut(spans: Sequence[Days]) -> Iterator[Days]:
    """Yield the days between two on which something begins or ended, in order; the last without an end."""
    edges = sorted({one.since for one in spans} | {one.until + _ONE_DAY for one in spans if one.until is not None})
    for place, since in enumerate(edges):
        yield Days(since, edges[place + 1] - _ONE_DAY if place + 1 < len(edges) else None)


def _organisation_coverage(own: Iterable[bool]) -> OrganisationCoverage:
    by = list(own)
    if any(by):
        return OrganisationCoverage.OWN
    return OrganisationCoverage.COVERED if by else OrganisationCoverage.NONE
