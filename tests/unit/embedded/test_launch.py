import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from embedded import launch

LAUNCH = str(Path(launch.__file__))


@pytest.mark.skipif(sys.platform != "linux", reason="the signal at the parent's death is Linux's")
def test_program_gets_its_stop_signal_when_the_runner_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "note"
    program = (
        "import pathlib, signal, sys, time;"
        f"signal.signal(signal.SIGINT, lambda *_: (pathlib.Path({str(note)!r}).write_text('asked'), sys.exit(0)));"
        "print(flush=True); time.sleep(99)"
    )
    runner = (
        "import os, subprocess, sys, time;"
        f"p = subprocess.Popen([sys.executable, '-I', '-S', {LAUNCH!r}, '{int(signal.SIGINT)}',"
        f" str(os.getpid()), '-', '-', sys.executable, '-c', {program!r}], stdout=subprocess.PIPE);"
        "p.stdout.readline(); print(p.pid, flush=True); time.sleep(99)"
    )
    with subprocess.Popen([sys.executable, "-c", runner], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        child = psutil.Process(int(started.stdout.readline()))
        started.kill()
    psutil.wait_procs([child], timeout=30)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
    assert note.read_text() == "asked"


def test_program_is_not_started_for_a_runner_that_is_gone_already() -> None:
    result = subprocess.run(
        [sys.executable, LAUNCH, str(int(signal.SIGTERM)), "1", "-", "-", sys.executable, "-c", "print('ran')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert "runner died" in result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up root")
def test_root_is_given_up_with_all_its_groups() -> None:
    result = subprocess.run(
        [
            sys.executable,
            LAUNCH,
            str(int(signal.SIGTERM)),
            str(os.getpid()),
            "65534",
            "65534",
            "/bin/sh",
            "-c",
            "id -u; id -g; id -G",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == ["65534", "65534", "65534"]
