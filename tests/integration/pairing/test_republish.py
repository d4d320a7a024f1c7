"""All state is told again: as it is, with its old version, under new ids; what was never told isn't."""

from uuid import UUID

import pytest

from contracts.events.pairing import SuggestionMade, SuggestionSettled
from kit.clock import ManualClock
from kit.republishing import republish
from services.pairing.handlers.republish import suggestions
from tests.integration.pairing.conftest import Pairing
from tests.integration.pairing.facts import NOW, coverage, organisation

pytestmark = pytest.mark.servers


async def test_suggestions_are_told_again_but_for_those_that_never_were(service: Pairing) -> None:
    opened, settled, never = UUID(int=1), UUID(int=2), UUID(int=3)
    await service.hears(
        organisation(UUID(int=10)),
        coverage(opened, 1),
        coverage(settled, 1),
        coverage(settled, 2, must_found=False),
        coverage(never, 1, must_found=False),
    )
    before = await service.told()
    seen: list[tuple[int, int]] = []
    count = await republish(service.database, suggestions(ManualClock(NOW)), lambda done, of: seen.append((done, of)))
    assert (count, seen) == (2, [(0, 2), (2, 2)])
    again = (await service.told())[len(before) :]
    assert [type(one.event) for one in again] == [SuggestionMade, SuggestionSettled]
    assert [one.event for one in again] == [before[0].event, before[2].event]
    assert not {one.event_id for one in again} & {one.event_id for one in before}
    assert all(one.causation_id is None for one in again)
