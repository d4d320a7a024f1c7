"""`up`, `down`, `status` and `logs` on small processes; the broker and the database are said to be elsewhere."""

import json
import os
import signal
import socket
from pathlib import Path
from typing import Protocol

import psutil
import pytest

from embedded.identity import identity_of
from embedded.state import ProcessPhase, RunPhase, RunState


class Completed(Protocol):
    returncode: int
    stdout: str
    stderr: str


class Lianhe(Protocol):
    directory: Path
    environment: dict[str, str]

    def run(self, command: str, *arguments: str, **environment: str) -> Completed: ...
    def start(self, command: str, *arguments: str) -> "psutil.Popen": ...
    def up(self, plan: str = ..., *arguments: str, **environment: str) -> Completed: ...
    def state(self) -> RunState: ...
    def pids(self) -> dict[str, int]: ...
    def until(self, condition: object) -> None: ...


@pytest.fixture
def lianhe(lianhe_without_servers: Lianhe) -> Lianhe:
    return lianhe_without_servers


def alive(pid: int) -> bool:
    # A process that nobody has waited for yet has a pid still, and no identity.
    return identity_of(pid) is not None


def running(state: RunState) -> bool:
    return state.phase is RunPhase.RUNNING


def test_up_returns_when_all_is_ready_and_down_stops_all(lianhe: Lianhe) -> None:
    up = lianhe.up()
    assert up.returncode == 0, up.stderr
    state = lianhe.state()
    assert f"ready 已就绪 (pid {state.pid})" in up.stdout
    assert f"gateway: {state.addresses['gateway']}" in up.stdout
    pids = lianhe.pids()
    assert sorted(pids) == ["gateway", "ledgers"]
    down = lianhe.run("down")
    assert (down.returncode, down.stdout) == (0, "stopped 已停止\n")
    assert [alive(pid) for pid in (*pids.values(), state.pid)] == [False] * 3
    assert lianhe.state().phase is RunPhase.STOPPED


def test_second_up_tells_that_it_runs_and_changes_nothing(lianhe: Lianhe) -> None:
    lianhe.up()
    before = lianhe.state()
    again = lianhe.up()
    assert again.returncode == 0
    assert f"already running 已在运行 (pid {before.pid})" in again.stdout
    assert f"gateway: {before.addresses['gateway']}" in again.stdout
    assert lianhe.state() == before


def test_status_tells_by_its_exit_code(lianhe: Lianhe) -> None:
    assert lianhe.run("status").returncode == 3
    lianhe.up()
    status = lianhe.run("status")
    assert status.returncode == 0
    assert "ledgers" in status.stdout
    told = json.loads(lianhe.run("status", "--json").stdout)
    assert [(one["name"], one["phase"], one["restarts"]) for one in told["processes"]] == [
        ("migrate", "done", 0),
        ("ledgers", "ready", 0),
        ("gateway", "ready", 0),
    ]
    lianhe.run("down")
    stopped = lianhe.run("status", "--json")
    assert (stopped.returncode, json.loads(stopped.stdout)) == (3, {"phase": "stopped", "processes": []})


def test_killed_service_comes_back_and_status_tells_so(lianhe: Lianhe) -> None:
    lianhe.up()
    first = lianhe.pids()["ledgers"]
    os.kill(first, signal.SIGKILL)

    def back(state: RunState) -> bool:
        ledgers = next(process for process in state.processes if process.name == "ledgers")
        return ledgers.restarts == 1 and ledgers.phase is ProcessPhase.READY

    lianhe.until(back)
    told = json.loads(lianhe.run("status", "--json").stdout)
    ledgers = next(process for process in told["processes"] if process["name"] == "ledgers")
    assert ledgers["last_exit"] == "SIGKILL"
    assert ledgers["pid"] != first


def test_failed_start_shows_the_end_of_the_log_and_leaves_nothing_running(lianhe: Lianhe) -> None:
    up = lianhe.up("BROKEN")
    assert up.returncode == 1
    assert "the end of migrate.log 日志末尾" in up.stderr
    assert "line 1\nline 2\n" in up.stderr
    assert "migrate ended with exit 3" in up.stderr
    assert "migrate 以 exit 3 结束" in up.stderr
    assert lianhe.pids() == {}
    assert lianhe.run("status").returncode == 3
    assert lianhe.up().returncode == 0


def test_plan_that_does_not_exist_is_told(lianhe: Lianhe) -> None:
    up = lianhe.up("MISSING")
    assert up.returncode == 1
    assert "There is no plan small_plan:MISSING" in up.stderr


