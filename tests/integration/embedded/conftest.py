"""The command line run as its users run it, on a plan of small processes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from embedded.state import RunState, read_state, state_path

ROOT = Path(__file__).parents[3]
DEADLINE_SECONDS = 120.0

_PLAN = '''
import sys
from embedded.plan import OneShot, Plan, ServiceProcess

SERVICE = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()
    def log_message(self, *_): pass
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", int(os.environ["HTTP_PORT"])), Handler).serve_forever()
"""


def service(name, database):
    return ServiceProcess(name, (sys.executable, "-c", SERVICE), database)


def one_shot(code):
    return OneShot("migrate", (sys.executable, "-c", code))


# It doesn't hear that its runner died, as on systems that don't tell.
DEAF = "import ctypes\\nctypes.CDLL(None).prctl(1, 0, 0, 0, 0)\\n" + SERVICE
LEFT = Plan(("ledgers",), (), (ServiceProcess("ledgers", (sys.executable, "-c", DEAF), "ledgers"),))
SERVICES = (service("ledgers", "ledgers"), service("gateway", None))
GOOD = Plan(("ledgers",), (one_shot("print('migrated')"),), SERVICES)
BROKEN = Plan(("ledgers",), (one_shot("print('line 1'); print('line 2'); raise SystemExit(3)"),), SERVICES)
'''
# Only the commands that are tested here: the others load much more.
_COMMANDS = """
import typer
from cli import down, logs, status, up
app = typer.Typer(pretty_exceptions_enable=False)
for command in (up.up, down.down, status.status, logs.logs):
    app.command()(command)
app()
"""
OUTSIDE = {
    "KAFKA_BOOTSTRAP_SERVERS": "broker.example:9092",
    "DATABASE_URL_LEDGERS": "postgresql://ledgers@db.example/ledgers",
}


@dataclass(slots=True)
class Lianhe:
    """Runs commands on one data directory."""

    directory: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, command: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self._argv(command, *arguments),
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE_SECONDS,
        )

    def start(self, command: str, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self._argv(command, *arguments),
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def up(self, plan: str = "GOOD", *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return self.run("up", "--plan", f"small_plan:{plan}", *arguments, **environment)

    def state(self) -> RunState:
        state = read_state(state_path(self.directory))
        assert state is not None
        return state

    def pids(self) -> dict[str, int]:
        return {process.name: process.pid for process in self.state().processes if process.pid is not None}

    def until(self, condition: Callable[[RunState], bool]) -> None:
        """Wait until something holds of the state."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while (state := read_state(state_path(self.directory))) is None or not condition(state):
            assert time.monotonic() < deadline, f"it never happened; the last state is {state}"
            time.sleep(0.02)

    def _argv(self, command: str, *arguments: str) -> list[str]:
        return [sys.executable, "-c", _COMMANDS, command, *arguments]


@pytest.fixture
def lianhe(tmp_path: Path) -> Iterator[Lianhe]:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "small_plan.py").write_text(_PLAN)
    outside = {"KAFKA_BOOTSTRAP_SERVERS", "POSTGRES_ADMIN_URL"}
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in outside and not name.startswith(("DATABASE_URL_", "LIANHE_DATA"))
    }
    directory = tmp_path / "data"
    lianhe = Lianhe(
        directory,
        {
            **inherited,
            "LIANHE_DATA": str(directory),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path / "plans")]),
        },
    )
    yield lianhe
    lianhe.run("down", "--wipe", "--yes")


@pytest.fixture
def lianhe_without_servers(lianhe: Lianhe) -> Lianhe:
    """The servers are elsewhere: only the plan's own processes run."""
    lianhe.environment |= OUTSIDE
    return lianhe
