"""Keeps the build that is read up to date, and follows the pointer from one build to the next.

When the pointer moves, the new build's consumers start beside the old one's, which go on until the new ones have taken
over all partitions and the old ones have all that was taken in before. So the process stays ready, and no change that
is noted for subscribers falls between the two.
"""

import asyncio
from typing import Final

from aiokafka.errors import KafkaError

from gateway.projection.health import FollowingHealth
from gateway.projection.pointer import Pointer
from gateway.projection.positions import Offsets, Positions, has
from gateway.projection.running import RunningBuild
from gateway.settings import GatewaySettings
from kit import waiting
from kit.log import logger

_log = logger(__name__)

BUILDER: Final = "rebuild"
"""The instance by which `lianhe rebuild` is in a build's groups."""
HAND_OVER_SECONDS: Final = 60.0
"""For so long the old build's consumers go on, whatever holds the new ones up: a session of 20 s must end, and more."""
LOOK_SECONDS: Final = 0.2


class LiveProjection:
    """Runs the consumers of the live build.

    Args:
        settings: of the gateway.
        health: of its process.
    """

    def __init__(self, settings: GatewaySettings, health: FollowingHealth) -> None:
        self._settings = settings
        self._health = health
        self._pointer = Pointer(settings.database_url, health.component("read model"))

    async def run(self, stop: asyncio.Event) -> None:
        """Keep whichever build is live up to date until `stop` is set.

        Raises:
            ExceptionGroup: of what the consumers failed with; the process should end and be started again.
        """
        current: RunningBuild | None = None
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pointer.run(stop))
            while live := await self._pointer.other_than(current.name if current else None, stop):
                following = RunningBuild(live, self._settings, self._settings.database_url, noting=True, attending=True)
                following.start(group)
                if current is not None:
                    _log.info("the live build is another one", before=current.name, now=live)
                    await self._hand_over(current, following, stop)
                    await self._leave(current)
                self._health.show(following.health)
                current = following
            if current is not None:
                await current.stop()

    async def _hand_over(self, before: RunningBuild, now: RunningBuild, stop: asyncio.Event) -> None:
        """Wait until the old build's consumers are needed no longer."""
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS):
                while not stop.is_set():
                    try:
                        async with Positions(self._settings) as positions:
                            await self._taken_over(positions, before.name, now, stop)
                    except (KafkaError, OSError) as error:
                        _log.warning("waiting for the broker", error=repr(error))
                        await waiting.up_to(LOOK_SECONDS, stop)
                    else:
                        return
        except TimeoutError:
            _log.warning(
                "the old build's consumers end before the new ones took over", before=before.name, now=now.name
            )

    async def _taken_over(self, positions: Positions, before: str, now: RunningBuild, stop: asyncio.Event) -> None:
        taken: Offsets | None = None
        while not stop.is_set():
            if taken is None and now.health.ready and not await _is_built(positions, now.name):
                taken = await positions.reached(now.name)
            # one that lacks tables never comes so far
            if taken is not None and (
                not self._pointer.is_complete(before) or has(await positions.reached(before), taken)
            ):
                return
            await waiting.up_to(LOOK_SECONDS, stop)

    async def _leave(self, build: RunningBuild) -> None:
        await build.stop()
        self._health.hide(build.health)
        try:
            async with Positions(self._settings) as positions:
                await positions.leave(build.name, self._settings.instance_id)
        except (KafkaError, OSError) as error:  # the broker takes it out when its session ends
            _log.warning("groups not left", build=build.name, error=repr(error))


async def _is_built(positions: Positions, build: str) -> bool:
    """Return whether the process that built it is still among its consumers."""
    return any(BUILDER in instances for instances in await positions.instances(build))