def test_set_port_in_use_is_told_with_its_holder(lianhe: Lianhe) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        up = lianhe.up("GOOD", "--gateway-port", str(port))
    assert up.returncode == 1
    assert f"Port {port} for gateway is in use" in up.stderr
    assert f"(pid {os.getpid()})" in up.stderr
    assert f"gateway 的端口 {port} 已被占用" in up.stderr
    assert "--gateway-port" in up.stderr


def test_gateway_listens_on_the_set_port_and_keeps_it(lianhe: Lianhe) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    lianhe.up("GOOD", "--gateway-port", str(port))
    first = dict(lianhe.state().addresses)
    assert first["gateway"] == f"http://127.0.0.1:{port}"
    lianhe.run("down")
    lianhe.up()
    assert lianhe.state().addresses == first


def test_runner_killed_by_kill_9_is_followed_by_a_clean_start(lianhe: Lianhe) -> None:
    lianhe.up()
    old = lianhe.pids()
    os.kill(lianhe.state().pid, signal.SIGKILL)
    assert lianhe.run("status").returncode == 3
    up = lianhe.up()
    assert up.returncode == 0, up.stderr
    assert [alive(pid) for pid in old.values()] == [False, False]
    assert sorted(lianhe.pids()) == sorted(old)


def test_processes_a_dead_runner_left_are_stopped_and_told(lianhe: Lianhe) -> None:
    lianhe.up("LEFT")
    left = lianhe.pids()["ledgers"]
    os.kill(lianhe.state().pid, signal.SIGKILL)
    assert alive(left)
    up = lianhe.up()
    assert up.returncode == 0, up.stderr
    assert f"ledgers (pid {left})" in up.stderr
    assert not alive(left)
    assert f"stopped what it left: ledgers (pid {left})" in lianhe.run("logs", "supervisor").stdout


def test_down_after_the_runner_was_killed_stops_what_it_left(lianhe: Lianhe) -> None:
    lianhe.up("LEFT")
    left = lianhe.pids()["ledgers"]
    os.kill(lianhe.state().pid, signal.SIGKILL)
    down = lianhe.run("down")
    assert down.returncode == 0
    assert f"ledgers (pid {left})" in down.stdout
    assert not alive(left)
    nothing = lianhe.run("down")
    assert (nothing.returncode, nothing.stdout) == (0, "nothing is running 没有正在运行的服务\n")


def test_logs_shows_the_last_lines_of_one_or_of_all(lianhe: Lianhe) -> None:
    lianhe.up()
    assert lianhe.run("logs", "migrate").stdout == "migrated\n"
    assert lianhe.run("logs", "migrate", "--lines", "0").stdout == ""
    everything = lianhe.run("logs").stdout
    assert "migrate: migrated\n" in everything
    assert "ledgers: serving\n" in everything
    unknown = lianhe.run("logs", "kafka")
    assert unknown.returncode == 1
    assert "There is no log of kafka" in unknown.stderr


def test_logs_follows_until_interrupted(lianhe: Lianhe) -> None:
    lianhe.up()
    with lianhe.start("logs", "ledgers", "--follow") as follow:
        assert follow.stdout.readline() == "serving\n"
        os.kill(lianhe.pids()["ledgers"], signal.SIGKILL)
        assert follow.stdout.readline() == "serving\n"
        follow.send_signal(signal.SIGINT)
        assert follow.wait() == 0


def test_foreground_stops_everything_on_ctrl_c(lianhe: Lianhe) -> None:
    with lianhe.start("up", "--foreground", "--plan", "small_plan:GOOD") as up:
        lianhe.until(running)
        pids = lianhe.pids()
        assert lianhe.state().pid == up.pid
        up.send_signal(signal.SIGINT)
        output = up.stdout.read()
    assert up.returncode == 0, output
    assert "stopped 已停止" in output
    assert [alive(pid) for pid in pids.values()] == [False, False]


def test_wipe_asks_and_removes_only_after_a_yes(lianhe: Lianhe) -> None:
    lianhe.up()
    refused = lianhe.run("down", "--wipe")
    assert refused.returncode == 1
    assert running(lianhe.state())
    assert lianhe.run("down", "--wipe", "--yes").returncode == 0
    assert not lianhe.directory.exists()


def test_little_free_space_stops_the_start(lianhe: Lianhe) -> None:
    up = lianhe.up(LIANHE_MIN_FREE_MB="1000000000")
    assert up.returncode == 1
    assert "1000000000 MiB are needed" in up.stderr
    assert "LIANHE_MIN_FREE_MB" in up.stderr
