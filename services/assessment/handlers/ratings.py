"""Rates organisations: by the facts that the ledgers tell, whatever their order, and anew where the scheme changes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from contracts.events.base import EventData
from contracts.events.ledgers.coverage import CoverageChanged, FoundingRequired, FoundingSettled, RecordedCoverage
from contracts.events.ledgers.organisations import (
    MembershipCounted,
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationFounded,
    RecordedOrganisation,
)
from kit.clock import Clock, today
from kit.consumer import Heard
from kit.database import Connection, Transaction
from kit.outbox import tell
from services.assessment.domain.rating import decide
from services.assessment.domain.scheme import Edition
from services.assessment.handlers.schemes import edition_in_force
from services.assessment.publish import Cause, rating_told
from services.assessment.repository.facts import (
    load_facts,
    lock_entities,
    organisations_of,
    store_coverages,
    store_memberships,
    store_organisations,
)
from services.assessment.repository.ratings import Kept, lock_ratings, rating_id, write_ratings

FACTS: Final[Sequence[type[EventData]]] = (
    OrganisationFounded,
    OrganisationChanged,
    OrganisationDissolved,
    MembershipCounted,
    CoverageChanged,
    FoundingRequired,
    FoundingSettled,
)
"""The events that a rating rests on."""

F = TypeVar("F", RecordedOrganisation, MembershipCounted, RecordedCoverage)


class _Newest(NamedTuple, Generic[F]):
    """An event that is the newest of its aggregate in a batch, and where it stands there."""

    event: F
    place: int


class RatedByFacts:
    """Takes in what the ledgers tell, and rates the organisations that it is about.

    A rating rests on an organisation, its members and the coverage of its entities, which arrive on three topics. So
    that two transactions at once can't each miss what the other stores, both lock first: the entities whose coverage is
    told, and those of the organisations told, then the ratings; only then is read what decides.

    Args:
        clock: tells when.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[EventData]]) -> None:
        """Keep what is newer than before, and rate whom it is about."""
        connection = transaction.connection
        edition = (await edition_in_force(connection, self._clock)).edition
        organisations = _newest(heard, RecordedOrganisation, lambda one: one.organisation_id)
        memberships = _newest(heard, MembershipCounted, lambda one: one.organisation_id)
        coverages = _newest(heard, RecordedCoverage, lambda one: one.entity_id)

        covered = {entity for one in organisations.values() for entity in one.event.entity_ids}
        await lock_entities(connection, sorted(covered | coverages.keys()))
        covering = await organisations_of(connection, list(coverages))
        affected = {*organisations, *memberships, *(organisation for organisation, _ in covering)}
        known = await lock_ratings(connection, affected, edition.scheme_id)

        changed = [
            (organisations[one].place, one)
            for one in await store_organisations(connection, [one.event for one in organisations.values()])
        ]
        changed += [
            (memberships[one].place, one)
            for one in await store_memberships(connection, [one.event for one in memberships.values()])
        ]
        stored = await store_coverages(connection, [one.event for one in coverages.values()])
        changed += [(coverages[entity].place, organisation) for organisation, entity in covering if entity in stored]
        # of several events about an organisation the last is what its rating follows from
        causes = {organisation: Cause.heard(heard[place]) for place, organisation in sorted(changed)}
        await rate(connection, self._clock, edition, known, causes)


async def rate(
    connection: Connection,
    clock: Clock,
    edition: Edition,
    known: Mapping[UUID, Kept | None],
    causes: Mapping[UUID, Cause],
) -> None:
    """Rate organisations by what is stored, and tell those ratings that say something new.

    Args:
        connection: of the open transaction.
        clock: tells when.
        edition: by which to rate.
        known: the ratings so far, locked, by organisation id.
        causes: whom to rate, and what that follows from. One of whom nothing was told yet gets no rating.
    """
    facts = await load_facts(connection, list(causes))
    now, day = clock.now(), today(clock)
    decided: list[Kept] = []
    for one, found in facts.items():
        former = known[one]
        rating = decide(former.rating if former else None, found, edition)
        if rating is not None:
            decided.append(
                Kept(
                    rating_id=rating_id(one, edition.scheme_id),
                    organisation_id=one,
                    scheme_id=edition.scheme_id,
                    version=former.version + 1 if former else 1,
                    rating=rating,
                    effective_on=day,
                    recorded_at=now,
                )
            )
    if decided:
        await write_ratings(connection, decided)
        await tell(connection, [rating_told(one, causes[one.organisation_id]) for one in decided])


def _newest(heard: Sequence[Heard[EventData]], kind: type[F], key: Callable[[F], UUID]) -> dict[UUID, _Newest[F]]:
    found: dict[UUID, _Newest[F]] = {}
    for place, one in enumerate(heard):
        event = one.event
        if isinstance(event, kind):
            former = found.get(key(event))
            if former is None or former.event.version < event.version:
                found[key(event)] = _Newest(event, place)
    return found
