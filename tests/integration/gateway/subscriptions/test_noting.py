"""What the projection notes: what really changed, in the transaction that changed it."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from contracts.envelope import Envelope
from contracts.events.base import EventData
from contracts.vocabulary import CoverageDuty, EntityKind, OrganisationCoverage, RatingBand
from gateway.projection.consumers import subscribe
from gateway.projection.ledgers import LedgersProjection
from gateway.projection.noting import Noting
from kit.consumer import Heard
from kit.database import Database
from kit.ids import new_id
from tests.conftest import Eventually, MakeDatabase
from tests.integration.gateway.graphql.district.makers import (
    GRID,
    LONGSHUI,
    WANGU,
    coverage,
    entity,
    id_of,
    membership,
    rating,
)
from tests.integration.gateway.hearing import NOW, Projection, Wired

pytestmark = pytest.mark.servers

MICRO = EntityKind.MICRO_SMALL_ENTERPRISE
NONE, MET, MUST_FOUND = OrganisationCoverage.NONE, CoverageDuty.MET, CoverageDuty.MUST_FOUND
NOTED = "SELECT topic, aggregate_id, version FROM public.change ORDER BY id"


def changed(name: str, version: int, division: str = LONGSHUI, duty: CoverageDuty = MET) -> EventData:
    return coverage(name, MICRO, division, (3, 0), NONE, duty).model_copy(update={"version": version})


def noted(*changes: tuple[str, int]) -> list[tuple[object, ...]]:
    return [("ledgers-coverage", id_of(name), version) for name, version in changes]


@pytest.fixture
async def projection(make_database: MakeDatabase) -> AsyncIterator[Projection]:
    """The live consumers on an empty read model."""
    projection = Projection(await make_database("gateway"))
    yield projection
    await projection.close()


async def test_a_newer_version_is_noted_once_and_an_older_or_the_same_never(projection: Projection) -> None:
    for version in (1, 1, 3, 2, 3, 1, 4):
        await projection.hears(changed("E1", version))
    assert await projection.rows(NOTED) == noted(("E1", 1), ("E1", 3), ("E1", 4))


async def test_of_several_in_a_batch_the_newest_is_noted(projection: Projection) -> None:
    await projection.hears(changed("E1", 1), changed("E1", 3), changed("E1", 2), changed("E2", 1), changed("E2", 1))
    assert sorted(await projection.rows(NOTED)) == sorted(noted(("E1", 3), ("E2", 1)))


async def test_what_is_noted_is_where_it_is_and_what_told_it(projection: Projection) -> None:
    await projection.hears(changed("E1", 2, GRID, MUST_FOUND))
    await projection.hears(rating("R1", "O1", "S1", "60", RatingBand.C, WANGU, withdrawn=True))
    rows = await projection.rows(
        "SELECT topic, event_type, division_code, bureau, recorded_at, position FROM public.change ORDER BY id"
    )
    assert rows == [
        (
            "ledgers-coverage",
            "cn.lianhe.ledgers.coverage.founding-required.v1",
            GRID,
            "MARKET_REGULATION",
            NOW,
            None,
        ),
        ("assessment-rating", "cn.lianhe.assessment.rating.withdrawn.v1", WANGU, "MARKET_REGULATION", NOW, None),
    ]


async def test_what_nobody_subscribes_to_is_not_noted(projection: Projection) -> None:
    await projection.hears(
        entity("E1", MICRO, LONGSHUI), membership("O1", LONGSHUI, related=4, managed=5, both=3, full=(3, 5))
    )
    assert await projection.rows(NOTED) == []


@pytest.mark.parametrize("seed", range(5))
async def test_in_any_order_and_any_batches_each_note_is_news_and_the_newest_is_noted(
    projection: Projection, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    events = [changed(name, version) for name in ("E1", "E2", "E3") for version in range(1, 6)]
    events += random.choices(events, k=10)
    random.shuffle(events)
    while events:
        size = random.randint(1, 4)
        await projection.hears(*events[:size])
        del events[:size]
    found: dict[object, list[int]] = {}
    for _, key, version in await projection.rows(NOTED):
        assert isinstance(version, int)
        found.setdefault(key, []).append(version)
    assert set(found) == {id_of(name) for name in ("E1", "E2", "E3")}
    for versions in found.values():
        assert versions == sorted(set(versions)), "each is newer than the one before"
        assert versions[-1] == 5


async def test_a_version_that_two_builds_hear_is_noted_once(projection: Projection) -> None:
    """While one build takes over from another, both are live for a moment."""
    await projection.hears(changed("E1", 1))
    await projection.rows("UPDATE model_1.coverage SET version = 0")
    await projection.hears(changed("E1", 1), changed("E2", 1))
    assert await projection.rows(NOTED) == noted(("E1", 1), ("E2", 1))


async def test_what_is_told_again_after_its_change_was_deleted_is_no_change(projection: Projection) -> None:
    await projection.hears(changed("E1", 1), changed("E2", 2))
    await projection.rows("DELETE FROM public.change")
    await projection.hears(changed("E1", 1), changed("E2", 1), changed("E2", 2))
    assert await projection.rows(NOTED) == []


@pytest.mark.parametrize("version", [1, 2])
async def test_of_two_who_hear_it_at_once_one_notes_it(
    make_database: MakeDatabase, eventually: Eventually, version: int
) -> None:
    """A dead letter that is redriven may come at the same moment as what was told after it, or as itself."""
    url = await make_database("gateway")
    database, projection = Database(url, application_name="gateway"), Projection(url)
    noting = Noting(LedgersProjection("model_1"), "model_1")

    def hear(event: EventData) -> list[Heard[EventData]]:
        envelope = Envelope(id=new_id(), source="/lianhe/tests", type=event.event_type, time=NOW, subject=event.key)
        return [Heard(event, envelope, None)]

    async def second() -> None:
        async with database.transaction() as transaction:
            await noting(transaction, hear(changed("E1", version)))

    async def waits() -> bool:
        query = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return len(await projection.rows(query)) == 1

    async with database.transaction() as transaction:
        await noting(transaction, hear(changed("E1", 2)))
        other = asyncio.create_task(second())
        await eventually(waits)
    await other
    assert await projection.rows(NOTED) == noted(("E1", 2))
    await projection.close()
    await database.close()


async def test_a_build_in_the_making_notes_nothing(make_database: MakeDatabase) -> None:
    url = await make_database("gateway")
    database = Database(url, application_name="gateway", pool_size=1)
    projection = Projection(url)
    wired = Wired(url, database)
    subscribe(wired, noting=False)
    try:
        for event in (changed("E1", 1), rating("R1", "O1", "S1", "60", RatingBand.C, LONGSHUI)):
            await wired.consumers[event.topic].take([projection.record(event)])
        assert await projection.rows(NOTED) == []
        written = "SELECT (SELECT count(*) FROM model_1.coverage), (SELECT count(*) FROM model_1.rating)"
        assert await projection.rows(written) == [(1, 1)]
    finally:
        await projection.close()
        await database.close()
