"""What the demo refuses before it starts anything."""

import json
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from cli import demo_district
from cli.main import command_line
from demo.loading.figures import Figure


def run(directory: Path, *arguments: str) -> Result:
    given = ["demo", *arguments, "--data-dir", str(directory / "data")]
    return CliRunner().invoke(command_line("demo"), given, env={"COLUMNS": "300", "TERM": "dumb"})


@pytest.mark.parametrize("day", ["2019-12-31", "2999-01-01", "2024-02-30", "gestern"])
def test_a_day_that_no_district_can_be_of(tmp_path: Path, day: str) -> None:
    result = run(tmp_path, "--as-of", day)

    assert result.exit_code == 2
    assert day in result.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("option", [("--small",), ("--json",), ("--as-of", "2024-02-28")])
@pytest.mark.parametrize("register", [("--registry",), ("--source", "x.csv")])
def test_options_of_the_district_with_a_register(
    tmp_path: Path, option: tuple[str, ...], register: tuple[str, ...]
) -> None:
    result = run(tmp_path, *register, *option)

    assert result.exit_code == 2
    assert "are for the district" in result.stderr
    assert "仅用于演示区" in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_seed_below_zero(tmp_path: Path) -> None:
    assert run(tmp_path, "--seed", "-1").exit_code == 2


class TestShowing:
    """What is printed of figures; starting and loading are others' tests."""

    @pytest.fixture(params=[3, 2])
    def found(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
        """Let the graph say 3, as expected, or 2."""
        found: int = request.param

        async def load(*_: object, **__: object) -> list[Figure]:
            return [Figure("members 党员", 3, found)]

        monkeypatch.setattr(demo_district, "_load", load)
        monkeypatch.setattr(demo_district, "up", lambda **_: typer.echo("started"))
        place = demo_district.Place({"gateway": "http://127.0.0.1:1"}, {"ledgers": "postgresql://"})
        monkeypatch.setattr(demo_district, "_started_place", lambda _: place)
        return found

    def test_a_figure_that_differs_is_seen_and_is_the_exit_status(self, tmp_path: Path, found: int) -> None:
        result = run(tmp_path)

        assert result.exit_code == (0 if found == 3 else 2)
        (row,) = [line for line in result.stdout.splitlines() if "members 党员" in line]
        assert re.findall(r"[0-9]+|[✓✗]", row) == ["3", str(found), "✓" if found == 3 else "✗"]
        assert f"{found - 2} of 1 as expected" in result.stdout

    def test_one_line_of_json_and_nothing_else(
        self, tmp_path: Path, found: int, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            command_line("demo")(["demo", "--json", "--seed", "5", "--data-dir", str(tmp_path)])

        assert ended.value.code == (0 if found == 3 else 2)
        out, error = capfd.readouterr()
        assert "started" in error
        told = json.loads(out)
        assert (told["right"], told["seed"], told["asOf"]) == (found == 3, 5, "2024-02-28")
        assert told["figures"] == [{"name": "members 党员", "expected": 3, "found": found}]


def test_services_that_run_elsewhere_must_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_URL", "http://gateway:8080")
    result = run(tmp_path, "--running", "--small")

    assert result.exit_code == 1
    assert "7 setting(s) can't be used 配置有误" in result.stderr
    services = ("REGISTRATION_URL", "LEDGERS_URL", "PAIRING_URL")
    for name in ("KAFKA_BOOTSTRAP_SERVERS", *services, "DATABASE_URL_REGISTRATION", "DATABASE_URL_LEDGERS"):
        assert f"{name}: is not set; set this environment variable 未设置，请设置该环境变量" in result.stderr
    assert not (tmp_path / "data").exists()


def test_what_was_not_started_here_is_not_stopped_here(tmp_path: Path) -> None:
    result = run(tmp_path, "--running", "--once")

    assert result.exit_code == 2
    assert "--once stops what --running did not start 不能停止并非由本命令启动的服务" in result.stderr
