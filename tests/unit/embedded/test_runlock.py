import subprocess
import sys
from pathlib import Path

from embedded.runlock import RunLock

_HOLD = """
import sys, pathlib
from embedded.runlock import RunLock
lock = RunLock.acquire(pathlib.Path(sys.argv[1]))
print(lock is not None, flush=True)
input()
"""


def holder(path: Path) -> "subprocess.Popen[str]":
    root = Path(__file__).parents[3]
    return subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_second_runner_is_refused_until_the_first_is_gone_even_by_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "run" / "lock"
    with holder(path) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "True\n"
        assert RunLock.acquire(path) is None
        first.kill()
        first.wait()
    lock = RunLock.acquire(path)
    assert lock is not None
    assert RunLock.acquire(path) is None
    lock.release()
    again = RunLock.acquire(path)
    assert again is not None
    again.release()


def test_children_of_the_holder_do_not_keep_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = RunLock.acquire(path)
    assert lock is not None
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        lock.release()
        again = RunLock.acquire(path)
        child.kill()
    assert again is not None
    again.release()
