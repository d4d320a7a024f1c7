"""Small real processes, and waiting for what they do."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from embedded.process import ProcessSpec
from embedded.supervisor import Timing

DEADLINE_SECONDS = 30.0

# Appends its name and "up" to the journal, makes its ready file, and on SIGTERM appends "down".
_SERVER = """
import os, pathlib, signal, sys, time
name, journal, ready = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
def note(what):
    with journal.open("a") as file:
        file.write(f"{name} {what}\\n")
def end(*_):
    note("down")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
note("up")
ready.write_text(str(os.getpid()))
while True:
    time.sleep(3600)
"""


class Playground:
    """Makes specs of small servers in one directory and reads what they did."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.journal = directory / "journal"
        self.logs = directory / "logs"

    def server(self, name: str, *depends_on: str, code: str = _SERVER, **options: float) -> ProcessSpec:
        ready_file = self.directory / f"{name}.ready"

        async def ready() -> bool:
            return ready_file.exists()

        return ProcessSpec(
            name=name,
            argv=(sys.executable, "-c", code, name, str(self.journal), str(ready_file)),
            env={},
            ready=ready,
            depends_on=depends_on,
            grace_seconds=options.get("grace_seconds", DEADLINE_SECONDS),
            ready_seconds=options.get("ready_seconds", DEADLINE_SECONDS),
        )

    def one_shot(self, name: str, *depends_on: str, code: str) -> ProcessSpec:
        return ProcessSpec(
            name=name,
            argv=(sys.executable, "-c", code, name, str(self.journal)),
            env={},
            depends_on=depends_on,
            one_shot=True,
        )

    def events(self) -> list[str]:
        return self.journal.read_text().splitlines() if self.journal.exists() else []


@pytest.fixture
def playground(tmp_path: Path) -> Playground:
    return Playground(tmp_path)


@pytest.fixture
def hasty() -> Timing:
    return Timing(poll=0.01, check=0.02, backoff=0.01, backoff_most=0.04)


Eventually = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
def eventually() -> Eventually:
    async def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "it never happened"
            await asyncio.sleep(0.01)

    return wait
