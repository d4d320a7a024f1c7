"""The command line without servers: its help, and what it says when something is wrong."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import COMMANDS, command_line

HEADER = "企业名称,统一社会信用代码,注册日期,企业类型,法人代表,注册资金,经营范围,所在省份,地区,注册地址\n"


def run(arguments: Sequence[str | Path]) -> Result:
    asked = str(arguments[0]) if arguments else None
    return CliRunner().invoke(
        command_line(asked), [str(one) for one in arguments], env={"COLUMNS": "200", "TERM": "dumb"}
    )


@pytest.fixture
def with_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nothing answers: what is wrong with a file is told before it is asked."""
    monkeypatch.setenv("DATABASE_URL_REGISTRATION", "postgresql://nobody:secret-word@127.0.0.1:1/nothing")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    result = run([command, "--help"])

    assert result.exit_code == 0
    assert "Example 示例: lianhe " + command in result.stdout


def test_the_help_lists_every_command() -> None:
    listed = run(["--help"]).stdout

    assert [command for command in COMMANDS if f" {command} " not in listed] == []


@pytest.mark.parametrize(
    "command", [["import", "x.csv"], ["topics"], ["migrate"], ["check"], ["republish", "ledgers"], ["rebuild"]]
)
def test_without_servers_it_says_how_to_start_them(command: list[str], tmp_path: Path) -> None:
    result = run([*command, "--data-dir", tmp_path])

    assert result.exit_code == 1
    assert "lianhe up" in result.stderr
    assert "没有正在运行的服务" in result.stderr


@pytest.mark.usefixtures("with_address")
class TestBadInput:
    def test_a_path_that_is_not_there(self, tmp_path: Path) -> None:
        result = run(["import", tmp_path / "absent.csv"])

        assert result.exit_code == 1
        assert str(tmp_path / "absent.csv") in result.stderr
        assert "路径不存在" in result.stderr

    def test_a_directory_without_a_register(self, tmp_path: Path) -> None:
        result = run(["import", tmp_path])

        assert result.exit_code == 1
        assert "目录中没有" in result.stderr

    def test_a_rejects_file_that_the_next_import_would_read(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text(HEADER, encoding="utf-8")

        result = run(["import", tmp_path, "--rejects", tmp_path / "rejects.csv"])

        assert result.exit_code == 1
        assert "--rejects" in result.stderr
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]

    def test_a_rejects_file_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text(HEADER, encoding="utf-8")

        result = run(["import", tmp_path / "a.csv", "--rejects", tmp_path / "absent" / "rejects.csv"])

        assert result.exit_code == 1
        assert "无法写入" in result.stderr

    def test_a_database_that_does_not_answer(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text(HEADER, encoding="utf-8")

        result = run(["import", tmp_path / "a.csv", "--rejects", tmp_path / "r.csv"])

        assert result.exit_code == 1
        assert "127.0.0.1" in result.stderr
        assert "secret-word" not in result.output + result.stderr
        assert not (tmp_path / "r.csv").exists()


def test_settings_that_cannot_be_used_are_told_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "nowhere")
    monkeypatch.setenv("DATABASE_URL_LEDGERS", "mysql://root:secret-word@host/db")
    monkeypatch.setenv("DEAD_LETTER_KEY", "c2VjcmV0LXdvcmQ=")

    result = run(["serve", "ledgers"])

    assert result.exit_code == 1
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL_LEDGERS", "DEAD_LETTER_KEY"):
        assert name in result.stderr
    assert "secret-word" not in result.stderr
    assert "c2VjcmV0LXdvcmQ" not in result.stderr
