"""The process runner in the background: started, watched and ended from another process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.files import data_directory, require_free_space
from embedded.logfile import last_lines
from embedded.orphans import runner_lives
from embedded.ports import Ports
from embedded.scale import Scale
from embedded.state import Outcome, RunPhase, RunState, read_state, state_path

_POLL_SECONDS = 0.1
_STOP_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Started:
    """How a start in the background ended.

    Attributes:
        state: What the runner told last; None if it died without a word.
        already: It ran before this start.
    """

    state: RunState | None
    already: bool


def running(directory: Path) -> RunState | None:
    """Return the state of the runner of a data directory, None if none runs."""
    state = read_state(state_path(directory))
    return state if state is not None and runner_lives(state) else None


def start(directory: Path, plan: str, ports: Ports, scale: Scale, watch: Callable[[RunState], None]) -> Started:
    """Start the runner in a session of its own and return when everything is ready or the start has failed.

    Interrupted by Ctrl-C, it stops the runner before it raises ``KeyboardInterrupt``.

    Args:
        directory: The data directory; made if it is missing.
        plan: ``module:attribute`` of a ``Plan``.
        ports: What the user set.
        scale: How many of what.
        watch: Called with the state several times a second.

    Raises:
        EmbeddedError: The runner can't even begin.
    """
    directory = data_directory(directory)
    require_free_space(directory, os.environ)
    (directory / "logs").mkdir(exist_ok=True)
    options = [
        ("--kafka-port", ports.kafka),
        ("--postgres-port", ports.postgres),
        ("--gateway-port", ports.gateway),
        ("--brokers", scale.brokers),
        ("--replicas", scale.replicas),
    ]
    chosen = [part for option, number in options if number is not None for part in (option, str(number))]
    # What Python says when the runner itself breaks; its log proper is rotated by itself.
    with (directory / "logs" / "supervisor-output.log").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 -- our own module with arguments made here
            [sys.executable, "-m", "embedded.run", "--data-dir", str(directory), "--plan", plan, *chosen],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        return _follow(directory, process, watch)
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise


def _follow(directory: Path, process: "subprocess.Popen[bytes]", watch: Callable[[RunState], None]) -> Started:
    while True:
        ended = process.poll()
        state = read_state(state_path(directory))
        if ended == Outcome.ALREADY_RUNNING:
            return Started(state, already=True)
        own = state if state is not None and state.pid == process.pid else None
        if ended is not None:
            return Started(own, already=False)
        if own is not None:
            watch(own)
            if own.phase is RunPhase.RUNNING:
                return Started(own, already=False)
        time.sleep(_POLL_SECONDS)


def stop(directory: Path, watch: Callable[[RunState], None]) -> bool:
    """Stop the runner and all it runs, and wait for it; False if none ran.

    A runner that doesn't end in two minutes is killed; what it leaves is stopped by the next start.

    Args:
        directory: The data directory.
        watch: Called with the state several times a second.

    Raises:
        EmbeddedError: The runner belongs to another user.
    """
    first = running(directory)
    if first is None:
        return False
    _signal(first, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while runner_lives(first):
        if time.monotonic() > deadline:
            _signal(first, signal.SIGKILL)
        state = read_state(state_path(directory))
        if state is not None:
            watch(state)
        time.sleep(_POLL_SECONDS)
    return True


def told_by(directory: Path, state: RunState | None, lines: int = 20) -> tuple[str, list[str]]:
    """Return the name and the end of the log that tells why a start failed."""
    name = state.failure.process if state is not None and state.failure is not None else None
    if name is None:
        name = "supervisor" if state is not None else "supervisor-output"
    return name, last_lines(directory / "logs" / f"{name}.log", lines)


def _signal(state: RunState, number: signal.Signals) -> None:
    try:
        with suppress(ProcessLookupError):
            os.kill(state.pid, number)
    except PermissionError as error:
        raise EmbeddedError(
            f"The process runner (pid {state.pid}) belongs to another user; stop it as that user or as root.",
            f"进程管理器（pid {state.pid}）属于其他用户；请以该用户或 root 停止它。",
        ) from error
