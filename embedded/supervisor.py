"""Runs processes: starts them in order of dependency, restarts what dies, stops them in reverse order."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.identity import identity_of
from embedded.logfile import LogFile
from embedded.process import ChildProcess, ProcessSpec, describe_exit
from embedded.state import ProcessPhase, ProcessState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How patient the supervisor is, in seconds.

    Attributes:
        poll: Between two looks whether a starting process is ready.
        check: Between two looks whether a ready process still is.
        answer: How long one look may take.
        backoff: The pause before the first restart; doubled for each further one.
        backoff_most: The longest pause.
        healthy: After this long in good state a process's restarts are forgotten for the pause.
        tries: How often a process may die before it was ever ready.
    """

    poll: float = 0.1
    check: float = 10.0
    answer: float = 5.0
    backoff: float = 0.5
    backoff_most: float = 30.0
    healthy: float = 60.0
    tries: int = 3


class ProcessFailedError(EmbeddedError):
    """A process didn't come up.

    Attributes:
        process: Its name.
        log: Where its output is.
    """

    def __init__(self, process: str, log: Path, english: str, chinese: str) -> None:
        super().__init__(english, chinese)
        self.process = process
        self.log = log


@dataclass(slots=True)
class _Unit:
    spec: ProcessSpec
    log: LogFile
    state: ProcessState
    # Done when the process is ready, or has done its one shot; holds the failure otherwise.
    settled: asyncio.Future[None]
    child: ChildProcess | None = None
    task: asyncio.Task[None] | None = None
    rounds: int = 0


