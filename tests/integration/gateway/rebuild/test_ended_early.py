"""However a rebuild ends early, the live build is untouched, and the next rebuild leaves nothing of it."""

import asyncio
import signal
import subprocess

import pytest

from tests.conftest import Eventually
from tests.integration.gateway.rebuild.place import GatewayPlace, groups_of, recorded, registered

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

ENTITIES = 10_000


async def _filled(place: GatewayPlace) -> None:
    await place.tell([registered(number) for number in range(ENTITIES)])
    await place.tell([recorded(number) for number in range(ENTITIES)])
    await place.rebuilt()


async def _in_the_middle(place: GatewayPlace) -> "subprocess.Popen[str]":
    """Start a rebuild, and return when it has some of the entities."""
    process = place.rebuild()
    while not await place.value("SELECT count(*) FROM model_3.entity"):
        assert process.poll() is None, process.communicate()
        await asyncio.sleep(0.01)
    return process


async def test_killed_in_the_middle_the_next_one_begins_anew(place: GatewayPlace, eventually: Eventually) -> None:
    await _filled(place)
    before = await place.value("SELECT md5(string_agg(e::text, '|' ORDER BY entity_id)) FROM model_2.entity AS e")
    process = await _in_the_middle(place)
    process.kill()
    process.communicate()
    assert await place.value("SELECT count(*) FROM model_3.entity") < ENTITIES, "it was in the middle"
    assert await place.live() == "model_2"
    assert (
        await place.value("SELECT md5(string_agg(e::text, '|' ORDER BY entity_id)) FROM model_2.entity AS e") == before
    )

    async with place.gateway() as gateway:
        assert (await gateway.ask("{ entities { totalCount } }"))["entities"]["totalCount"] == ENTITIES
        await place.tell([registered(ENTITIES), registered(0, 2)])
        again = await place.rebuilt()
        assert (again["before"], again["build"], again["takenOver"]) == ("model_2", "model_4", True)
        assert again["events"] == 2 * ENTITIES + 2, "all of them, not those that were missing"
        assert again["rows"]["entity"] == {"before": ENTITIES + 1, "build": ENTITIES + 1}
        assert await gateway.version(0) == 2

        async def former_is_let_go() -> bool:
            return gateway.consumers() == {"model-4"}

        await eventually(former_is_let_go)
    assert await place.builds() == {"model_2", "model_4"}
    assert await place.groups() == groups_of("model_2", "model_4")


async def test_interrupted_it_leaves_nothing(place: GatewayPlace) -> None:
    await _filled(place)
    process = await _in_the_middle(place)
    process.send_signal(signal.SIGINT)
    _, error = await asyncio.to_thread(process.communicate, timeout=100)
    assert process.returncode == 130, error
    assert await place.live() == "model_2"
    assert await place.builds() == {"model_2"}, "what was read before the first rebuild is dropped too"
    assert await place.groups() == groups_of("model_2")


async def test_of_two_at_once_the_second_says_so_and_changes_nothing(place: GatewayPlace) -> None:
    await _filled(place)
    first = await _in_the_middle(place)
    first.send_signal(signal.SIGSTOP)
    second = place.rebuild()
    _, error = await asyncio.to_thread(second.communicate, timeout=100)
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 1, error
    assert "another rebuild is under way 另一个重建正在进行" in error
    out, error = await asyncio.to_thread(first.communicate, timeout=200)
    assert first.returncode == 0, error
    assert '"build":"model_3"' in out
    assert await place.live() == "model_3"


async def test_killed_after_the_switch_the_gateway_takes_over(place: GatewayPlace, eventually: Eventually) -> None:
    await _filled(place)
    async with place.gateway() as gateway:
        process = place.rebuild()
        while await place.live() != "model_3":
            assert process.poll() is None, process.communicate()
        process.kill()
        process.communicate()
        await place.tell([registered(0, 2)])

        async def is_new() -> bool:
            return await gateway.version(0) == 2 and gateway.consumers() == {"model-3"}

        await eventually(is_new)
        assert await place.value("SELECT count(*) FROM model_3.entity") == ENTITIES
