"""`lianhe up --traces`: the real trace viewer beside a plan of small processes."""

import json
from pathlib import Path
from typing import Protocol

import httpx
import psutil
import pytest

from embedded.environment import read_environment
from embedded.state import RunState

pytestmark = [pytest.mark.servers, pytest.mark.timeout(500)]


class Completed(Protocol):
    returncode: int
    stdout: str
    stderr: str


class Lianhe(Protocol):
    directory: Path

    def run(self, command: str, *arguments: str, **environment: str) -> Completed: ...
    def up(self, plan: str = ..., *arguments: str, **environment: str) -> Completed: ...
    def state(self) -> RunState: ...
    def pids(self) -> dict[str, int]: ...


@pytest.fixture
def lianhe(lianhe_without_servers: Lianhe) -> Lianhe:
    return lianhe_without_servers


def listens_on(pid: int) -> set[str]:
    """Return the addresses that a process listens on."""
    return {
        one.laddr.ip.removeprefix("::ffff:")
        for one in psutil.Process(pid).net_connections("tcp")
        if one.status == psutil.CONN_LISTEN
    }


def test_the_viewer_runs_beside_the_services_until_down_and_again_at_the_same_place(lianhe: Lianhe) -> None:
    up = lianhe.up("GOOD", "--traces")
    assert up.returncode == 0, up.stderr
    address = lianhe.state().addresses["traces"]
    assert f"  traces: {address}\n" in up.stdout
    assert "open that address" in up.stdout
    assert "用浏览器打开上述地址" in up.stdout
    assert httpx.get(address, trust_env=False).status_code == 200
    zipkin = lianhe.pids()["zipkin"]
    assert listens_on(zipkin) == {"127.0.0.1"}, "nobody else on the network sees it"
    command = psutil.Process(zipkin).cmdline()
    assert "-Xmx256m" in command

    told = json.loads(lianhe.run("status", "--json").stdout)
    assert {one["name"]: one["phase"] for one in told["processes"]}["zipkin"] == "ready"
    endpoint = address.replace("/zipkin/", "/api/v2/spans")
    gateway = psutil.Process(lianhe.pids()["gateway"]).environ()
    settings = ("OTEL_EXPORTER_ZIPKIN_ENDPOINT", "TRACE_SAMPLE_RATIO")
    assert [gateway[name] for name in settings] == [endpoint, "1"]
    assert [read_environment(lianhe.directory)[name] for name in settings] == [endpoint, "1"]
    assert "OTEL_EXPORTER_ZIPKIN_ENDPOINT" not in psutil.Process(zipkin).environ()

    again = lianhe.up("GOOD", "--traces")
    assert (again.returncode, f"  traces: {address}\n" in again.stdout) == (0, True)
    assert lianhe.run("down").returncode == 0
    assert not psutil.pid_exists(zipkin)

    second = lianhe.up("GOOD", "--traces", TRACE_SAMPLE_RATIO="0.5")
    assert second.returncode == 0, second.stderr
    assert lianhe.state().addresses["traces"] == address
    assert psutil.Process(lianhe.pids()["gateway"]).environ()["TRACE_SAMPLE_RATIO"] == "0.5", "what is set stays"


def test_without_the_option_there_is_none_and_what_runs_does_not_get_one(lianhe: Lianhe) -> None:
    assert lianhe.up().returncode == 0
    assert "zipkin" not in lianhe.pids()
    assert "OTEL_EXPORTER_ZIPKIN_ENDPOINT" not in read_environment(lianhe.directory)
    asked = lianhe.up("GOOD", "--traces")
    assert asked.returncode == 1
    assert "already running 已在运行" in asked.stdout
    assert "It runs without traces: `lianhe down`, then `lianhe up --traces`." in asked.stderr
    assert "当前运行未启用链路追踪" in asked.stderr
