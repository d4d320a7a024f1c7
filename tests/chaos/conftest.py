"""A whole stack of its own for a test that kills parts of it."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from demo.registry import write_registry
from tests.chaos.stack import Register, Stack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack with nothing in it, stopped and removed after the test."""
    stack = Stack(tmp_path / "data")
    try:
        stack.run("up")
        yield stack
    finally:
        pids = _processes_below(stack.directory)
        stack.lianhe("down", "--wipe", "--yes").communicate(timeout=120)
        left = [pid for pid in pids if psutil.pid_exists(pid)]
    assert left == []


def _processes_below(directory: Path) -> list[int]:
    return [
        one.pid for one in psutil.process_iter(["cmdline"]) if str(directory) in " ".join(one.info["cmdline"] or ())
    ]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """A register of about the size of the real one."""
    directory = tmp_path / "register"
    directory.mkdir()
    return Register(directory, write_registry(directory, entities=17_945, seed=1))
