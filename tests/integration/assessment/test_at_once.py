"""Two replicas at the same moment: neither misses what the other stores, whatever they store."""

import asyncio
from decimal import Decimal

import pytest

from contracts.vocabulary import OrganisationCoverage
from kit.ids import new_id
from services.assessment.domain.first_scheme import FIRST
from services.assessment.handlers.schemes import publish_first
from tests.integration.assessment.conftest import Assessment
from tests.integration.assessment.ledgers import coverage, members, organisation

pytestmark = pytest.mark.servers

ROUNDS = 60
NONE = OrganisationCoverage.NONE


async def test_coverage_and_membership_at_once_are_both_seen(assessment: Assessment) -> None:
    for _ in range(ROUNDS):
        one, entity = new_id(), new_id()
        await assessment.hears(organisation(one, [entity]))
        await assessment.hears_at_once(
            [coverage(entity)], [members(one, managed=3, related_and_managed=3, full_managed=3)]
        )
        kept = await assessment.rating(one)
        assert kept is not None
        assert (kept.rating.points, kept.version) == (Decimal("100.00"), 3)


async def test_a_coverage_and_the_organisation_that_begins_to_cover_it_at_once_are_both_seen(
    assessment: Assessment,
) -> None:
    for _ in range(ROUNDS):
        one, known, entity = new_id(), new_id(), new_id()
        await assessment.hears(organisation(one, [known]), coverage(known), coverage(entity, 1, NONE))
        await assessment.hears_at_once([coverage(entity, 2)], [organisation(one, [known, entity], 2)])
        kept = await assessment.rating(one)
        assert kept is not None
        assert kept.rating.points == Decimal("40.00")


async def test_batches_that_touch_the_same_things_in_other_orders_end_alike(assessment: Assessment) -> None:
    entities = sorted(new_id() for _ in range(6))
    organisations = sorted(new_id() for _ in range(4))
    for version in range(1, ROUNDS // 2):
        covered = OrganisationCoverage.OWN if version % 2 else NONE
        forward = [coverage(entity, version, covered) for entity in entities[:3]]
        backward = [coverage(entity, version, covered) for entity in reversed(entities[3:])]
        await assessment.hears_at_once(
            [*forward, *(organisation(one, entities, version) for one in organisations[:2])],
            [*(organisation(one, entities, version) for one in reversed(organisations[2:])), *backward],
        )
        for one in organisations:
            kept = await assessment.rating(one)
            assert kept is not None
            assert kept.rating.points == (Decimal("40.00") if version % 2 else Decimal("0.00"))
    told = await assessment.ratings_told()
    for one in organisations:
        versions = [event.version for event in told if event.organisation_id == one]
        assert versions == list(range(1, len(versions) + 1))
    assert await assessment.rows("SELECT count(*) FROM dead_letter") == [(0,)]


async def test_the_first_scheme_is_published_once_by_two_that_start_at_once(assessment: Assessment) -> None:
    async def start() -> None:
        async with assessment.database.transaction() as transaction:
            await publish_first(transaction.connection, assessment.clock)
            await asyncio.sleep(0)

    await asyncio.gather(*(start() for _ in range(4)), assessment.hears(organisation(new_id())))
    await start()
    schemes = [out for out in await assessment.outbox() if out.event.key == str(FIRST.scheme_id)]
    assert [(out.causation_id, out.correlation_id == out.id) for out in schemes] == [(None, True)]
    assert await assessment.rows("SELECT version, taken_up FROM scheme") == [(1, True)]
