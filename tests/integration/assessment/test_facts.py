"""Ratings by what the ledgers tell: exact points with reasons, told where they say something new, in any order."""

from decimal import Decimal
from itertools import permutations
from random import Random
from uuid import UUID

import pytest

from contracts.events.assessment import RatingGiven, RatingWithdrawn, SchemePublished
from contracts.events.base import EventData
from contracts.events.ledgers.coverage import FoundingSettled
from contracts.events.ledgers.organisations import MembershipCounted, OrganisationDissolved, OrganisationFounded
from contracts.examples import examples
from contracts.vocabulary import OrganisationCoverage, OrganisationState, RatingBand, RatingState
from kit.ids import derived_id, new_id
from services.assessment.domain.first_scheme import FORTRESS_INDEX
from services.assessment.repository.ratings import Kept
from tests.integration.assessment.conftest import Assessment
from tests.integration.assessment.ledgers import DAY, NOW, coverage, example, members, organisation, told

pytestmark = pytest.mark.servers

NONE = OrganisationCoverage.NONE


def said(kept: Kept | None) -> object:
    """What a rating says, whatever the versions behind it."""
    assert kept is not None
    rating = kept.rating
    evidence = [one.said for one in rating.evidence]
    return rating.points, rating.band, rating.state, rating.division_code, rating.scheme_version, evidence


async def test_a_rating_is_given_with_its_reasons_and_told_in_the_saga_of_its_cause(assessment: Assessment) -> None:
    one, entity, saga = new_id(), new_id(), new_id()
    await assessment.hears(organisation(one, [entity]), coverage(entity, 4))
    [cause] = await assessment.hears(
        told(
            members(one, 3, related=2, managed=3, related_and_managed=2, full_related=2, full_managed=3),
            correlation_id=saga,
        )
    )
    [scheme, first, second] = await assessment.outbox()
    assert isinstance(scheme.event, SchemePublished)
    assert isinstance(first.event, RatingGiven)
    assert (first.event.version, first.event.points, first.event.band) == (1, Decimal("40.00"), RatingBand.D)
    event = second.event
    assert isinstance(event, RatingGiven)
    assert second.id == derived_id(cause.envelope.id, RatingGiven.event_type, event.key)
    assert (second.causation_id, second.correlation_id) == (cause.envelope.id, saga)
    assert event.rating_id == first.event.rating_id
    assert (event.version, event.points, event.band, event.state) == (2, Decimal("86.67"), "A", "CURRENT")
    assert (event.scheme_id, event.scheme_version, event.division_code) == (FORTRESS_INDEX, 1, "500111101000")
    assert (event.effective_on, event.recorded_at) == (DAY, NOW)
    assert [(str(found.points), str(found.of), found.reason) for found in event.evidence] == [
        ("40.00", "40.00", "1 of 1 entity has both coverages."),
        ("26.67", "40.00", "2 of 3 members managed here have their relation here."),
        ("20.00", "20.00", "3 full members: 2 by relation, 3 by management."),
    ]
    assert [(seen.aggregate, seen.id, seen.version) for found in event.evidence for seen in found.seen] == [
        ("ledgers-organisation", str(one), 1),
        ("ledgers-coverage", str(entity), 4),
        ("ledgers-membership", str(one), 3),
        ("ledgers-membership", str(one), 3),
    ]


async def test_any_order_of_facts_ends_in_the_same_rating(assessment: Assessment) -> None:
    wanted: object = None
    for order in permutations(range(4)):
        one, first, second = new_id(), new_id(), new_id()
        facts: list[EventData] = [
            organisation(one, [first, second]),
            coverage(first),
            coverage(second, covered=NONE),
            members(one, managed=8, related_and_managed=3, full_managed=2),
        ]
        for place in order:
            await assessment.hears(facts[place])
        found = said(await assessment.rating(one))
        wanted = wanted or found
        assert found == wanted
    assert isinstance(wanted, tuple)
    assert wanted[0] == Decimal("20.00") + Decimal("15.00") + Decimal("13.33")


@pytest.mark.parametrize("seed", range(6))
async def test_shuffled_histories_in_any_batches_end_alike(assessment: Assessment, seed: int) -> None:
    shuffle = Random(seed)  # noqa: S311 - an order, no secret
    results = []
    for _ in range(4):
        one, gone, entities = new_id(), new_id(), [new_id() for _ in range(3)]
        facts: list[EventData] = [
            *(organisation(one, entities[: version - 1], version) for version in (1, 2, 3, 4)),
            organisation(gone, entities),
            organisation(gone, [], 2, state=OrganisationState.DISSOLVED),
            *(members(one, version, managed=version, related_and_managed=1, full_related=1) for version in (1, 2, 3)),
            members(gone, 1, managed=5, related_and_managed=5),
            *(coverage(entity, version, work=version > 1) for entity in entities for version in (1, 2)),
        ]
        shuffle.shuffle(facts)
        while facts:
            count = shuffle.randint(1, 5)
            await assessment.hears(*facts[:count])
            facts = facts[count:]
        results.append((said(await assessment.rating(one)), said(await assessment.rating(gone))))
    assert all(one == results[0] for one in results)
    kept = results[0][0]
    assert isinstance(kept, tuple)
    assert kept[0] == Decimal("40.00") + Decimal("13.33") + Decimal("6.67")


async def test_what_comes_again_and_what_is_no_newer_tells_nothing(assessment: Assessment) -> None:
    one, entity = new_id(), new_id()
    batch = [told(organisation(one, [entity], 2)), told(members(one, 2, managed=1)), told(coverage(entity, 2))]
    await assessment.hears(*batch)
    before = await assessment.outbox()
    assert len(before) == 2
    await assessment.hears(*batch, *batch)
    await assessment.hears(
        organisation(one, [], 1),
        organisation(one, [], 2),
        members(one, 1, managed=7, related_and_managed=7),
        members(one, 2, managed=7, related_and_managed=7),
        coverage(entity, 1, NONE),
        coverage(entity, 2, NONE),
    )
    assert await assessment.outbox() == before


