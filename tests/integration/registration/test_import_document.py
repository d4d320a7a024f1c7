"""The commands, the lines and the map that docs/import.md shows are used as they stand there."""

import asyncio
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result
from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it ships no types

from cli.main import command_line
from tests.conftest import MakeDatabase

pytestmark = pytest.mark.servers

DOCUMENT = Path(__file__).parents[3] / "docs" / "import.md"
A, B = "91999999MA0000001N", "91999999MA0000002R"


def block(language: str) -> str:
    """Return the one block of a language in the part of the document that is about registrations."""
    ours, _, _ = DOCUMENT.read_text(encoding="utf-8").partition("\n# Importing organisations and members")
    (found,) = re.findall(rf"```{language}\n(.*?)```", ours, re.DOTALL)
    return str(found)


def import_command(arguments: Sequence[str | Path]) -> Result:
    return CliRunner().invoke(command_line("import"), [str(one) for one in arguments])


@pytest.fixture
async def directory(make_database: MakeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place with the files that the document names, and a database in the environment."""
    monkeypatch.setenv("DATABASE_URL_REGISTRATION", await make_database("registration"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "columns.toml").write_text(block("toml"), encoding="utf-8")
    (tmp_path / "more.jsonl").write_text(block("jsonl"), encoding="utf-8")
    (tmp_path / "export.csv").write_text(
        f"序号,市场主体名称,信用代码,住所,联系电话\n1,甲,{B},某路1号,1\n2,乙,坏,某路2号,2\n", encoding="gb18030"
    )
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "a.csv").write_text(f"企业名称,统一社会信用代码\n丙,{A}\n", encoding="utf-8")
    book = Workbook(tmp_path / "register.xlsx")
    book.add_worksheet().write_row(0, 0, ("企业名称", "统一社会信用代码"))
    book.close()
    return tmp_path


async def run(arguments: Sequence[str | Path]) -> Result:
    return await asyncio.to_thread(import_command, arguments)


async def test_the_commands_run_as_they_stand(directory: Path) -> None:
    commands = [shlex.split(line.partition("#")[0])[1:] for line in block("console").splitlines()]
    assert [command[0] for command in commands] == ["import"] * 3

    results = [await run([*command, "--json"]) for command in commands]

    assert [result.exit_code for result in results] == [0, 0, 0], [result.stderr for result in results]
    assert [orjson.loads(result.stdout) for result in results] == [
        {"read": 0, "new": 0, "changed": 0, "unchanged": 0, "rejected": 0},
        {"read": 3, "new": 2, "changed": 1, "unchanged": 0, "rejected": 0},
        {"read": 2, "new": 1, "changed": 0, "unchanged": 0, "rejected": 1},
    ]
    (reject,) = (directory / "rejects-export.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert reject.startswith('"export.csv","3","统一社会信用代码","USCC_LENGTH"')


async def test_a_map_that_cannot_be_used_ends_the_command_before_anything_is_read(directory: Path) -> None:
    (directory / "columns.toml").write_text('"信用代码" = "x"', encoding="utf-8")

    result = await run(["import", directory / "export.csv", "--columns", directory / "columns.toml"])

    assert result.exit_code == 1
    assert "columns.toml" in result.stderr
    assert "等号左侧的列名无法识别：信用代码" in result.stderr
    assert not (directory / "rejects.csv").exists()


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl"])
async def test_rejects_are_not_written_where_the_next_import_would_read_them(directory: Path, suffix: str) -> None:
    result = await run(["import", directory, "--rejects", directory / f"rejects.{suffix}"])

    assert result.exit_code == 1
    assert "--rejects" in result.stderr
    assert not (directory / f"rejects.{suffix}").exists()
