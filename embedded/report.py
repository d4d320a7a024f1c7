"""Keeps ``run/state.json`` up to date while the runner runs."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.identity import identity_of
from embedded.state import Failure, ProcessState, RunPhase, RunState, Step, write_state

_log = logging.getLogger(__name__)


class Report:
    """The state of one run, written to disk at each change.

    A full disk is logged and doesn't stop what runs; the next change is written again.
    """

    def __init__(self, path: Path, left: tuple[ProcessState, ...] = ()) -> None:
        """Begin a run.

        Args:
            path: The state file.
            left: What the last runner left running; kept on record until it is stopped.

        Raises:
            EmbeddedError: The disk is full.
        """
        self._path = path
        pid = os.getpid()
        self.state = RunState(
            phase=RunPhase.STARTING, pid=pid, identity=identity_of(pid), since=datetime.now(UTC), processes=left
        )
        # The first time a full disk is an error: a run nobody can see or stop must not begin.
        write_state(path, self.state)

    def processes(self, processes: tuple[ProcessState, ...]) -> None:
        """Tell the state of the processes."""
        self._update(processes=processes)

    def phase(self, phase: RunPhase) -> None:
        """Tell where the whole stack is."""
        self._update(phase=phase)

    def addresses(self, addresses: Mapping[str, str]) -> None:
        """Tell the addresses of servers."""
        self._update(addresses={**self.state.addresses, **addresses})

    def failed(self, failure: Failure) -> None:
        """Tell why the start failed."""
        _log.error("%s", failure.english)
        self._update(phase=RunPhase.FAILED, failure=failure)

    def note(self, step: str, note: str) -> None:
        """Tell how far a step is."""
        self._step(step, note=note)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell that a step of the start begins, and at the end of the block that it is done."""
        self._update(steps=(*self.state.steps, Step(name=name, started=datetime.now(UTC))))
        yield
        self._step(name, finished=datetime.now(UTC))

    def _step(self, name: str, **values: str | datetime) -> None:
        self._update(
            steps=tuple(step.model_copy(update=values) if step.name == name else step for step in self.state.steps)
        )

    def _update(self, **values: object) -> None:
        self.state = self.state.model_copy(update=values)
        try:
            write_state(self._path, self.state)
        except EmbeddedError as error:
            _log.error("%s", error.english)
