"""A gateway follows the pointer, whichever build it names, and so do all of its replicas."""

import pytest

from tests.conftest import Eventually
from tests.integration.gateway.rebuild.place import Gateway, GatewayPlace, covered, groups_of, recorded, registered

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]


async def test_two_replicas_follow_two_rebuilds_and_the_way_back(place: GatewayPlace, eventually: Eventually) -> None:
    await place.tell([registered(number) for number in range(200)])

    async def both_have(first: Gateway, second: Gateway, build: str, version: int) -> None:
        async def they_have() -> bool:
            versions = [await one.version(0) for one in (first, second)]
            return versions == [version, version] and first.consumers() == second.consumers() == {build}

        await eventually(they_have)

    async with place.gateway("0") as first, place.gateway("1") as second:
        await both_have(first, second, "model-1", 1)
        assert await place.groups() == groups_of("model_1")
        for number in (2, 3):
            built = await place.rebuilt()
            assert (built["build"], built["takenOver"]) == (f"model_{number}", True)
            await both_have(first, second, f"model-{number}", number - 1)
            await place.tell([registered(0, number)])
            await both_have(first, second, f"model-{number}", number)
        assert await place.builds() == {"model_2", "model_3"}
        assert await place.value("SELECT version FROM model_2.entity ORDER BY version DESC LIMIT 1") == 2

        back = await place.rebuilt("--back")
        assert (back["before"], back["build"], back["takenOver"]) == ("model_3", "model_2", True)
        assert back["rows"]["entity"] == {"before": 200, "build": 200}
        assert await place.value("SELECT version FROM model_2.entity ORDER BY version DESC LIMIT 1") == 3
        await place.tell([registered(0, 4)])
        await both_have(first, second, "model-2", 4)

        assert (await place.rebuilt())["build"] == "model_4", "a number is never used again"
        await both_have(first, second, "model-4", 4)
        assert await place.builds() == {"model_2", "model_4"}

    async with place.gateway() as again:
        assert again.consumers() == {"model-4"}


async def test_without_a_former_build_there_is_no_way_back(place: GatewayPlace) -> None:
    process = place.rebuild("--back")
    _, error = process.communicate(timeout=100)
    assert process.returncode == 1
    assert "no build before model_1" in error
    assert "之前没有可恢复的读模型" in error
    assert await place.live() == "model_1"


async def test_a_build_in_the_making_brings_no_news_and_none_is_missed(
    place: GatewayPlace, eventually: Eventually
) -> None:
    noted = "SELECT count(*) FROM public.change"
    told = [covered(number, version) for number in range(40) for version in (1, 2)]
    await place.tell(told[:40])

    async def twenty_are_noted() -> bool:
        return bool(await place.value("SELECT count(DISTINCT aggregate_id) = 20 FROM public.change"))

    async with place.gateway():
        await eventually(twenty_are_noted)
        await place.value("DELETE FROM public.change")
        await place.rebuilt()
        assert await place.value(noted) == 0
    await place.tell(told[40:])
    assert (await place.rebuilt())["takenOver"] is False
    assert await place.value("SELECT count(DISTINCT aggregate_id) FROM public.change") == 20, "those told since"
    assert await place.value("SELECT count(*) FROM public.change WHERE version = 2") == 20


async def test_a_build_of_an_older_release_is_named_and_mended_by_a_rebuild(
    place: GatewayPlace, eventually: Eventually
) -> None:
    await place.tell([registered(0), recorded(0)])
    await place.value("ALTER TABLE model_1.entity DROP COLUMN address")
    await place.value("DROP TABLE model_1.rating")
    async with place.gateway(ready=False) as gateway:
        built = await place.rebuilt()
        assert built["rows"]["rating"] == {"before": None, "build": 0}

        async def is_mended() -> bool:
            return await gateway.version(0) == 1 and await gateway.ready() and gateway.consumers() == {"model-2"}

        await eventually(is_mended)
    [line] = [one for one in gateway.lines if "lacks tables" in one]
    assert '"lacking":["entity.address","rating"]' in line.replace(" ", "")
