"""A whole stack of its own for a test that kills parts of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.registry import write_registry
from tests.stack import Register, Stack, running


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack with nothing in it, stopped and removed after the test."""
    with running(tmp_path / "data") as stack:
        yield stack


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """A register of about the size of the real one."""
    directory = tmp_path / "register"
    directory.mkdir()
    return Register(directory, write_registry(directory, entities=17_945, seed=1))
