"""The read model is built anew beside the one that is read; queries are answered all the while."""

import asyncio

import asyncpg
import pytest

from gateway.projection.switching import frozen
from tests.conftest import Eventually
from tests.integration.gateway.rebuild.place import GatewayPlace, entity_id, groups_of, recorded, registered

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

ENTITIES = 10_000
WRITTEN = 0
"""The entity that is written all the while."""


async def test_under_queries_and_writes_nothing_fails_and_no_older_version_comes_back(
    place: GatewayPlace, eventually: Eventually
) -> None:
    await place.tell([registered(number) for number in range(ENTITIES)])
    await place.tell([recorded(number) for number in range(ENTITIES)])
    done = asyncio.Event()
    told = 1
    seen: list[int] = []
    unready = 0

    async with place.gateway() as gateway:

        async def all_is_read() -> bool:
            data = await gateway.ask("{ entities { totalCount } }")
            return bool(data["entities"]["totalCount"] == ENTITIES)

        async def write() -> None:
            nonlocal told
            while not done.is_set():
                await place.tell([registered(WRITTEN, told + 1)])
                told += 1

        async def ask() -> None:
            nonlocal unready
            while not done.is_set():
                seen.append(await gateway.version(WRITTEN))
                assert (await gateway.ask("{ entities { totalCount } }"))["entities"]["totalCount"] == ENTITIES
                unready += not await gateway.ready()

        async def newest_is_read() -> bool:
            return await gateway.version(WRITTEN) == told

        await eventually(all_is_read)
        async with asyncio.TaskGroup() as group:
            group.create_task(write())
            group.create_task(ask())
            built = await place.rebuilt()
            await asyncio.sleep(1.5)  # the pointer is believed for a second
            done.set()
        assert (built["before"], built["build"], built["takenOver"]) == ("model_1", "model_2", True)
        assert await place.live() == "model_2"
        await eventually(newest_is_read)
        assert await place.value("SELECT count(*) FROM model_2.entity WHERE version = $1", told) == 1
        assert await place.value("SELECT count(*) FROM model_2.entity_ledger") == ENTITIES

    assert seen == sorted(seen)
    assert len(seen) > 20
    assert seen[-1] > seen[0]
    assert unready == 0


async def test_where_nothing_is_written_both_builds_have_the_same_rows(place: GatewayPlace) -> None:
    await place.tell([registered(number, version) for number in range(50) for version in (1, 2)])
    await place.tell([recorded(number) for number in range(30)])
    first = await place.rebuilt()
    assert (first["build"], first["events"], first["takenOver"]) == ("model_2", 130, False)
    assert first["rows"]["entity"] == {"before": 0, "build": 50}, "no gateway had filled the first build"
    second = await place.rebuilt()
    assert (second["before"], second["build"], second["events"]) == ("model_2", "model_3", 130)
    assert {table: counts["before"] for table, counts in second["rows"].items()} == {
        table: counts["build"] for table, counts in second["rows"].items()
    }
    assert second["rows"]["entity_ledger"] == {"before": 30, "build": 30}
    same = "SELECT count(*) FROM model_2.entity JOIN model_3.entity AS other USING (entity_id, version, name)"
    assert await place.value(same) == 50
    assert await place.builds() == {"model_2", "model_3"}, "the first build is dropped by the second rebuild"
    assert await place.groups() == groups_of("model_2", "model_3"), "and its groups with it"


async def test_it_is_not_switched_to_before_it_has_all_that_is_read(
    place: GatewayPlace, eventually: Eventually
) -> None:
    await place.tell([registered(number) for number in range(2000)])

    async with place.gateway() as gateway:

        async def all_is_read() -> bool:
            return bool(await place.value("SELECT count(*) = 2000 FROM model_1.entity"))

        async def second_is_read() -> bool:
            return await gateway.version(0) == 2

        async def filled_is_analysed() -> bool:
            return bool(
                await place.value("SELECT reltuples = 2000 FROM pg_class WHERE oid = 'model_2.entity'::regclass")
            )

        await eventually(all_is_read)
        building = asyncio.create_task(place.rebuilt())
        behind, late = await asyncpg.connect(place.database_url), await asyncpg.connect(place.database_url)
        try:
            while not await place.value("SELECT count(*) = 2000 FROM model_2.entity"):
                assert not building.done()
            async with behind.transaction():
                await behind.execute("SELECT FROM model_2.entity WHERE entity_id = $1 FOR UPDATE", entity_id(0))
                # what is to be analysed last holds the rebuild until the new version is told
                async with late.transaction():
                    await late.execute("LOCK TABLE model_2.suggestion IN SHARE MODE")
                    await eventually(filled_is_analysed)
                    await place.tell([registered(0, 2)])
                    await eventually(second_is_read)
                await asyncio.sleep(3)
                assert await place.live() == "model_1"
        finally:
            await behind.close()
            await late.close()
        assert (await building)["build"] == await place.live() == "model_2"
        assert await gateway.version(0) == 2


async def test_while_it_is_switched_a_build_is_read_and_not_written(place: GatewayPlace) -> None:
    writer = await asyncpg.connect(place.database_url, server_settings={"lock_timeout": "200ms"})
    delete = "DELETE FROM model_1.entity"
    try:
        async with frozen(place.database_url, "model_1"):
            assert await place.value("SELECT count(*) FROM model_1.entity") == 0
            with pytest.raises(asyncpg.LockNotAvailableError):
                await writer.execute(delete)
        assert await writer.execute(delete) == "DELETE 0"
    finally:
        await writer.close()
