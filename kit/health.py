"""Health by progress: a process is alive while it moves or has nothing to do, and ready when it can take work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

STALLED_AFTER_SECONDS: Final = 120.0
START: Final = "start 启动"


@dataclass(slots=True)
class Progress:
    """What one component of a process tells about itself.

    A component that waits for a server that is away is alive (a restart would not help) but not ready.
    """

    name: str
    ready: bool = False
    waiting_for: str | None = START
    pending: int = 0
    clock: Callable[[], float] = monotonic
    _moved_at: float = field(default=0.0)

    def __post_init__(self) -> None:
        """Count from now."""
        self._moved_at = self.clock()

    def moved(self) -> None:
        """Note that work was done."""
        self._moved_at = self.clock()

    def is_ready(self) -> None:
        """Note that the component takes work."""
        self.ready, self.waiting_for = True, None
        self.moved()

    def waits(self, reason: str) -> None:
        """Note that the component can't take work now, and why."""
        self.ready, self.waiting_for = False, reason
        self.moved()

    @property
    def alive(self) -> bool:
        """False where work is pending, nothing is waited for, and nothing has moved for two minutes."""
        return (
            self.pending == 0 or self.waiting_for is not None or self.clock() - self._moved_at < STALLED_AFTER_SECONDS
        )


class Health:
    """The health of a process: that of its components."""

    def __init__(self) -> None:
        self._components: list[Progress] = []

    def component(self, name: str) -> Progress:
        """Add a component and return its progress, for the component to keep up to date."""
        progress = Progress(name)
        self._components.append(progress)
        return progress

    @property
    def ready(self) -> bool:
        """Whether every component takes work."""
        return all(one.ready for one in self._components)

    @property
    def alive(self) -> bool:
        """Whether every component moves, waits, or has nothing to do."""
        return all(one.alive for one in self._components)

    def routes(self) -> list[Route]:
        """Return `/health/live`, `/health/ready` and `/metrics`."""

        async def live(_request: Request) -> Response:
            return self._answer(well=self.alive)

        async def ready(_request: Request) -> Response:
            return self._answer(well=self.ready)

        async def metrics(_request: Request) -> Response:
            return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

        return [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", metrics)]

    def _answer(self, *, well: bool) -> Response:
        components = [
            {"name": one.name, "ready": one.ready, "alive": one.alive, "waiting_for": one.waiting_for}
            for one in self._components
        ]
        body = orjson.dumps({"status": "ok" if well else "unavailable", "components": components})
        return Response(body, status_code=200 if well else 503, media_type="application/json")
