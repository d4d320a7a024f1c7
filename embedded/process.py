"""One child process: how it is started, read and ended."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from embedded.account import Account
from embedded.logfile import LogFile

_LAUNCH = Path(__file__).with_name("launch.py")
_BLOCK = 64 * 1024
_LAST_WORDS_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSpec:
    """A process to run.

    Attributes:
        name: Its name in the state, in messages and of its log.
        argv: The program by its absolute path, and its arguments.
        env: The whole environment.
        ready: Tells whether it does its work; must end in a few seconds. Not asked for a one-shot.
        depends_on: Names of processes that must be ready, or done, before it starts.
        one_shot: It runs to its end once; exit 0 is success, anything else a failure.
        stop_signal: Asks it to end. On Linux it also gets this signal when the runner dies.
        grace_seconds: How long it may take to end before it is killed.
        ready_seconds: How long it may take to be ready, or, a one-shot, to end.
        account: Who runs it; None for this process's own account.
        port: Where it listens, for the state.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    ready: Callable[[], Awaitable[bool]] | None = None
    depends_on: tuple[str, ...] = ()
    one_shot: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 20.0
    ready_seconds: float = 120.0
    account: Account | None = None
    port: int | None = None


class ChildProcess:
    """A running child in a session of its own, so that Ctrl-C reaches the runner only.

    Its output is read by a thread and not by the event loop: a loop that stands still, as a test's does between two
    tests, must not make a server stand still at a full pipe.
    """

    def __init__(self, spec: ProcessSpec, log: LogFile) -> None:
        """Start it.

        Raises:
            OSError: The system can't start another process.
        """
        self._spec = spec
        self._loop = asyncio.get_running_loop()
        self._exit: asyncio.Future[int] = self._loop.create_future()
        self._process = subprocess.Popen(  # noqa: S603 -- the programs this module's users name, no shell
            _launched(spec),
            env=dict(spec.env),
            cwd="/" if spec.account else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self._reaping = threading.Lock()
        self._reaped = False
        self._reader = threading.Thread(target=self._read, args=(log,), name=f"{spec.name}-log", daemon=True)
        self._reader.start()
        threading.Thread(target=self._await_exit, name=f"{spec.name}-exit", daemon=True).start()

    @property
    def running(self) -> bool:
        """Whether it has not ended, as far as the event loop has heard."""
        return not self._exit.done()

    async def wait(self) -> int:
        """Wait for its end; the exit code, or minus the number of the signal that ended it."""
        return await asyncio.shield(self._exit)

    async def stop(self) -> int:
        """Ask it to end, kill it after the grace, and wait for its end."""
        if self.running:
            self._signal(self._spec.stop_signal)
            await asyncio.wait({self._exit}, timeout=self._spec.grace_seconds)
        if self.running:
            self._signal(signal.SIGKILL)
        return await self.wait()

    def _signal(self, number: signal.Signals) -> None:
        # Not by Popen, which reaps a process that has ended: the thread that waits for the end must be the one to.
        with self._reaping:
            if not self._reaped:
                os.kill(self.pid, number)

    def _read(self, log: LogFile) -> None:
        output = self._process.stdout
        if output is None:
            raise RuntimeError("the process was started without a pipe")
        with output:
            while chunk := os.read(output.fileno(), _BLOCK):
                log.write(chunk)

    def _await_exit(self) -> None:
        # Not reaped yet, it keeps its pid and group from being used again: what it left can be killed safely.
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with self._reaping:
            code = self._process.wait()
            self._reaped = True
        # Its last words are in the log before its end is told; a child in another group may hold the pipe open.
        self._reader.join(_LAST_WORDS_SECONDS)
        # The loop may be closed by now: then nobody waits any more.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._tell_exit, code)

    def _tell_exit(self, code: int) -> None:
        if not self._exit.done():
            self._exit.set_result(code)


def describe_exit(code: int) -> str:
    """Say how a process ended, ``exit 1`` or ``SIGKILL``."""
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _launched(spec: ProcessSpec) -> list[str]:
    account = (str(spec.account.uid), str(spec.account.gid)) if spec.account else ("-", "-")
    launcher = [sys.executable, "-I", "-S", str(_LAUNCH), str(int(spec.stop_signal)), str(os.getpid()), *account]
    return [*launcher, *spec.argv]
