"""What the process runner tells about itself in ``run/state.json``, for ``up``, ``down``, ``status`` and ``logs``."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from embedded.files import write_atomically

DEFAULT_PLAN = "embedded.plan:LIANHE"


class ProcessPhase(StrEnum):
    """Where a process is in its life."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    NOT_READY = "not-ready"
    RESTARTING = "restarting"
    DONE = "done"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


class RunPhase(StrEnum):
    """Where the whole stack is."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


class Outcome(IntEnum):
    """How a run ended; the exit code of the program."""

    STOPPED = 0
    FAILED = 1
    ALREADY_RUNNING = 75


def state_path(directory: Path) -> Path:
    """Where the state of a data directory is."""
    return directory / "run" / "state.json"


class _State(BaseModel):
    model_config = ConfigDict(frozen=True)


class ProcessState(_State):
    """One process.

    Attributes:
        name: Its name, also that of its log.
        phase: Where it is in its life.
        pid: Its pid while it lives.
        identity: Tells it from another process that gets the same pid later.
        stop_signal: The number of the signal that asks it to end.
        port: Where it listens.
        restarts: How often it was started again after it died.
        last_exit: How it ended last, like ``exit 1`` or ``SIGKILL``.
        since: Since when it is in this phase.
    """

    name: str
    phase: ProcessPhase
    pid: int | None = None
    identity: str | None = None
    stop_signal: int
    port: int | None = None
    restarts: int = 0
    last_exit: str | None = None
    since: AwareDatetime

    @property
    def ready(self) -> bool:
        """Whether it does its work, or has done it."""
        return self.phase in {ProcessPhase.READY, ProcessPhase.DONE}


class Step(_State):
    """One step of a start, as ``up`` shows it.

    Attributes:
        name: What is done.
        note: How far it is, or what happened.
        started: When it began.
        finished: When it was done; None while it runs.
    """

    name: str
    note: str = ""
    started: AwareDatetime
    finished: AwareDatetime | None = None


class Failure(_State):
    """Why a start failed.

    Attributes:
        english: What happened and the way out.
        chinese: The same in Chinese.
        process: The process whose log tells more.
    """

    english: str
    chinese: str
    process: str | None = None


class RunState(_State):
    """The whole stack.

    Attributes:
        phase: Where it is.
        pid: The process runner's.
        identity: Tells the runner from another process that gets its pid later.
        since: When the runner started.
        addresses: Name of a server to the address for its users.
        steps: The steps of the start, in order.
        processes: The processes, in the order they were added.
        failure: Why the start failed.
    """

    phase: RunPhase
    pid: int
    identity: str | None
    since: AwareDatetime
    addresses: Mapping[str, str] = Field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    processes: tuple[ProcessState, ...] = ()
    failure: Failure | None = None


def write_state(path: Path, state: RunState) -> None:
    """Replace the state on disk.

    Raises:
        EmbeddedError: The disk is full.
    """
    write_atomically(path, state.model_dump_json(indent=2) + "\n")


def read_state(path: Path) -> RunState | None:
    """Read the state; None if there is none, or none that can be read (a loss of power may cut it short)."""
    try:
        return RunState.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
