"""The consumers of one build, for as long as a process runs them."""

import asyncio
from collections.abc import Sequence
from typing import Final

from contracts.events.dead_letters import GatewayDeadLetterRecorded
from gateway.projection.consumers import consumer_names, subscribe
from gateway.projection.health import BuildHealth
from kit import metrics
from kit.broker import Subscription
from kit.clock import SystemClock
from kit.database import Database
from kit.hearing import Hearing
from kit.log import logger
from kit.process import Component
from kit.settings import ServiceSettings

_log = logger(__name__)

STOP_SECONDS: Final = 40.0
"""A batch under way gets 20 s to finish; one that waits for what won't come is then given up."""


class RunningBuild:
    """Keeps one build up to date.

    Args:
        name: the build's schema.
        settings: where the broker is, and which replica this is.
        database_url: the gateway's database.
        noting: whether changes are noted for subscribers; not of a build in the making.
        attending: whether dead letters are redriven, and daily timers kept, too: what a gateway does.
    """

    def __init__(
        self, name: str, settings: ServiceSettings, database_url: str, *, noting: bool, attending: bool
    ) -> None:
        self.name = name
        self.health = BuildHealth()
        self._database = Database(database_url, application_name=f"gateway {name}")
        hearing = Hearing(
            settings,
            database_url=database_url,
            database=self._database,
            dead_letter=GatewayDeadLetterRecorded,
            clock=SystemClock(),
            health=self.health,
        )
        subscribe(hearing, name, noting=noting)
        self._components: Sequence[Component] = [
            one for one in hearing.components() if attending or isinstance(one, Subscription)
        ]
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, group: asyncio.TaskGroup) -> None:
        """Run the consumers as tasks of `group`; what one of them fails with ends the group."""
        self._tasks = [group.create_task(one.run(self._stop)) for one in self._components]

    async def stop(self) -> None:
        """Finish what is under way, and end."""
        self._stop.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            for one in late:
                _log.warning("consumer given up", build=self.name)
                one.cancel()
            if late:
                await asyncio.wait(late)
        await self._database.close()
        for consumer in consumer_names(self.name):
            for gauge in (metrics.LAG_RECORDS, metrics.LAG_SECONDS, metrics.HELD_PARTITIONS, metrics.HALTED):
                gauge.remove_by_labels({"consumer": consumer})
