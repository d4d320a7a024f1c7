import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from embedded.identity import identity_of
from embedded.orphans import runner_lives, stop_orphans
from embedded.report import Report
from embedded.state import ProcessPhase, ProcessState, RunPhase, RunState, read_state, write_state

# A shell's background job has SIGINT ignored, and hands that down: the child says for itself what ends it.
_ENDS_ON_SIGINT = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "signal.signal(signal.SIGINT, signal.default_int_handler); print(flush=True); time.sleep(99)"
)
_ENDS_ON_NOTHING = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGINT, signal.SIG_IGN);"
    "print(flush=True); time.sleep(99)"
)


class Children:
    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def start(self, code: str) -> "subprocess.Popen[bytes]":
        child = self._stack.enter_context(
            # a standard input of its own: at the end of the tests' one a child that reads would end
            subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        )
        self._stack.callback(child.kill)
        assert child.stdout is not None
        child.stdout.readline()
        return child


@pytest.fixture
def children() -> Iterator[Children]:
    with ExitStack() as stack:
        yield Children(stack)


def run_state(*processes: ProcessState, pid: int = 1, identity: str | None = None) -> RunState:
    return RunState(phase=RunPhase.RUNNING, pid=pid, identity=identity, since=datetime.now(UTC), processes=processes)


def process_state(pid: int, identity: str | None, stop_signal: int = signal.SIGINT) -> ProcessState:
    return ProcessState(
        name="postgres",
        phase=ProcessPhase.READY,
        pid=pid,
        identity=identity,
        stop_signal=stop_signal,
        since=datetime.now(UTC),
    )


async def reaped(child: "subprocess.Popen[bytes]") -> int:
    return await asyncio.to_thread(child.wait, 30)


async def test_orphan_gets_its_own_stop_signal(children: Children) -> None:
    child = children.start(_ENDS_ON_SIGINT)
    orphan = process_state(child.pid, identity_of(child.pid))
    assert await stop_orphans(run_state(orphan)) == (orphan,)
    assert await reaped(child) == -signal.SIGINT or child.returncode == 1


async def test_orphan_that_will_not_end_is_killed(children: Children) -> None:
    child = children.start(_ENDS_ON_NOTHING)
    await stop_orphans(run_state(process_state(child.pid, identity_of(child.pid))), grace_seconds=0.1)
    assert await reaped(child) == -signal.SIGKILL


async def test_other_process_that_got_the_pid_is_left_alone(children: Children) -> None:
    child = children.start("print(flush=True); input()")
    own = identity_of(os.getpid())
    assert own != identity_of(child.pid)
    assert await stop_orphans(run_state(process_state(child.pid, own), process_state(child.pid, None))) == ()
    assert child.poll() is None


def test_identity_is_stable_and_gone_with_the_process(children: Children) -> None:
    child = children.start("print(flush=True); input()")
    first = identity_of(child.pid)
    assert first is not None
    assert identity_of(child.pid) == first
    child.kill()
    # Dead and not yet waited for, it is gone already.
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert identity_of(child.pid) is None
    child.wait()
    assert identity_of(child.pid) is None


def test_runner_lives_only_under_its_own_identity() -> None:
    own = identity_of(os.getpid())
    assert runner_lives(run_state(pid=os.getpid(), identity=own))
    assert not runner_lives(run_state(pid=os.getpid(), identity="another boot:1"))
    assert not runner_lives(run_state(pid=os.getpid(), identity=None))


def test_state_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    state = run_state(process_state(5, "boot:7"), pid=3, identity="boot:4")
    write_state(tmp_path / "state.json", state)
    assert read_state(tmp_path / "state.json") == state


@pytest.mark.parametrize("content", [b"", b'{"phase": "run', b"[]", b"\xff"])
def test_state_cut_short_counts_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    assert read_state(path) is None


def test_new_run_keeps_the_orphans_on_record_until_they_are_stopped(tmp_path: Path) -> None:
    orphan = process_state(5, "boot:7")
    path = tmp_path / "state.json"
    Report(path, (orphan,))
    state = read_state(path)
    assert state is not None
    assert state.processes == (orphan,)
