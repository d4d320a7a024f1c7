"""How busy a process is: its event loop, and its pools of connections."""

import asyncio
from typing import Final

import asyncpg

from kit import metrics
from kit.waiting import up_to

LOOK_SECONDS: Final = 1.0


async def watch_loop(stop: asyncio.Event) -> None:
    """Note once a second how late the event loop is, until `stop` is set."""
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        due = loop.time() + LOOK_SECONDS
        await up_to(LOOK_SECONDS, stop)
        if not stop.is_set():
            metrics.LOOP_LAG_SECONDS.observe(max(0.0, loop.time() - due))


def watch_pool(name: str, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """Let the metrics tell how much of a pool is in use, whenever they are asked.

    Args:
        name: of the pool; none of two pools of one process.
        pool: until `forget_pool`.
    """
    metrics.POOL_LIMIT.labels(name).set(pool.get_max_size())
    metrics.POOL_BUSY.labels(name).set_function(lambda: pool.get_size() - pool.get_idle_size())


def forget_pool(name: str) -> None:
    """Tell no more of a pool that is closed."""
    for metric in (metrics.POOL_LIMIT, metrics.POOL_BUSY, metrics.POOL_WAIT_SECONDS):
        metric.remove_by_labels({"pool": name})
