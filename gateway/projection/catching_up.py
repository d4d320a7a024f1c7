"""Waits until a build that is filled has come as far as is wanted, and says how far it is."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, Protocol, TypeAlias

import asyncpg
from aiokafka.errors import KafkaError
from prometheus_client import REGISTRY

from gateway.projection.consumers import consumer_names
from gateway.projection.positions import Offsets, Positions, has
from gateway.projection.running import RunningBuild
from kit.health import START

LOOK_SECONDS: Final = 0.25

Session: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class BuildingError(Exception):
    """The read model can't be built, or switched; the text says why, and what to do."""


class Watcher(Protocol):
    """Sees how a rebuild gets on."""

    def doing(self, what: str) -> None:
        """Be told what is done, or waited for, now."""
        ...

    def moved(self, taken: int, total: int, events: int) -> None:
        """Be told how far it is: offsets taken of all that are wanted, and events taken in so far."""
        ...

    def noted(self, note: str) -> None:
        """Be told something that a person should read afterwards."""
        ...


class CatchingUp:
    """Looks at a build while its consumers fill it.

    Args:
        session: that holds the lock of the rebuild; without it another one may have begun.
        positions: what the broker knows.
        run: the build's consumers, in this process.
        watcher: sees how it gets on.
    """

    def __init__(self, session: Session, positions: Positions, run: RunningBuild, watcher: Watcher) -> None:
        self.name = run.name
        self._session = session
        self._positions = positions
        self._run = run
        self._watcher = watcher
        self._before = _events(run.name)

    @property
    def events(self) -> int:
        """How many events were taken in since this began to look."""
        return _events(self.name) - self._before

    async def reach_the_end(self, *, within: float | None = None) -> bool:
        """Wait until the build has all that is on the topics now; False where it has not within so many seconds.

        Raises:
            BuildingError: it never will, without somebody's doing.
            ConnectionError: the database went away.
        """
        deadline = None if within is None else monotonic() + within
        wanted: Offsets | None = None
        while deadline is None or monotonic() < deadline:
            self._check()
            wanted = wanted or await self._ask(self._positions.ends)
            reached = await self._reached()
            if wanted is not None and reached is not None:
                taken = sum(min(reached[place], end) for place, end in wanted.items())
                self._watcher.moved(taken, sum(wanted.values()), self.events)
                if has(reached, wanted):
                    return True
            await asyncio.sleep(LOOK_SECONDS)
        return False

    async def come_near(self, lag: int) -> None:
        """Wait until so few records are missing.

        Raises:
            BuildingError: it never will, without somebody's doing.
            ConnectionError: the database went away.
        """
        while True:
            self._check()
            ends, reached = await self._ask(self._positions.ends), await self._reached()
            if ends and reached and sum(max(0, end - reached[place]) for place, end in ends.items()) <= lag:
                return
            await asyncio.sleep(LOOK_SECONDS)

    def _check(self) -> None:
        if self._session.is_closed():
            raise ConnectionError("the database went away; run this again 数据库连接中断，请重新运行")
        for consumer in consumer_names(self.name):
            if REGISTRY.get_sample_value("lianhe_consumer_halted", {"consumer": consumer}):
                raise BuildingError(
                    f"{consumer} set too many records aside and stopped: lianhe dead-letters list gateway\n"
                    f"{consumer} 搁置的记录过多，已停止，请用 lianhe dead-letters list gateway 查看"
                )
            if REGISTRY.get_sample_value("lianhe_held_partitions", {"consumer": consumer}):
                raise BuildingError(
                    f"{consumer} came to an event that only a newer release reads: roll it out first\n"
                    f"{consumer} 遇到新版本的事件，请先升级"
                )
        waits = {one.waiting_for for one in self._run.health.components if one.waiting_for} - {START}
        if waits:
            self._watcher.doing(f"waiting 等待: {', '.join(sorted(waits))}")

    async def _reached(self) -> Offsets | None:
        return await self._ask(lambda: self._positions.reached(self.name))

    async def _ask(self, question: Callable[[], Awaitable[Offsets]]) -> Offsets | None:
        """Return what the broker says, or None where it gives no answer: it may at the next look."""
        try:
            return await question()
        except (KafkaError, OSError) as error:
            self._watcher.doing(f"waiting for the broker 等待消息代理 ({type(error).__name__})")
            return None


def _events(build: str) -> int:
    counted = (
        REGISTRY.get_sample_value("lianhe_records_total", {"consumer": consumer, "outcome": "applied"})
        for consumer in consumer_names(build)
    )
    return int(sum(one or 0 for one in counted))
