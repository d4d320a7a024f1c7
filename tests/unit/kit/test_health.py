"""Health: a component that waits is alive but not ready; one that stands still with work pending is not alive."""

import httpx
import orjson
import pytest
from starlette.applications import Starlette

from kit import metrics
from kit.health import STALLED_AFTER_SECONDS, Health, Progress


def _client(health: Health) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=health.routes())), base_url="http://process"
    )


class FakeTime:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def progress(fake_time: FakeTime) -> Progress:
    return Progress("tally", clock=fake_time)


def test_a_component_that_starts_is_alive_and_not_ready(progress: Progress) -> None:
    assert (progress.ready, progress.alive, progress.waiting_for) == (False, True, "start 启动")


def test_waiting_for_a_server_is_alive_however_long_it_takes(progress: Progress, fake_time: FakeTime) -> None:
    progress.is_ready()
    progress.pending = 5
    progress.waits("database 数据库: OSError")
    fake_time.now += 10 * STALLED_AFTER_SECONDS
    assert (progress.ready, progress.alive, progress.waiting_for) == (False, True, "database 数据库: OSError")


def test_pending_work_that_does_not_move_is_dead_after_two_minutes_to_the_moment(
    progress: Progress, fake_time: FakeTime
) -> None:
    progress.is_ready()
    progress.pending = 1
    fake_time.now += STALLED_AFTER_SECONDS - 0.001
    assert progress.alive
    fake_time.now += 0.001
    assert (progress.alive, progress.ready) == (False, True)
    progress.moved()
    assert progress.alive


def test_a_component_without_work_is_alive_however_long_it_idles(progress: Progress, fake_time: FakeTime) -> None:
    progress.is_ready()
    fake_time.now += 10 * STALLED_AFTER_SECONDS
    assert progress.alive


def test_after_waiting_the_two_minutes_begin_anew(progress: Progress, fake_time: FakeTime) -> None:
    progress.pending = 1
    progress.waits("broker 消息代理")
    fake_time.now += 2 * STALLED_AFTER_SECONDS
    progress.is_ready()
    assert (progress.alive, progress.ready, progress.waiting_for) == (True, True, None)


async def test_a_process_is_as_well_as_its_worst_component() -> None:
    health = Health()
    relay, consumer = health.component("relay"), health.component("consumer")
    client = _client(health)
    relay.is_ready()
    assert (await client.get("/health/ready")).status_code == 503
    consumer.is_ready()
    assert (await client.get("/health/ready")).status_code == 200
    consumer.waits("database 数据库: OSError")
    refused = await client.get("/health/ready")
    assert refused.status_code == 503
    assert orjson.loads(refused.content) == {
        "status": "unavailable",
        "components": [
            {"name": "relay", "ready": True, "alive": True, "waiting_for": None},
            {"name": "consumer", "ready": False, "alive": True, "waiting_for": "database 数据库: OSError"},
        ],
    }
    assert (await client.get("/health/live")).status_code == 200


async def test_a_component_that_stands_still_makes_the_process_dead(fake_time: FakeTime) -> None:
    health = Health()
    consumer = health.component("consumer")
    consumer.clock = fake_time
    consumer.is_ready()
    consumer.pending = 1
    fake_time.now += STALLED_AFTER_SECONDS
    client = _client(health)
    assert (await client.get("/health/live")).status_code == 503


async def test_what_was_counted_is_shown_among_the_metrics() -> None:
    metrics.HALTED.labels("tally.shown").set(1)
    shown = await _client(Health()).get("/metrics")
    assert b'lianhe_consumer_halted{consumer="tally.shown"} 1.0' in shown.content
