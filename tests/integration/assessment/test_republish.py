"""Assessment tells all its state again: every edition and every rating, as they are, under their old versions."""

import pytest

from contracts.events.assessment import RecordedRating, SchemePublished
from contracts.vocabulary import OrganisationState
from kit.ids import new_id
from kit.republishing import republish
from services.assessment.handlers.republish import ratings, schemes
from tests.integration.assessment.conftest import Assessment
from tests.integration.assessment.desk import Desk
from tests.integration.assessment.ledgers import coverage, members, organisation

pytestmark = pytest.mark.servers


def unmoved(_told: int, _total: int) -> None:
    """Hear nothing."""


async def test_everything_is_told_again_as_it_is(assessment: Assessment, desk: Desk) -> None:
    one, gone, entity, external = new_id(), new_id(), new_id(), new_id()
    await assessment.hears(organisation(one, [entity]), organisation(gone), organisation(external, external=True))
    await assessment.hears(coverage(entity), members(one, managed=1), members(new_id(), managed=1))
    await assessment.hears(organisation(gone, [], 2, state=OrganisationState.DISSOLVED))
    await desk.publish(validFrom="2024-03-01")
    before = await assessment.outbox()
    assert await republish(assessment.database, schemes(assessment.clock), unmoved) == 2
    assert await republish(assessment.database, ratings(assessment.clock), unmoved) == 2
    again = (await assessment.outbox())[len(before) :]
    newest = {
        (out.event.key, out.event.version): out.event
        for out in before
        if isinstance(out.event, SchemePublished | RecordedRating)
    }
    last = {event.key: event for event in newest.values() if isinstance(event, RecordedRating)}
    assert [out.event for out in again[:2]] == [newest[again[0].event.key, version] for version in (1, 2)]
    assert {out.event.key: out.event for out in again[2:]} == last
    assert {out.id for out in before}.isdisjoint(out.id for out in again)


async def test_where_nothing_is_there_nothing_is_told(assessment: Assessment) -> None:
    assert await republish(assessment.database, schemes(assessment.clock), unmoved) == 0
    assert await republish(assessment.database, ratings(assessment.clock), unmoved) == 0
    assert await assessment.outbox() == []
