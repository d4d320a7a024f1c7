"""Importing into the ledgers without servers: what is wrong with a file or a place is told before anything is asked."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import command_line

COMMANDS = pytest.mark.parametrize("kind", ["organisations", "members"])
HEADERS = {"organisations": "党组织名称\n", "members": "姓名\n"}
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
ADDRESS = {"DATABASE_URL_LEDGERS": "postgresql://nobody:secret-word@127.0.0.1:1/nothing", "PERSONAL_DATA_KEY": KEY}


def run(arguments: Sequence[str | Path], **environment: str) -> Result:
    told = [str(one) for one in arguments]
    return CliRunner().invoke(command_line(told[0]), told, env={"COLUMNS": "200", "TERM": "dumb", **environment})


@COMMANDS
def test_a_template_is_written_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"

    first, again, forced = (run(["template", kind, path, *more]) for more in ([], [], ["--force"]))

    assert (first.exit_code, again.exit_code, forced.exit_code) == (0, 1, 0)
    assert str(path) in first.stdout
    assert "--force" in again.stderr
    assert "已存在" in again.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["template.xlsx"]


@COMMANDS
def test_each_template_explains_itself_with_an_example(kind: str) -> None:
    result = run(["template", kind, "--help"])

    assert f"Example 示例: lianhe template {kind} {kind}.xlsx" in result.stdout


@COMMANDS
def test_without_the_key_it_says_which_setting_is_missing(kind: str, tmp_path: Path) -> None:
    result = run([f"import-{kind}", tmp_path], DATABASE_URL_LEDGERS=ADDRESS["DATABASE_URL_LEDGERS"])

    assert result.exit_code == 1
    assert "PERSONAL_DATA_KEY" in result.stderr
    assert "未设置" in result.stderr


@COMMANDS
def test_without_servers_it_says_how_to_start_them(kind: str, tmp_path: Path) -> None:
    result = run([f"import-{kind}", "x.csv", "--data-dir", tmp_path])

    assert result.exit_code == 1
    assert "lianhe up" in result.stderr


@COMMANDS
def test_a_path_that_is_not_there(kind: str, tmp_path: Path) -> None:
    result = run([f"import-{kind}", tmp_path / "absent.csv"], **ADDRESS)

    assert result.exit_code == 1
    assert "路径不存在" in result.stderr


@COMMANDS
def test_rejects_never_take_the_place_of_what_is_imported(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADERS[kind], encoding="utf-8")

    results = [
        run([f"import-{kind}", path, "--rejects", path], **ADDRESS),
        run([f"import-{kind}", tmp_path, "--rejects", tmp_path / "b.csv"], **ADDRESS),
    ]

    assert [one.exit_code for one in results] == [1, 1]
    assert all("--rejects" in one.stderr and "请用" in one.stderr for one in results)
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text(encoding="utf-8") == HEADERS[kind]


@COMMANDS
@pytest.mark.parametrize("division", ["5001", "大足区", "000000"])
def test_a_division_that_is_none(kind: str, division: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADERS[kind], encoding="utf-8")

    result = run([f"import-{kind}", path, "--division", division, "--rejects", tmp_path / "rejects.out"], **ADDRESS)

    assert result.exit_code == 1
    assert "--division" in result.stderr
    assert "行政区划代码" in result.stderr


@COMMANDS
def test_a_database_that_is_away_is_told_without_its_password(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADERS[kind], encoding="utf-8")

    result = run([f"import-{kind}", path, "--rejects", tmp_path / "rejects.out"], **ADDRESS)

    assert result.exit_code == 1
    assert "127.0.0.1:1" in result.stderr
    assert "secret-word" not in result.stderr
    assert not (tmp_path / "rejects.out").exists()
