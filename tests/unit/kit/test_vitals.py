"""How busy a process is: its event loop, and its pools."""

import asyncio
import time
from dataclasses import dataclass
from typing import cast

import asyncpg
import pytest
from prometheus_client import REGISTRY

from kit import vitals
from kit.vitals import forget_pool, watch_loop, watch_pool
from tests.conftest import Eventually


def late() -> tuple[float, float]:
    """Return how often the loop was looked at, and how late it was in all."""
    values = [REGISTRY.get_sample_value(f"lianhe_event_loop_lag_seconds_{part}") or 0.0 for part in ("count", "sum")]
    return values[0], values[1]


async def test_a_loop_that_is_held_up_is_seen_to_be_late(
    monkeypatch: pytest.MonkeyPatch, eventually: Eventually
) -> None:
    monkeypatch.setattr(vitals, "LOOK_SECONDS", 0.01)
    count, total = late()
    stop = asyncio.Event()
    watching = asyncio.create_task(watch_loop(stop))
    await asyncio.sleep(0)
    time.sleep(0.3)  # noqa: ASYNC251 - what holds the loop up is the point

    async def looked() -> bool:
        return late()[0] > count

    await eventually(looked)
    stop.set()
    await watching
    assert late()[1] - total >= 0.25


@dataclass
class Pool:
    """As far as it is looked at."""

    size: int = 0
    idle: int = 0

    def get_max_size(self) -> int:
        return 5

    def get_size(self) -> int:
        return self.size

    def get_idle_size(self) -> int:
        return self.idle


def test_a_pool_is_told_of_as_it_is_when_asked_and_no_more_when_it_is_closed() -> None:
    pool = Pool()
    watch_pool("test vitals", cast("asyncpg.Pool[asyncpg.Record]", pool))
    pool.size, pool.idle = 4, 1
    labels = {"pool": "test vitals"}
    assert REGISTRY.get_sample_value("lianhe_pool_busy", labels) == 3
    assert REGISTRY.get_sample_value("lianhe_pool_limit", labels) == 5
    forget_pool("test vitals")
    assert REGISTRY.get_sample_value("lianhe_pool_busy", labels) is None
