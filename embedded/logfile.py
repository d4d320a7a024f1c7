"""The output of a process in a file that stays small."""

import os
import threading
from pathlib import Path
from typing import BinaryIO

DEFAULT_LIMIT_BYTES = 20 * 1024 * 1024
DEFAULT_GENERATIONS = 3


class LogFile:
    """A file that is rotated when it is opened and when it grows: ``x.log``, ``x.log.1``, ``x.log.2``.

    A full disk must not stop the process that writes: what can't be written is dropped, and how much was dropped is
    written as soon as there is room again.
    """

    def __init__(
        self, path: Path, *, limit_bytes: int = DEFAULT_LIMIT_BYTES, generations: int = DEFAULT_GENERATIONS
    ) -> None:
        self.path = path
        self._limit = limit_bytes
        self._generations = generations
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._size = 0
        self._dropped = 0
        if path.exists() and path.stat().st_size:
            self._shift()

    def write(self, chunk: bytes) -> None:
        """Append; called from the thread that reads a process's output."""
        with self._lock:
            try:
                self._append(chunk)
            except OSError:
                self._dropped += len(chunk)

    def close(self) -> None:
        """Close the file; a later write opens it again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _append(self, chunk: bytes) -> None:
        if self._file is not None and self._size + len(chunk) > self._limit:
            self._file.close()
            self._file = None
            self._shift()
        if self._file is None:
            # Unbuffered: what a process said last must be there when it is dead.
            self._file = self.path.open("ab", buffering=0)
            self._size = self._file.tell()
        if self._dropped:
            note = f"[{self._dropped} bytes could not be written / {self._dropped} 字节未能写入]\n".encode()
            self._size += self._file.write(note)
            self._dropped = 0
        self._size += self._file.write(chunk)

    def _shift(self) -> None:
        for number in range(self._generations - 1, 0, -1):
            older = self.path if number == 1 else self.path.with_name(f"{self.path.name}.{number - 1}")
            if older.exists():
                older.replace(self.path.with_name(f"{self.path.name}.{number}"))


def last_lines(path: Path, count: int) -> list[str]:
    """Return the last lines of a log, fewer if there are fewer; none if the file is missing.

    Args:
        path: The log, in UTF-8; other bytes are shown as replacement characters.
        count: How many lines at most.
    """
    block = 64 * 1024
    try:
        with path.open("rb") as file:
            position = file.seek(0, 2)
            tail = b""
            while position and tail.count(b"\n") <= count:
                step = min(block, position)
                position = file.seek(position - step)
                tail = file.read(step) + tail
    except FileNotFoundError:
        return []
    lines = tail.removesuffix(b"\n").split(b"\n") if tail else []
    return [line.decode("utf-8", errors="replace") for line in lines[max(0, len(lines) - count) :]]


class LogFollower:
    """Reads what is added to a log, also over its rotation. It begins at the end of the log."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = path.open("rb") if path.exists() else None
        self._rest = b""
        if self._file is not None:
            self._file.seek(0, 2)

    def new_lines(self) -> list[str]:
        """Return the whole lines that were added since the last call."""
        added = self._rest + (self._file.read() if self._file is not None else b"")
        if self._is_rotated():
            if self._file is not None:
                # What came between the read above and the rotation.
                added += self._file.read()
                self._file.close()
            self._file = self.path.open("rb")
            added += self._file.read()
        *lines, self._rest = added.split(b"\n")
        return [line.decode("utf-8", errors="replace") for line in lines]

    def _is_rotated(self) -> bool:
        if not self.path.exists():
            return False
        return self._file is None or self.path.stat().st_ino != os.fstat(self._file.fileno()).st_ino
