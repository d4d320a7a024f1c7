import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import psutil
import pytest

from embedded.process import ProcessSpec
from embedded.state import ProcessPhase, ProcessState
from embedded.supervisor import ProcessFailedError, Supervisor, Timing


class Playground(Protocol):
    directory: Path
    logs: Path

    def server(self, name: str, *depends_on: str, code: str = ..., **options: float) -> ProcessSpec: ...
    def one_shot(self, name: str, *depends_on: str, code: str) -> ProcessSpec: ...
    def events(self) -> list[str]: ...


Eventually = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
def pids() -> set[int]:
    """The pids of all processes that were started."""
    return set()


@pytest.fixture
async def supervisor(playground: Playground, hasty: Timing, pids: set[int]) -> AsyncIterator[Supervisor]:
    def note(processes: tuple[ProcessState, ...]) -> None:
        pids.update(process.pid for process in processes if process.pid is not None)

    supervisor = Supervisor(playground.logs, timing=hasty, on_change=note)
    yield supervisor
    await supervisor.stop()


def state_of(supervisor: Supervisor, name: str) -> ProcessState:
    return next(process for process in supervisor.processes if process.name == name)


def pid_of(supervisor: Supervisor, name: str) -> int:
    pid = state_of(supervisor, name).pid
    assert pid is not None
    return pid


async def test_starts_in_order_of_dependency_and_stops_in_reverse(
    supervisor: Supervisor, playground: Playground
) -> None:
    note = "import sys; open(sys.argv[2], 'a').write(sys.argv[1] + ' ran\\n')"
    await supervisor.start(
        playground.server("gateway", "ledgers"),
        playground.server("ledgers", "migrate"),
        playground.one_shot("migrate", "database", code=note),
        playground.server("database"),
    )
    assert playground.events() == ["database up", "migrate ran", "ledgers up", "gateway up"]
    assert {process.name: process.phase for process in supervisor.processes} == {
        "gateway": ProcessPhase.READY,
        "ledgers": ProcessPhase.READY,
        "migrate": ProcessPhase.DONE,
        "database": ProcessPhase.READY,
    }
    await supervisor.stop()
    assert playground.events()[4:] == ["gateway down", "ledgers down", "database down"]
    assert {process.name: process.phase for process in supervisor.processes} == {
        "gateway": ProcessPhase.STOPPED,
        "ledgers": ProcessPhase.STOPPED,
        "migrate": ProcessPhase.DONE,
        "database": ProcessPhase.STOPPED,
    }


async def test_later_processes_may_depend_on_earlier_ones(supervisor: Supervisor, playground: Playground) -> None:
    await supervisor.start(playground.server("database"))
    await supervisor.start(playground.server("ledgers", "database"))
    await supervisor.stop()
    assert playground.events() == ["database up", "ledgers up", "ledgers down", "database down"]


async def test_killed_process_is_started_again_and_told(
    supervisor: Supervisor, playground: Playground, eventually: Eventually
) -> None:
    await supervisor.start(playground.server("ledgers"))
    first = pid_of(supervisor, "ledgers")
    os.kill(first, signal.SIGKILL)
    await eventually(
        lambda: (
            state_of(supervisor, "ledgers").restarts == 1
            and state_of(supervisor, "ledgers").phase is ProcessPhase.READY
        )
    )
    state = state_of(supervisor, "ledgers")
    assert (state.last_exit, state.pid != first) == ("SIGKILL", True)
    await eventually(lambda: playground.events() == ["ledgers up", "ledgers up"])


async def test_failed_one_shot_tells_its_name_exit_and_log(supervisor: Supervisor, playground: Playground) -> None:
    failing = playground.one_shot("migrate", code="print('no such table'); raise SystemExit(7)")
    with pytest.raises(ProcessFailedError) as caught:
        await supervisor.start(failing, playground.server("ledgers", "migrate"))
    assert caught.value.process == "migrate"
    assert "migrate ended with exit 7" in caught.value.english
    assert "exit 7" in caught.value.chinese
    await supervisor.stop()
    assert caught.value.log.read_text() == "no such table\n"
    assert playground.events() == []
    assert state_of(supervisor, "migrate").phase is ProcessPhase.FAILED
    assert state_of(supervisor, "ledgers").phase is ProcessPhase.STOPPED


async def test_process_that_never_comes_up_is_tried_three_times(supervisor: Supervisor, playground: Playground) -> None:
    broken = playground.server("ledgers", code="print('bad setting', flush=True); raise SystemExit(2)")
    with pytest.raises(ProcessFailedError, match="died 3 times before it was ready, last with exit 2"):
        await supervisor.start(broken)
    await supervisor.stop()
    assert (playground.logs / "ledgers.log").read_text() == "bad setting\n" * 3


async def test_process_that_is_never_ready_is_given_up_and_stopped(
    supervisor: Supervisor, playground: Playground, pids: set[int]
) -> None:
    dumb = playground.server("ledgers", code="import time; time.sleep(3600)", ready_seconds=0.3)
    with pytest.raises(ProcessFailedError, match="not ready within"):
        await supervisor.start(dumb)
    assert [psutil.pid_exists(pid) for pid in pids] == [False]


async def test_program_that_is_missing_is_told(supervisor: Supervisor, playground: Playground) -> None:
    async def ready() -> bool:
        return False

    with pytest.raises(ProcessFailedError, match="died 3 times"):
        await supervisor.start(ProcessSpec(name="ledgers", argv=("/no/such/program",), env={}, ready=ready))
    await supervisor.stop()
    assert "/no/such/program: No such file or directory\n" in (playground.logs / "ledgers.log").read_text()


