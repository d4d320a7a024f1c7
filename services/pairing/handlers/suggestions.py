"""Suggests partners: hears which entities must found an organisation, and which organisations could help."""

from collections.abc import Sequence

from contracts.events.assessment import RecordedRating
from contracts.events.base import EventData
from contracts.events.ledgers.coverage import RecordedCoverage
from contracts.events.ledgers.organisations import RecordedOrganisation
from contracts.vocabulary import CoverageDuty
from kit.clock import Clock
from kit.consumer import Heard
from kit.copying import CopyingEach
from kit.database import Transaction
from kit.outbox import tell
from services.pairing.copies import FACTS
from services.pairing.domain.partner import district_of
from services.pairing.domain.suggestion import Coverage, hear_coverage, reconsider
from services.pairing.publish import suggestion_id_of, told_because_of
from services.pairing.repository.facts import organisations_of
from services.pairing.repository.suggestions import (
    decide_alone,
    lock_open_suggestions,
    lock_suggestions,
    write_suggestions,
)

Fact = RecordedOrganisation | RecordedRating


class CoverageHeard:
    """Takes in what the ledgers tell about coverage: makes, settles and reopens suggestions, event by event.

    Args:
        clock: tells when it was decided.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[RecordedCoverage]]) -> None:
        """Decide each, and tell what is different."""
        connection, now = transaction.connection, self._clock.now()
        await decide_alone(connection)
        rooms = [(suggestion_id_of(one.event.entity_id), one.event) for one in heard]
        known = await lock_suggestions(connection, rooms, now=now)
        needing = [one.event for one in heard if one.event.duty is CoverageDuty.MUST_FOUND]
        organisations = await organisations_of(
            connection,
            sorted({district_of(one.division_code) for one in needing}),
            [one.entity_id for one in needing],
        )
        told, touched = [], set()
        for one in heard:
            before = known[one.event.entity_id]
            coverage = _coverage(one.event)
            after = hear_coverage(before, coverage, organisations.get(district_of(coverage.division_code), ()), now)
            if after is before:
                continue
            known[before.entity_id] = after
            touched.add(before.entity_id)
            if after.version > before.version:
                told.append(told_because_of(one, after, now=now))
        await write_suggestions(connection, [known[entity_id] for entity_id in sorted(touched)])
        await tell(connection, told)


class FactsHeard:
    """Takes in entities, organisations and ratings: keeps copies, and decides open suggestions that rest on them.

    These are the suggestions whose partner changed, and those that found no partner in the district of an
    organisation that changed. All others stay: a better candidate replaces nobody.

    Args:
        clock: tells when it was decided.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._copying = CopyingEach(FACTS)

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[EventData]]) -> None:
        """Copy all, decide, and tell what is different."""
        facts = [(one, fact) for one in heard if isinstance(fact := one.event, Fact)]
        if facts:
            await decide_alone(transaction.connection)
        await self._copying(transaction, heard)
        if facts:
            await self._decide(transaction, facts)

    async def _decide(self, transaction: Transaction, facts: Sequence[tuple[Heard[EventData], Fact]]) -> None:
        connection, now = transaction.connection, self._clock.now()
        # of two facts about one organisation the later one counts, and is named as the cause
        latest = {fact.organisation_id: cause for cause, fact in facts}
        changed = {fact.organisation_id: fact.effective_on for _, fact in facts}
        affected = await lock_open_suggestions(
            connection, sorted(latest), sorted({district_of(fact.division_code) for _, fact in facts})
        )
        organisations = await organisations_of(
            connection,
            sorted({district_of(one.division_code) for one in affected}),
            [one.entity_id for one in affected],
        )
        told, decided = [], []
        for before in affected:
            after = reconsider(before, organisations.get(district_of(before.division_code), ()), changed, now)
            if after.version > before.version:
                partners = (before.partner_organisation_id, after.partner_organisation_id)
                cause = next((latest[one] for one in partners if one in latest), facts[-1][0])
                decided.append(after)
                told.append(told_because_of(cause, after, now=now))
        await write_suggestions(connection, decided)
        await tell(connection, told)


def _coverage(event: RecordedCoverage) -> Coverage:
    return Coverage(
        version=event.version,
        must_found=event.duty is CoverageDuty.MUST_FOUND,
        uscc=event.uscc,
        division_code=event.division_code,
        bureau=event.bureau,
        effective_on=event.effective_on,
    )
