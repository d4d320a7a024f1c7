"""What the demo refuses before it starts anything."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import command_line


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
