"""One process runner a data directory, by a lock that the system lifts when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path


class RunLock:
    """The lock of a data directory, held until ``release`` or the end of this process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def acquire(cls, path: Path) -> "RunLock | None":
        """Take the lock; None if another process has it.

        Args:
            path: The lock file; it stays there when the lock is released, which is no obstacle.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        # Python doesn't pass descriptors on to children: none of them can keep the lock.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._descriptor)
