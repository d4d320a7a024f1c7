"""Counts the coverage of entities anew, after something that it follows from has changed, and tells what is different.

Commands and consumers do it the same way: they write their change, then lock the coverage rows in order of entity id,
then count. Of two that change one entity at the same moment the later one waits for the lock and counts both.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from contracts.events.ledgers.coverage import (
    CoverageChanged,
    CoveragePeriod,
    FoundingRequired,
    FoundingSettled,
    RecordedCoverage,
)
from contracts.rules.organisations import founding_due
from contracts.vocabulary import CoverageDuty
from kit.database import Connection
from kit.outbox import Told, tell
from services.ledgers.domain.coverage import decide_coverage
from services.ledgers.domain.coverage_periods import Period, coverage_periods
from services.ledgers.repository.coverage import (
    Located,
    coverage_facts,
    forget_unused,
    lock_coverage,
    write_coverage,
)
from services.ledgers.repository.coverage_dates import coverage_dates


async def recount_coverage(
    connection: Connection,
    days: Mapping[UUID, date],
    *,
    now: datetime,
    told: Callable[[RecordedCoverage], Told],
) -> list[RecordedCoverage]:
    """Count the coverage of entities, and tell what is different.

    Args:
        connection: of the open transaction, in which what changed was written.
        days: the entities whose coverage may be different, and for each the day from which it would be.
        now: the moment.
        told: makes the event's envelope, from what it follows.

    Returns:
        The coverages that changed.
    """
    if not days:
        return []
    before = await lock_coverage(connection, sorted(days))
    changed, unused = [], []
    facts = await coverage_facts(connection, list(before))
    dates = await coverage_dates(connection, {one.entity_id: _ever_covering(one, before) for one in facts})
    for located in facts:
        known = before[located.entity_id]
        if known is None and located.facts.is_bare:
            unused.append(located.entity_id)
            continue
        decided = _decided(located, known, days[located.entity_id], now, coverage_periods(dates[located.entity_id]))
        if known is None or _content(decided) != _content(known):
            changed.append(decided)
    await write_coverage(connection, changed, now)
    await forget_unused(connection, unused)
    await tell(connection, [told(one) for one in changed])
    return changed


def _ever_covering(located: Located, before: Mapping[UUID, RecordedCoverage | None]) -> set[UUID]:
    """Return the organisations that cover an entity, or did: every one of its periods names them."""
    known = before[located.entity_id]
    periods = () if known is None else known.periods or ()
    return {*located.facts.organisation_ids, *(one for period in periods for one in period.organisation_ids)}


def _decided(
    located: Located, known: RecordedCoverage | None, day: date, now: datetime, periods: Sequence[Period]
) -> RecordedCoverage:
    facts = located.facts
    decision = decide_coverage(facts, day)
    had_to = known is not None and known.duty is CoverageDuty.MUST_FOUND
    must = decision.duty is CoverageDuty.MUST_FOUND
    if must != had_to:
        model: type[RecordedCoverage] = FoundingRequired if must else FoundingSettled
    else:
        model = CoverageChanged
    since = known.must_found_since if known is not None and had_to else day
    return model(
        entity_id=located.entity_id,
        uscc=located.uscc,
        version=1 if known is None else known.version + 1,
        kind=facts.kind,
        state=facts.state,
        full_members=facts.full_members,
        probationary_members=facts.probationary_members,
        organisation_coverage=decision.organisation_coverage,
        organisation_ids=facts.organisation_ids,
        work_coverage=decision.work_coverage,
        duty=decision.duty,
        must_found_since=since if must else None,
        must_found_due=founding_due(since) if must and since is not None else None,
        periods=tuple(_told(one) for one in periods),
        division_code=located.division_code,
        bureau=located.bureau,
        effective_on=day,
        recorded_at=now,
    )


def _told(period: Period) -> CoveragePeriod:
    return CoveragePeriod(
        since=period.days.since,
        until=period.days.until,
        full_members=period.full_members,
        probationary_members=period.probationary_members,
        organisation_coverage=period.organisation_coverage,
        organisation_ids=period.organisation_ids,
        work_coverage=period.work_coverage,
    )


def _content(coverage: RecordedCoverage) -> dict[str, object]:
    return coverage.model_dump(exclude={"version", "effective_on", "recorded_at"})
