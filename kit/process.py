"""A service's process: its components run side by side until it is told to stop, and stop cleanly.

A component that fails ends the process with an error, so that whoever supervises it starts it again: a half-alive
process would look well and do nothing. One whose other components don't end then is ended all the same: a kill is
what everything here is built for.
"""

import asyncio
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

import uvicorn
from starlette.types import ASGIApp

from kit import log, loop, telemetry
from kit.settings import ServiceSettings
from kit.vitals import watch_loop

GRACE_SECONDS: Final = 10
END_SECONDS: Final = 60.0
"""For so long the components may take to end once one of them failed, or the process was told to stop."""


class Component(Protocol):
    """Something a process does until it is told to stop."""

    async def run(self, stop: asyncio.Event, /) -> None:
        """Work until `stop` is set, finish what is under way, return."""
        ...


class HttpServer:
    """Serves an ASGI application on the address of the settings."""

    def __init__(self, app: ASGIApp, settings: ServiceSettings) -> None:
        self._server = _Server(
            uvicorn.Config(
                app,
                host=settings.http_host,
                port=settings.http_port,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Answer requests until `stop` is set; those under way are finished."""
        serving = asyncio.create_task(self._server.serve())
        stopping = asyncio.create_task(_wait(stop))
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        self._server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves the signals to the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def run(process: str, settings: ServiceSettings, components: Sequence[Component]) -> None:
    """Run a process until SIGTERM or SIGINT.

    Raises:
        ExceptionGroup: of what the components failed with.
    """
    log.set_up(process, settings.log_level)
    provider = telemetry.set_up(process)
    try:
        loop.run(_run(process, components))
    finally:
        provider.shutdown()


async def _run(process: str, components: Sequence[Component]) -> None:
    logger = log.logger(__name__)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    logger.info("started", process=process)
    ending = asyncio.create_task(_end_late(stop))
    async with asyncio.TaskGroup() as group:
        group.create_task(watch_loop(stop), name="vitals")
        for component in components:
            group.create_task(_guard(component, stop), name=type(component).__name__)
    ending.cancel()
    logger.info("stopped", process=process)


async def _guard(component: Component, stop: asyncio.Event) -> None:
    try:
        await component.run(stop)
    except Exception:
        log.logger(__name__).exception("component failed", component=type(component).__name__)
        raise
    finally:
        # one that returns before it is told to has nothing left to do, and so has the process
        stop.set()


async def _end_late(stop: asyncio.Event) -> None:
    await stop.wait()
    await asyncio.sleep(END_SECONDS)
    late = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
    log.logger(__name__).error("not ended in time", seconds=END_SECONDS, tasks=sorted(map(_place, late)))
    os._exit(1)


def _place(task: asyncio.Task[object]) -> str:
    frames = task.get_stack(limit=1)
    where = f" {frames[0].f_code.co_filename}:{frames[0].f_lineno}" if frames else ""
    return f"{task.get_name()}{where}"


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()
