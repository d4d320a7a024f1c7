"""The small step between the process runner and a program: ``launch.py SIGNAL PARENT UID GID PROGRAM ARGUMENT...``.

It asks Linux to send ``SIGNAL`` when the runner dies, even by kill -9, gives up root for ``UID`` and ``GID`` (``-``
keeps them), and becomes the program: same process, same pid. It is a program of its own because code between fork and
exec is not safe beside threads. It imports the standard library only, for it runs isolated.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become the program; returns never."""
    signal_number, parent, uid, gid, *command = arguments
    if gid != "-":
        os.setgroups([])
        os.setgid(int(gid))
    if uid != "-":
        os.setuid(int(uid))
    if sys.platform == "linux":
        # After the change of account, which clears it.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit("the process runner died before this process started")
    try:
        os.execve(command[0], command, os.environ)  # noqa: S606 -- becoming the program is the point; no shell is meant
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
