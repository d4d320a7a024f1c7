"""Topics arrive in any order between each other, and two consumers hear them at once: the end is the same."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import permutations
from random import Random
from uuid import UUID

import pytest

from contracts.events.base import EventData
from contracts.vocabulary import OrganisationState, RatingBand, RatingState
from tests.integration.pairing.conftest import Pairing
from tests.integration.pairing.facts import ELSEWHERE, coverage, organisation, rating

pytestmark = pytest.mark.servers

ENTITY, PARTNER, GONE = UUID(int=1), UUID(int=10), UUID(int=11)
ROUNDS = 40

END = (
    "SELECT entity_id, state, uscc, partner_organisation_id, reasons, division_code, bureau, coverage_version "
    "FROM suggestion ORDER BY entity_id"
)


def interleavings(*topics: Sequence[EventData]) -> Iterator[list[EventData]]:
    """Return every order of events in which each topic keeps its own."""
    places = [number for number, topic in enumerate(topics) for _ in topic]
    for order in sorted(set(permutations(places))):
        left = [iter(topic) for topic in topics]
        yield [next(left[number]) for number in order]


async def ends(service: Pairing, orders: Sequence[Sequence[EventData]]) -> set[str]:
    """Return the ends to which these orders come."""
    found = set()
    for order in orders:
        await service.hears(*order)
        await service.told()
        found.add(str([tuple(row.values()) for row in await service.rows(END)]))
        await service.forgets()
    return found


async def test_in_any_order_the_one_that_is_fit_in_the_end_is_the_partner_for_the_same_reasons(
    service: Pairing,
) -> None:
    orders = list(
        interleavings(
            [coverage(ENTITY, 3, division=ELSEWHERE), coverage(ENTITY, 4)],
            [organisation(GONE), organisation(PARTNER), organisation(GONE, 2, state=OrganisationState.DISSOLVED)],
            [rating(PARTNER, RatingBand.C)],
        )
    )
    assert len(orders) == 60
    [end] = await ends(service, orders)
    assert "RATED_LOW" in end
    assert str(PARTNER) in end


async def test_in_any_order_nobody_is_the_partner_where_nobody_is_fit_in_the_end(service: Pairing) -> None:
    orders = interleavings(
        [coverage(ENTITY, 3), coverage(ENTITY, 4, must_found=False), coverage(ENTITY, 5)],
        [organisation(GONE), organisation(GONE, 2, division=ELSEWHERE)],
        [rating(GONE, RatingBand.A, 2, state=RatingState.WITHDRAWN)],
    )
    [end] = await ends(service, list(orders))
    assert "NONE_FIT" in end
    assert "OPEN" in end


async def test_in_any_order_it_is_settled_in_the_end(service: Pairing) -> None:
    orders = interleavings(
        [coverage(ENTITY, 3), coverage(ENTITY, 4, must_found=False)],
        [organisation(GONE), organisation(PARTNER)],
        [rating(PARTNER, RatingBand.A)],
    )
    for order in orders:
        await service.hears(*order)
        told = await service.suggestions()
        assert [(one.version, one.state.value) for one in told][-1] == (len(told), "SETTLED")
        [row] = await service.rows(END)
        assert (row["state"], row["coverage_version"]) == ("SETTLED", 4)
        assert (told[-1].partner_organisation_id, told[-1].reasons) == (
            told[-2].partner_organisation_id,
            told[-2].reasons,
        )
        await service.forgets()


async def test_at_once_no_duty_misses_the_organisation_that_is_just_becoming_known(service: Pairing) -> None:
    """Each round has a district of its own: its entities and its one organisation arrive at the same moment."""
    random = Random(20240228)  # noqa: S311 - the same rounds each time
    for number in range(ROUNDS):
        district = f"{500200 + number:06d}101000"
        partner = UUID(int=1000 + number)
        entities = [UUID(int=10_000 + 10 * number + one) for one in range(4)]
        duties = [service.record(coverage(one, 1, division=district)) for one in entities]
        facts = [
            service.record(organisation(partner, division=district)),
            service.record(rating(partner, RatingBand.B)),
        ]
        takes = [
            service.takes("coverage", *duties[:2]),
            service.takes("coverage", *duties[2:]),
            service.takes("facts", facts[0]),
            service.takes("facts", facts[1]),
        ]
        random.shuffle(takes)
        await asyncio.gather(*takes)
        found = await service.rows(
            "SELECT partner_organisation_id, reasons FROM suggestion WHERE division_code = $1", district
        )
        assert [row["partner_organisation_id"] for row in found] == [partner] * 4
        assert all("RATED_WELL" in row["reasons"] for row in found)
    last: dict[str, int] = {}
    for one in await service.suggestions():
        assert one.version == last.get(one.key, 0) + 1
        last[one.key] = one.version
    assert len(last) == 4 * ROUNDS


async def test_at_once_replacing_a_partner_and_opening_for_others_end_with_a_fit_one(service: Pairing) -> None:
    await service.hears(organisation(GONE), *(coverage(UUID(int=number), 1) for number in range(1, 6)))
    opening = [service.record(coverage(UUID(int=number), 1)) for number in range(6, 11)]
    moving = [service.record(coverage(UUID(int=number), 2)) for number in (5, 3, 1, 2, 4)]
    await asyncio.gather(
        service.takes("coverage", *opening),
        service.takes("coverage", *moving),
        service.takes("facts", service.record(organisation(PARTNER))),
        service.takes("facts", service.record(organisation(GONE, 2, state=OrganisationState.DISSOLVED))),
    )
    found = await service.rows("SELECT DISTINCT partner_organisation_id AS partner FROM suggestion")
    assert [row["partner"] for row in found] == [PARTNER]