async def test_process_that_will_not_end_is_killed_after_its_grace(
    supervisor: Supervisor, playground: Playground
) -> None:
    stubborn = (
        "import signal, sys, pathlib, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "pathlib.Path(sys.argv[3]).touch(); time.sleep(3600)"
    )
    await supervisor.start(playground.server("ledgers", code=stubborn, grace_seconds=0.2))
    await supervisor.stop()
    assert state_of(supervisor, "ledgers").last_exit == "SIGKILL"


async def test_what_a_dead_process_left_in_its_group_is_killed(
    supervisor: Supervisor, playground: Playground, eventually: Eventually
) -> None:
    parent = (
        "import pathlib, subprocess, sys, time;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)']);"
        "pathlib.Path(sys.argv[3]).write_text(str(child.pid)); time.sleep(3600)"
    )
    await supervisor.start(playground.server("ledgers", code=parent))
    grandchild = psutil.Process(int((playground.directory / "ledgers.ready").read_text()))
    os.kill(pid_of(supervisor, "ledgers"), signal.SIGKILL)
    await eventually(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)


async def test_process_that_stops_answering_is_told_and_left_running(
    supervisor: Supervisor, playground: Playground, eventually: Eventually
) -> None:
    await supervisor.start(playground.server("ledgers"))
    pid = pid_of(supervisor, "ledgers")
    ready_file = playground.directory / "ledgers.ready"
    ready_file.rename(playground.directory / "hidden")
    await eventually(lambda: state_of(supervisor, "ledgers").phase is ProcessPhase.NOT_READY)
    (playground.directory / "hidden").rename(ready_file)
    await eventually(lambda: state_of(supervisor, "ledgers").phase is ProcessPhase.READY)
    assert (pid_of(supervisor, "ledgers"), state_of(supervisor, "ledgers").restarts) == (pid, 0)


async def test_pause_between_restarts_grows_and_is_forgotten_after_a_good_time(
    playground: Playground, monkeypatch: pytest.MonkeyPatch, eventually: Eventually
) -> None:
    pauses: list[float] = []
    real_sleep = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if seconds >= 100:
            pauses.append(seconds)
        await real_sleep(min(seconds, 0.01))

    monkeypatch.setattr("embedded.supervisor.asyncio.sleep", sleep)
    timing = Timing(poll=0.01, check=3600, backoff=100, backoff_most=350, healthy=3600)
    supervisor = Supervisor(playground.logs, timing=timing)
    await supervisor.start(playground.server("ledgers"))
    for restarts in (1, 2, 3, 4):
        os.kill(pid_of(supervisor, "ledgers"), signal.SIGKILL)
        await eventually(
            lambda expected=restarts: (
                state_of(supervisor, "ledgers").restarts == expected  # type: ignore[misc]
                and state_of(supervisor, "ledgers").phase is ProcessPhase.READY
            )
        )
    await supervisor.stop()
    assert pauses == [100, 200, 350, 350]


async def test_processes_are_in_sessions_of_their_own(supervisor: Supervisor, playground: Playground) -> None:
    await supervisor.start(playground.server("ledgers"))
    pid = pid_of(supervisor, "ledgers")
    assert os.getsid(pid) == pid != os.getsid(0)


async def test_stop_while_starting_leaves_nothing(
    supervisor: Supervisor, playground: Playground, eventually: Eventually, pids: set[int]
) -> None:
    start = asyncio.create_task(supervisor.start(playground.server("ledgers", code="import time; time.sleep(3600)")))
    await eventually(lambda: any(process.pid for process in supervisor.processes))
    start.cancel()
    await asyncio.gather(start, return_exceptions=True)
    await supervisor.stop()
    assert [psutil.pid_exists(pid) for pid in pids] == [False]
    assert state_of(supervisor, "ledgers").phase is ProcessPhase.STOPPED


async def test_look_that_swallows_its_cancellation_does_not_keep_the_supervisor_from_stopping(
    supervisor: Supervisor, playground: Playground, pids: set[int]
) -> None:
    looked = asyncio.Event()
    never = asyncio.Event()

    async def ready() -> bool:
        looked.set()
        try:
            await never.wait()
        except asyncio.CancelledError:
            return False
        return True

    spec = playground.server("ledgers", code="import time; time.sleep(3600)")
    start = asyncio.create_task(supervisor.start(replace(spec, ready=ready)))
    await looked.wait()
    start.cancel()
    await supervisor.stop()
    assert [psutil.pid_exists(pid) for pid in pids] == [False]


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        ({"a": ("b",), "b": ("a",)}, "cycle"),
        ({"a": ("nothing",)}, "a depends on unknown processes"),
    ],
)
async def test_impossible_dependencies_are_refused_before_anything_runs(
    supervisor: Supervisor, playground: Playground, graph: dict[str, tuple[str, ...]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        await supervisor.start(*(playground.server(name, *needs) for name, needs in graph.items()))
    assert supervisor.processes == ()


async def test_name_used_twice_is_refused(supervisor: Supervisor, playground: Playground) -> None:
    await supervisor.start(playground.server("ledgers"))
    with pytest.raises(ValueError, match="used twice"):
        await supervisor.start(playground.server("ledgers"))