async def test_newer_facts_that_change_nothing_about_the_rating_tell_nothing_and_keep_what_was_seen(
    assessment: Assessment,
) -> None:
    one, entity = new_id(), new_id()
    await assessment.hears(organisation(one, [entity]), members(one, managed=2, full_managed=1), coverage(entity))
    before, known = await assessment.outbox(), await assessment.rating(one)
    await assessment.hears(organisation(one, [entity], 2, name="改名"), members(one, 2, managed=2, full_managed=1))
    await assessment.hears(coverage(entity, 2, OrganisationCoverage.COVERED))
    assert await assessment.outbox() == before
    assert await assessment.rating(one) == known


async def test_a_move_to_another_division_is_told(assessment: Assessment) -> None:
    one = new_id()
    await assessment.hears(organisation(one))
    await assessment.hears(organisation(one, [], 2, division_code="500111102000"))
    assert [event.division_code for event in await assessment.ratings_told()] == ["500111101000", "500111102000"]


async def test_of_several_causes_in_a_batch_the_last_is_told(assessment: Assessment) -> None:
    one, entity = new_id(), new_id()
    records = await assessment.hears(
        organisation(one, [entity]), coverage(entity), members(one, managed=1), coverage(new_id())
    )
    assert [out.causation_id for out in await assessment.outbox()] == [None, records[2].envelope.id]


async def test_external_and_unheard_organisations_are_not_rated(assessment: Assessment) -> None:
    external, unheard = new_id(), new_id()
    await assessment.hears(
        organisation(external, external=True),
        members(external, managed=3),
        organisation(external, [], 2, external=True, state=OrganisationState.DISSOLVED),
        members(unheard, managed=3, related_and_managed=3, full_managed=3),
    )
    assert await assessment.ratings_told() == []
    assert await assessment.rating(external) is None
    await assessment.hears(organisation(unheard))
    assert [event.points for event in await assessment.ratings_told()] == [Decimal("60.00")]


async def test_a_dissolved_organisation_has_its_rating_withdrawn_for_good(assessment: Assessment) -> None:
    one, entity = new_id(), new_id()
    await assessment.hears(organisation(one, [entity]), coverage(entity))
    await assessment.hears(organisation(one, [], 2, state=OrganisationState.DISSOLVED))
    await assessment.hears(members(one, managed=1), coverage(entity, 2, NONE))
    [given, withdrawn] = await assessment.ratings_told()
    assert isinstance(withdrawn, RatingWithdrawn)
    assert (withdrawn.rating_id, withdrawn.version, withdrawn.state) == (given.rating_id, 2, RatingState.WITHDRAWN)
    assert (withdrawn.points, withdrawn.band, withdrawn.evidence) == (Decimal("0.00"), RatingBand.D, ())
    await assessment.hears(organisation(one, [entity], 3))
    assert [(event.version, event.state) for event in await assessment.ratings_told()][2:] == [(3, "CURRENT")]


async def test_an_entity_that_leaves_counts_no_more_and_one_shared_counts_for_each(assessment: Assessment) -> None:
    one, other, first, second = new_id(), new_id(), new_id(), new_id()
    await assessment.hears(organisation(one, [first, second]), organisation(other, [first]), coverage(first))
    assert await points(assessment, one, other) == ["20.00", "40.00"]
    await assessment.hears(organisation(one, [second], 2))
    assert await points(assessment, one, other) == ["0.00", "40.00"]
    await assessment.hears(coverage(first, 2, work=False), coverage(second))
    assert await points(assessment, one, other) == ["40.00", "0.00"]


async def points(assessment: Assessment, *organisations: UUID) -> list[str]:
    kept = [await assessment.rating(one) for one in organisations]
    return [str(one.rating.points) for one in kept if one]


async def test_of_many_entities_the_hundred_facts_of_the_highest_version_are_named(assessment: Assessment) -> None:
    one, entities = new_id(), sorted(new_id() for _ in range(150))
    # the higher the place, the higher the version; two of one version go by id
    await assessment.hears(
        organisation(one, entities), *(coverage(entity, 1 + place // 2) for place, entity in enumerate(entities))
    )
    kept = await assessment.rating(one)
    assert kept is not None
    evidence = kept.rating.evidence[0]
    assert evidence.reason == "150 of 150 entities have both coverages. The 99 of the highest version are named here."
    newest = [seen.id for seen in evidence.seen[1:]]
    pairs = [entities[place : place + 2] for place in range(148, 48, -2)]
    assert newest == [str(entity) for pair in pairs for entity in pair][:99]


async def test_the_examples_of_the_contract_are_taken_in(assessment: Assessment) -> None:
    for event in (OrganisationFounded, MembershipCounted, FoundingSettled):
        await assessment.hears(*(example(one, event.topic) for one in examples(event.event_type)))
    rated = UUID("018e0a3c-e87c-7b45-805a-d389d58904ea")
    kept = await assessment.rating(rated)
    assert kept is not None
    # of the two examples of the coverage the later version is the one that is covered by nobody
    assert kept.rating.evidence[0].reason == "0 of 1 entity has both coverages."
    await assessment.hears(*(example(one, "") for one in examples(OrganisationDissolved.event_type)))
    assert [event.event_type for event in await assessment.ratings_told()] == [
        RatingGiven.event_type,
        RatingGiven.event_type,
        RatingWithdrawn.event_type,
    ]
    assert await assessment.rows("SELECT count(*) FROM dead_letter") == [(0,)]
