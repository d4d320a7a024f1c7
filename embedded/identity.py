"""Which process a pid stands for, so that a pid used again is never taken for the old process."""

import platform
from pathlib import Path

import psutil


def identity_of(pid: int) -> str | None:
    """Name the living process that has this pid now; None if there is none.

    On Linux it is the boot's id and the start in clock ticks since boot, which no change of the clock touches;
    elsewhere the time of creation.
    """
    try:
        if platform.system() == "Linux":
            # The command, in parentheses, may hold spaces; the start is the 22nd field, the 20th after it.
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
            return None if fields[0] in {"Z", "X"} else f"{boot}:{fields[19]}"
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else str(process.create_time())
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return None
