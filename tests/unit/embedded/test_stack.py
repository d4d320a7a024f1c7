import sys
from pathlib import Path

import orjson
import pytest

from embedded.environment import read_environment
from embedded.errors import EmbeddedError
from embedded.plan import LIANHE, OneShot, Plan, ServiceProcess
from embedded.ports import Ports
from embedded.report import Report
from embedded.scale import Scale
from embedded.stack import Stack
from embedded.state import ProcessPhase
from embedded.supervisor import ProcessFailedError

_SERVICE = """
import http.server, json, os, pathlib, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()
pathlib.Path(f"{sys.argv[1]}.{os.environ.get('INSTANCE_ID', 0)}.json").write_text(json.dumps(dict(os.environ)))
http.server.HTTPServer(("127.0.0.1", int(os.environ["HTTP_PORT"])), Handler).serve_forever()
"""
_ONE_SHOT = (
    "import json, os, pathlib, sys; pathlib.Path(sys.argv[1] + '.0.json').write_text(json.dumps(dict(os.environ)))"
)
OUTSIDE = {
    "KAFKA_BOOTSTRAP_SERVERS": "broker.example:9092",
    "DATABASE_URL_REGISTRATION": "postgresql://registration@db.example/registration",
    "DATABASE_URL_LEDGERS": "postgresql://ledgers@db.example/ledgers",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example:4318",
    "POSTGRES_ADMIN_URL": "postgresql://admin@db.example/postgres",
    "LIANHE_MIN_FREE_MB": "0",
}