class Supervisor:
    """Runs the processes of one data directory inside the current event loop.

    ``start`` may be called several times; later processes may depend on earlier ones.
    """

    def __init__(
        self,
        logs: Path,
        *,
        on_change: Callable[[tuple[ProcessState, ...]], None] = lambda _: None,
        timing: Timing | None = None,
    ) -> None:
        """Make a supervisor that runs nothing yet.

        Args:
            logs: The directory of the logs, one a process.
            on_change: Told the state of all processes whenever one changes.
            timing: How patient it is.
        """
        self._logs = logs
        self._on_change = on_change
        self._timing = timing or Timing()
        self._units: dict[str, _Unit] = {}
        self._stopping = False

    @property
    def processes(self) -> tuple[ProcessState, ...]:
        """The state of each process, in the order they were added."""
        return tuple(unit.state for unit in self._units.values())

    async def start(self, *specs: ProcessSpec) -> None:
        """Start processes and return when each is ready or has done its one shot.

        Raises:
            ProcessFailedError: One did not come up; the others run on until ``stop``.
            ValueError: A name is used twice, or a dependency is unknown or goes in a circle.
        """
        names = [spec.name for spec in specs]
        known = {*self._units, *names}
        if len(known) != len(self._units) + len(names):
            raise ValueError(f"a process name is used twice: {sorted(names)}")
        for spec in specs:
            if missing := set(spec.depends_on) - known:
                raise ValueError(f"{spec.name} depends on unknown processes: {sorted(missing)}")
        tuple(TopologicalSorter({spec.name: spec.depends_on for spec in specs}).static_order())
        loop = asyncio.get_running_loop()
        self._logs.mkdir(parents=True, exist_ok=True)
        units = [
            _Unit(
                spec,
                LogFile(self._logs / f"{spec.name}.log"),
                ProcessState(
                    name=spec.name,
                    phase=ProcessPhase.WAITING,
                    stop_signal=int(spec.stop_signal),
                    port=spec.port,
                    since=datetime.now(UTC),
                ),
                loop.create_future(),
            )
            for spec in specs
        ]
        self._units |= {unit.spec.name: unit for unit in units}
        for unit in units:
            unit.task = asyncio.create_task(self._run(unit), name=unit.spec.name)
        await asyncio.gather(*(unit.settled for unit in units))

    async def stop(self) -> None:
        """Stop everything: a process after all that depend on it."""
        tasks = [unit.task for unit in self._units.values() if unit.task is not None]
        self._stopping = True
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for unit in self._units.values():
            # A task that was cancelled before its first step leaves it open. A failure nobody waits for is looked at
            # here, since asyncio complains about those.
            if not unit.settled.cancel() and not unit.settled.cancelled():
                unit.settled.exception()
        stopped = {name: asyncio.Event() for name in self._units}

        async def stop_one(name: str, unit: _Unit) -> None:
            for other, its in self._units.items():
                if name in its.spec.depends_on:
                    await stopped[other].wait()
            await self._stop_unit(unit)
            stopped[name].set()

        await asyncio.gather(*(stop_one(name, unit) for name, unit in self._units.items()))

    async def _stop_unit(self, unit: _Unit) -> None:
        if unit.child is not None and unit.child.running:
            self._change(unit, ProcessPhase.STOPPING)
            unit.state = unit.state.model_copy(update={"last_exit": describe_exit(await unit.child.stop())})
        unit.log.close()
        if unit.state.phase not in {ProcessPhase.DONE, ProcessPhase.FAILED}:
            self._change(unit, ProcessPhase.STOPPED, pid=None, identity=None)

    async def _run(self, unit: _Unit) -> None:
        try:
            await asyncio.gather(*(asyncio.shield(self._units[name].settled) for name in unit.spec.depends_on))
            if unit.spec.one_shot:
                await self._run_once(unit)
            else:
                await self._run_on(unit)
        except asyncio.CancelledError:
            unit.settled.cancel()
            raise
        except Exception as error:
            if unit.settled.done():
                raise
            unit.settled.set_exception(error)

    async def _run_once(self, unit: _Unit) -> None:
        try:
            child = self._spawn(unit)
        except OSError as error:
            raise self._failed(unit, f"can't be started: {error.strerror}", f"无法启动：{error.strerror}") from error
        try:
            async with asyncio.timeout(unit.spec.ready_seconds):
                code = await child.wait()
        except TimeoutError:
            await child.stop()
            raise self._failed(unit, *_too_slow(unit.spec)) from None
        if code:
            raise self._failed(unit, f"ended with {describe_exit(code)}", f"以 {describe_exit(code)} 结束")
        self._change(unit, ProcessPhase.DONE, pid=None, identity=None, last_exit=describe_exit(code))
        unit.settled.set_result(None)

    async def _run_on(self, unit: _Unit) -> None:
        """Keep a process running for ever."""
        while True:
            ended = await self._round(unit)
            unit.rounds += 1
            if not unit.settled.done() and unit.rounds >= self._timing.tries:
                raise self._failed(
                    unit,
                    f"died {unit.rounds} times before it was ready, last with {ended}",
                    f"在就绪之前退出了 {unit.rounds} 次，最后一次为 {ended}",
                )
            pause = min(self._timing.backoff * 2 ** (unit.rounds - 1), self._timing.backoff_most)
            _log.warning("%s ended with %s; started again in %.1f s", unit.spec.name, ended, pause)
            self._change(
                unit,
                ProcessPhase.RESTARTING,
                pid=None,
                identity=None,
                last_exit=ended,
                restarts=unit.state.restarts + 1,
            )
            await asyncio.sleep(pause)

    async def _round(self, unit: _Unit) -> str:
        """Run a process once, and say how it ended."""
        try:
            child = self._spawn(unit)
        except OSError as error:
            # No memory or too many processes: that passes.
            return error.strerror or str(error)
        ready_since = await self._until_ready(unit, child)
        if ready_since is not None:
            await self._watch(unit, child)
            if asyncio.get_running_loop().time() - ready_since >= self._timing.healthy:
                unit.rounds = 0
        return describe_exit(await child.wait())

    def _spawn(self, unit: _Unit) -> ChildProcess:
        child = unit.child = ChildProcess(unit.spec, unit.log)
        self._change(unit, ProcessPhase.STARTING, pid=child.pid, identity=identity_of(child.pid))
        return child

    async def _until_ready(self, unit: _Unit, child: ChildProcess) -> float | None:
        """Wait until a process is ready; the loop's time then, or None if it ended first."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + unit.spec.ready_seconds
        while not await self._is_ready(unit):
            if not child.running:
                return None
            if loop.time() > deadline:
                await child.stop()
                if unit.settled.done():
                    return None
                raise self._failed(unit, *_too_slow(unit.spec))
            await asyncio.sleep(self._timing.poll)
        if not child.running:
            return None
        self._change(unit, ProcessPhase.READY)
        if not unit.settled.done():
            unit.settled.set_result(None)
        return loop.time()

    async def _watch(self, unit: _Unit, child: ChildProcess) -> None:
        """Tell of a ready process whether it still is, until it ends."""
        end = asyncio.ensure_future(child.wait())
        try:
            while not (await asyncio.wait({end}, timeout=self._timing.check))[0]:
                phase = ProcessPhase.READY if await self._is_ready(unit) else ProcessPhase.NOT_READY
                if phase != unit.state.phase and child.running:
                    _log.warning("%s is %s", unit.spec.name, phase)
                    self._change(unit, phase)
        finally:
            end.cancel()

    async def _is_ready(self, unit: _Unit) -> bool:
        if unit.spec.ready is None:
            return True
        try:
            async with asyncio.timeout(self._timing.answer):
                is_ready = await unit.spec.ready()
        except TimeoutError:
            is_ready = False
        if self._stopping:
            # The look may have swallowed the cancellation, as ``asyncio.wait_for`` in the client libraries does before
            # Python 3.12 when it ends in that very moment.
            raise asyncio.CancelledError
        return is_ready

    def _failed(self, unit: _Unit, english: str, chinese: str) -> ProcessFailedError:
        name, log = unit.spec.name, unit.log.path
        self._change(unit, ProcessPhase.FAILED, pid=None, identity=None)
        return ProcessFailedError(
            name, log, f"{name} {english}. Its log is {log}.", f"{name} {chinese}。日志在 {log}。"
        )

    def _change(self, unit: _Unit, phase: ProcessPhase, **values: str | int | None) -> None:
        unit.state = unit.state.model_copy(update={**values, "phase": phase, "since": datetime.now(UTC)})
        self._on_change(self.processes)


def _too_slow(spec: ProcessSpec) -> tuple[str, str]:
    seconds = f"{spec.ready_seconds:g}"
    if spec.one_shot:
        return f"did not end within {seconds} s", f"在 {seconds} 秒内没有结束"
    return f"was not ready within {seconds} s", f"在 {seconds} 秒内没有就绪"
