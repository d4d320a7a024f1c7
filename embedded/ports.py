"""TCP ports on the loopback: a set one, the one of last time, or a free one."""

import json
import socket
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from embedded.errors import EmbeddedError
from embedded.files import write_atomically

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports a user set; None for the one of last time, or a free one.

    Attributes:
        kafka: The broker's.
        postgres: The database's.
        gateway: The gateway's.
    """

    kafka: int | None = None
    postgres: int | None = None
    gateway: int | None = None


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of the loopback now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of a server that has just stopped (TIME_WAIT) are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _free_port(taken: frozenset[int]) -> int:
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if port not in taken:
            return port


def holder_of(port: int) -> str | None:
    """Name the process that listens on a port, like ``java (pid 4711)``; None where the system doesn't tell."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
            if listens and connection.pid is not None:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except psutil.Error:
        return None
    return None


@dataclass(slots=True)
class PortBook:
    """The ports of one data directory, kept in a file so that a second start uses the same ones.

    Attributes:
        path: The JSON file, ``{"name": port}``; a damaged one counts as empty.
    """

    path: Path
    _kept: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return
        if isinstance(kept, dict):
            self._kept = {str(name): port for name, port in kept.items() if isinstance(port, int)}

    def choose(self, name: str, wanted: int | None = None, *, option: str | None = None) -> int:
        """Choose the port of a server and keep it.

        Args:
            name: Whose port it is.
            wanted: The port the user set; it is taken or refused, never replaced.
            option: The option or variable by which the user can set another one, for the message.

        Raises:
            EmbeddedError: The set port is in use.
        """
        others = frozenset(port for other, port in self._kept.items() if other != name)
        if wanted is not None:
            if not is_free(wanted):
                _refuse(name, wanted, option)
            port = wanted
        else:
            kept = self._kept.get(name)
            port = kept if kept is not None and is_free(kept) else _free_port(others)
        if self._kept.get(name) != port:
            self._kept[name] = port
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, json.dumps(self._kept, indent=2) + "\n")
        return port


def _refuse(name: str, port: int, option: str | None) -> None:
    holder = holder_of(port)
    by_english, by_chinese = (f" by {holder}", f"（{holder}）") if holder else ("", "")
    other_english = f"choose another with {option}" if option else "choose another"
    other_chinese = f"用 {option} 换一个端口" if option else "换一个端口"
    raise EmbeddedError(
        f"Port {port} for {name} is in use{by_english}. Stop that process or {other_english}.",
        f"{name} 的端口 {port} 已被占用{by_chinese}。请停止该进程，或{other_chinese}。",
    )