class Stage:
    """A plan of small processes that write down the environment they got."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "data"
        (self.directory / "run").mkdir(parents=True)
        self.seen_directory = directory
        self.plan = Plan(
            databases=("registration", "ledgers"),
            one_shots=(OneShot("migrate", self._argv(_ONE_SHOT, "migrate")),),
            services=tuple(
                ServiceProcess(name, self._argv(_SERVICE, name), database)
                for name, database in (("registration", "registration"), ("ledgers", "ledgers"), ("gateway", None))
            ),
        )

    def _argv(self, code: str, name: str) -> tuple[str, ...]:
        return (sys.executable, "-c", code, str(self.seen_directory / name))

    def stack(self, environ: dict[str, str], ports: Ports | None = None, replicas: int = 1) -> Stack:
        report = Report(self.directory / "run" / "state.json")
        return Stack(self.directory, self.plan, ports or Ports(), environ, report, Scale(replicas=replicas))

    def seen(self, name: str) -> dict[str, str]:
        service, _, replica = name.partition("-")
        instance = str(int(replica) - 1) if replica else "0"
        seen: dict[str, str] = orjson.loads((self.seen_directory / f"{service}.{instance}.json").read_bytes())
        return seen


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def databases(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if "DATABASE" in name or "POSTGRES" in name}


async def test_servers_that_are_there_are_used_and_each_service_gets_its_own_database_only(stage: Stage) -> None:
    stack = stage.stack(OUTSIDE)
    try:
        await stack.start()
    finally:
        await stack.stop()
    assert [process.name for process in stack.report.state.processes] == [
        "migrate",
        "registration",
        "ledgers",
        "gateway",
    ]
    both = {name: OUTSIDE[name] for name in ("DATABASE_URL_REGISTRATION", "DATABASE_URL_LEDGERS")}
    assert {name: databases(stage.seen(name)) for name in ("migrate", "registration", "ledgers", "gateway")} == {
        "migrate": both,
        "registration": {"DATABASE_URL_REGISTRATION": both["DATABASE_URL_REGISTRATION"]},
        "ledgers": {"DATABASE_URL_LEDGERS": both["DATABASE_URL_LEDGERS"]},
        "gateway": {},
    }
    seen = stage.seen("ledgers")
    assert seen["KAFKA_BOOTSTRAP_SERVERS"] == "broker.example:9092"
    assert seen["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://collector.example:4318"
    assert read_environment(stage.directory) == {
        **both,
        "KAFKA_BOOTSTRAP_SERVERS": "broker.example:9092",
        "DEAD_LETTER_KEY": seen["DEAD_LETTER_KEY"],
    }


async def test_second_start_keeps_ports_and_key(stage: Stage) -> None:
    seen = []
    for _ in range(2):
        stack = stage.stack(OUTSIDE)
        try:
            await stack.start()
        finally:
            await stack.stop()
        seen.append({name: stage.seen("gateway")[name] for name in ("HTTP_PORT", "DEAD_LETTER_KEY")})
    assert seen[0] == seen[1]
    assert len(seen[0]["DEAD_LETTER_KEY"]) == 44


async def test_replicas_are_told_apart_and_only_the_first_is_an_owners_address(stage: Stage) -> None:
    stack = stage.stack(OUTSIDE, replicas=3)
    try:
        await stack.start()
        state = stack.report.state
    finally:
        await stack.stop()
    services = ("registration", "ledgers", "gateway")
    names = [*services, *(f"{name}-2" for name in services), *(f"{name}-3" for name in services)]
    assert [process.name for process in state.processes] == ["migrate", *names]
    instances = {name: stage.seen(name).get("INSTANCE_ID") for name in names}
    assert instances == {
        **dict.fromkeys(services),
        **{f"{name}-2": "1" for name in services},
        **{f"{name}-3": "2" for name in services},
    }
    ports = {name: stage.seen(name)["HTTP_PORT"] for name in names}
    assert len(set(ports.values())) == len(names)
    told = {name: value for name, value in stage.seen("gateway-3").items() if name.endswith("_URL")}
    assert told == {f"{name.upper()}_URL": f"http://127.0.0.1:{ports[name]}" for name in services}
    assert databases(stage.seen("ledgers-2")) == databases(stage.seen("ledgers"))


async def test_addresses_and_steps_are_told(stage: Stage) -> None:
    stack = stage.stack(OUTSIDE)
    try:
        await stack.start()
        state = stack.report.state
    finally:
        await stack.stop()
    assert [(step.name, step.finished is not None) for step in state.steps] == [
        ("kafka", True),
        ("migrate", True),
        ("services", True),
    ]
    ports = {process.name: process.port for process in state.processes if process.port}
    assert state.addresses == {
        "kafka": "broker.example:9092",
        **{name: f"http://127.0.0.1:{port}" for name, port in ports.items()},
    }
    assert {process.phase for process in state.processes if process.name != "migrate"} == {ProcessPhase.READY}


async def test_half_of_the_databases_set_is_a_mistake(stage: Stage) -> None:
    environ = {name: value for name, value in OUTSIDE.items() if name != "DATABASE_URL_LEDGERS"}
    stack = stage.stack(environ)
    with pytest.raises(EmbeddedError) as caught:
        await stack.start()
    await stack.stop()
    for text in (caught.value.english, caught.value.chinese):
        assert "DATABASE_URL_LEDGERS" in text
        assert "DATABASE_URL_REGISTRATION" not in text
    assert stack.report.state.processes == ()


async def test_services_do_not_start_after_a_failed_one_shot(stage: Stage) -> None:
    failing = OneShot("migrate", (sys.executable, "-c", "raise SystemExit(1)"))
    stage.plan = Plan(stage.plan.databases, (failing,), stage.plan.services)
    stack = stage.stack(OUTSIDE)
    with pytest.raises(ProcessFailedError, match="migrate ended with exit 1"):
        await stack.start()
    await stack.stop()
    assert [process.name for process in stack.report.state.processes] == ["migrate"]


def test_plan_of_lianhe_runs_each_service_with_its_relay() -> None:
    commands = [" ".join(one.argv[3:]) for one in LIANHE.one_shots]
    commands += [" ".join(one.argv[3:]) for one in LIANHE.services]
    assert commands == [
        "migrate",
        "topics --apply",
        "serve registration --role service",
        "serve registration --role relay",
        "serve ledgers --role service",
        "serve ledgers --role relay",
        "serve assessment --role all",
        "serve pairing --role all",
        "serve gateway --role all",
    ]
    assert {one.name: one.keys for one in LIANHE.services if one.keys} == {
        "registration": ("PERSONAL_DATA_KEY",),
        "ledgers": ("PERSONAL_DATA_KEY",),
    }
