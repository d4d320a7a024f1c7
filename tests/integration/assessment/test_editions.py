"""Everybody is rated anew by an edition from its first day on: once, in batches, also after a crash in the middle."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from asyncpg import InterfaceError

from contracts.events.assessment import RatingGiven, SchemePublished
from contracts.events.base import EventData
from contracts.vocabulary import OrganisationState
from kit.consumer import Heard
from kit.database import Transaction
from kit.ids import derived_id, new_id
from kit.timers import Due
from services.assessment.handlers.editions import RatedAnew
from services.assessment.handlers.ratings import RatedByFacts
from tests.conftest import Eventually
from tests.integration.assessment.conftest import Assessment
from tests.integration.assessment.desk import EDITION, Desk
from tests.integration.assessment.ledgers import members, organisation, told

pytestmark = pytest.mark.servers

WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""


async def rated(assessment: Assessment, count: int) -> list[UUID]:
    """Rate so many organisations of a full member each by the first scheme."""
    ids = [new_id() for _ in range(count)]
    await assessment.hears(*(organisation(one) for one in ids), *(members(one, full_related=1) for one in ids))
    return ids


async def by_the_second(assessment: Assessment) -> Counter[UUID]:
    """Return how often each organisation was told a rating by the second edition, all with its points."""
    told = [event for event in await assessment.ratings_told() if event.scheme_version == 2]
    assert {(event.points, event.band, event.version) for event in told} <= {(Decimal("16.67"), "D", 2)}
    return Counter(event.organisation_id for event in told)


async def test_an_edition_that_is_valid_already_rates_everybody_anew_at_once(
    assessment: Assessment, desk: Desk
) -> None:
    ids = await rated(assessment, 7)
    [gone] = await rated(assessment, 1)
    await assessment.hears(organisation(gone, [], 2, state=OrganisationState.DISSOLVED))
    answer = await desk.publish()
    assert await by_the_second(assessment) == {}
    fired = await assessment.timers(batch_size=3).fire_due()
    assert len(fired) == 3
    assert await by_the_second(assessment) == dict.fromkeys(ids, 1)
    out = await assessment.outbox()
    [edition] = [one for one in out if isinstance(one.event, SchemePublished) and one.event.version == 2]
    for one in out[-7:]:
        assert one.id == derived_id(edition.id, RatingGiven.event_type, one.event.key)
        assert (one.causation_id, str(one.correlation_id)) == (edition.id, answer.json()["correlationId"])
    assert await assessment.timers().fire_due() == []


async def test_an_edition_of_a_later_day_is_taken_up_on_that_day_in_shanghai(
    assessment: Assessment, desk: Desk
) -> None:
    ids = await rated(assessment, 3)
    await desk.publish(validFrom="2024-03-01")
    midnight = datetime(2024, 2, 29, 16, tzinfo=UTC)
    assessment.clock.advance(midnight - assessment.clock.now() - timedelta(microseconds=1))
    assert await assessment.timers().fire_due() == []
    early = new_id()
    await assessment.hears(organisation(early), members(early, full_related=1))
    assert {event.scheme_version for event in await assessment.ratings_told()} == {1}
    assessment.clock.advance(timedelta(microseconds=1))
    assert len(await assessment.timers().fire_due()) == 1
    assert await by_the_second(assessment) == dict.fromkeys([*ids, early], 1)


async def test_an_organisation_heard_after_midnight_is_rated_by_the_new_edition_before_its_timer_fires(
    assessment: Assessment, desk: Desk
) -> None:
    [one] = await rated(assessment, 1)
    await desk.publish(validFrom="2024-03-01")
    assessment.clock.advance(timedelta(days=3))
    await assessment.hears(members(one, 2, full_related=2))
    assert [(event.scheme_version, str(event.points)) for event in await assessment.ratings_told()] == [
        (1, "6.67"),
        (2, "33.33"),
    ]
    await assessment.timers().fire_due()
    assert len(await assessment.ratings_told()) == 2


async def test_a_replica_whose_clock_is_behind_rates_by_what_was_taken_up(assessment: Assessment, desk: Desk) -> None:
    [one] = await rated(assessment, 1)
    await desk.publish(validFrom="2024-03-01")
    behind = Assessment(assessment.url)
    assessment.clock.advance(timedelta(days=3))
    await assessment.timers().fire_due()
    await behind.hears(members(one, 2, full_related=2))
    await behind.database.close()
    assert [event.scheme_version for event in await assessment.ratings_told()] == [1, 2, 2]


class DiesInThe(RatedAnew):
    """Is cut off from the database in the middle of a batch: for it, the same as a process that is killed there."""

    batch = 0

    async def __call__(self, transaction: Transaction, due: Due) -> None:
        await super().__call__(transaction, due)
        self.batch += 1
        if self.batch == 2:
            await transaction.connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")


async def test_a_crash_in_the_middle_goes_on_where_it_was_and_tells_nobody_twice(
    assessment: Assessment, desk: Desk
) -> None:
    ids = sorted(await rated(assessment, 7))
    await desk.publish()
    with pytest.raises(InterfaceError):
        await assessment.timers(on_due=DiesInThe(assessment.clock, batch_size=2)).fire_due()
    assert await by_the_second(assessment) == dict.fromkeys(ids[:2], 1)
    await assessment.timers(batch_size=2).fire_due()
    assert await by_the_second(assessment) == dict.fromkeys(ids, 1)


async def test_two_processes_and_facts_at_the_same_time_leave_nobody_behind(assessment: Assessment, desk: Desk) -> None:
    ids = await rated(assessment, 30)
    late = [new_id() for _ in range(20)]

    async def facts() -> None:
        for one in late:
            await assessment.hears(organisation(one), members(one, full_related=1))

    async def publish_and_rate() -> None:
        await desk.publish()
        await asyncio.gather(*(assessment.timers(batch_size=4).fire_due() for _ in range(2)))

    await asyncio.gather(facts(), publish_and_rate())
    await assessment.timers(batch_size=4).fire_due()
    for one in [*ids, *late]:
        kept = await assessment.rating(one)
        assert kept is not None
        assert (kept.rating.scheme_version, kept.rating.points) == (2, Decimal("16.67"))
    told = await assessment.outbox()
    assert len({out.id for out in told}) == len(told)


@pytest.mark.parametrize("valid_from", ["2024-02-01", "2024-03-01"])
async def test_an_edition_waits_for_who_decides_by_the_former_one(
    assessment: Assessment, desk: Desk, eventually: Eventually, valid_from: str
) -> None:
    await rated(assessment, 1)
    late = new_id()
    if valid_from > "2024-02-28":
        await desk.publish(validFrom=valid_from)

    async def take_it_up() -> None:
        if valid_from <= "2024-02-28":
            await desk.publish(validFrom=valid_from)
        await assessment.timers().fire_due()

    async with assessment.database.transaction() as transaction:
        record = told(organisation(late))
        heard = Heard[EventData](organisation(late), record.envelope, None)
        await RatedByFacts(assessment.clock)(transaction, [heard])
        assessment.clock.advance(timedelta(days=3))
        taking_up = asyncio.create_task(take_it_up())

        async def waits_or_is_done() -> bool:
            [(count,)] = await assessment.rows(WAITING)
            return count == 1 or taking_up.done()

        await eventually(waits_or_is_done)
        assert not taking_up.done()
    await taking_up
    kept = await assessment.rating(late)
    assert kept is not None
    assert kept.rating.scheme_version == 2


async def test_of_two_editions_published_together_everybody_is_rated_by_the_newer_one(
    assessment: Assessment, desk: Desk
) -> None:
    ids = await rated(assessment, 5)
    await desk.publish()
    await desk.publish(expectedVersion=2, validFrom="2024-02-02", parts=[EDITION["parts"][0] | {"points": "10"}])
    await assessment.timers(batch_size=2).fire_due()
    told = await assessment.ratings_told()
    assert Counter((event.organisation_id, event.scheme_version) for event in told) == {
        (one, version): 1 for one in ids for version in (1, 3)
    }
