"""The demo on services that run elsewhere, as in containers: found by their addresses alone."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.stack import LIANHE, running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(580)]


def demo(directory: Path, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*LIANHE, "demo", "--running", "--small", "--json", "--data-dir", str(directory)],
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_figures_are_the_same_and_nothing_is_started(tmp_path: Path) -> None:
    with running(tmp_path / "data") as stack:
        before = stack.state()
        key = tmp_path / "elsewhere" / "secrets" / "development-key.json"
        key.parent.mkdir(parents=True)
        key.write_bytes((stack.directory / "secrets" / "development-key.json").read_bytes())
        url = tmp_path / "ledgers-url"
        url.write_text(stack.environment["DATABASE_URL_LEDGERS"], encoding="utf-8")
        services = ("registration", "ledgers", "assessment", "pairing", "gateway")
        environment = {
            **{f"{name.upper()}_URL": before.addresses[name] for name in services},
            "KAFKA_BOOTSTRAP_SERVERS": stack.environment["KAFKA_BOOTSTRAP_SERVERS"],
            "DATABASE_URL_LEDGERS_FILE": str(url),
            "DATABASE_URL_REGISTRATION": stack.environment["DATABASE_URL_REGISTRATION"],
        }

        shown = demo(tmp_path / "elsewhere", environment)

        assert shown.returncode == 0, shown.stderr
        told = json.loads(shown.stdout)
        assert told["right"] is True
        assert {one["name"]: one["found"] for one in told["figures"]}["members 党员"] == 124
        assert "start 启动" not in told["seconds"]
        assert stack.state().pid == before.pid
    assert [one.name for one in (tmp_path / "elsewhere").iterdir()] == ["secrets"]
