"""Processes that outlived their runner: found by what it wrote down, and stopped."""

import asyncio
import os
import signal
from contextlib import suppress

from embedded.identity import identity_of
from embedded.state import ProcessState, RunState

_POLL_SECONDS = 0.05


def runner_lives(state: RunState) -> bool:
    """Tell whether the runner that wrote this state still runs."""
    return state.identity is not None and identity_of(state.pid) == state.identity


async def stop_orphans(state: RunState, *, grace_seconds: float = 20.0) -> tuple[ProcessState, ...]:
    """Stop what a dead runner left, the last started first to be asked, and return what was found.

    A process is only touched if it is the very one that was written down: another that got its pid has another start.

    Args:
        state: What the dead runner wrote last.
        grace_seconds: How long they may take to end before they are killed.
    """
    found = tuple(process for process in state.processes if lives(process))
    for process in reversed(found):
        _send(process, signal.Signals(process.stop_signal))
    deadline = asyncio.get_running_loop().time() + grace_seconds
    while any(lives(process) for process in found):
        if asyncio.get_running_loop().time() > deadline:
            for process in found:
                _send(process, signal.SIGKILL)
        await asyncio.sleep(_POLL_SECONDS)
    return found


def lives(process: ProcessState) -> bool:
    """Tell whether the very process that was written down still runs."""
    return process.pid is not None and process.identity is not None and identity_of(process.pid) == process.identity


def _send(process: ProcessState, number: signal.Signals) -> None:
    if process.pid is not None and lives(process):
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)
