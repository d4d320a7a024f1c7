"""`lianhe divisions` on the real database: all or none, by line, and again."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from cli.main import command_line
from tests.conftest import MakeDatabase

pytestmark = pytest.mark.servers

WHOLE = "代码,名称,状态\n500111,X区,在用\n500111101,龙水镇,\n500111101003,第三网格,\n"


@pytest.fixture
async def url(make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    made = await make_database("ledgers")
    monkeypatch.setenv("DATABASE_URL_LEDGERS", made)
    return made


async def run(path: Path, content: str | bytes, *options: str) -> Result:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())  # noqa: ASYNC240 - a few bytes
    # in a thread of its own, for a command has an event loop of its own
    return await asyncio.to_thread(
        CliRunner().invoke, command_line("divisions"), ["divisions", str(path), "--json", *options]
    )


async def kept(url: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT division_code, name, state, version FROM division ORDER BY division_code")
        return [tuple(row.values()) for row in rows]
    finally:
        await connection.close()


async def test_a_district_is_taken_in_and_the_same_file_again_changes_nothing(url: str, tmp_path: Path) -> None:
    path = tmp_path / "district.csv"
    tried = await run(path, WHOLE, "--dry-run")
    assert json.loads(tried.stdout) == {"stated": 3, "new": 3, "changed": 0, "closed": 0, "dryRun": True}
    assert await kept(url) == []
    assert json.loads((await run(path, WHOLE)).stdout)["new"] == 3
    assert json.loads((await run(path, WHOLE)).stdout)["new"] == 0
    assert [row[:3] for row in await kept(url)] == [
        ("500111000000", "X区", "ACTIVE"),
        ("500111101000", "龙水镇", "ACTIVE"),
        ("500111101003", "第三网格", "ACTIVE"),
    ]


async def test_a_file_as_excel_saves_it_renames_and_abolishes(url: str, tmp_path: Path) -> None:
    path = tmp_path / "district.csv"
    await run(path, "\ufeff" + WHOLE.replace("\n", "\r\n"))
    later = "名称,代码,状态\r\n龙水街道,500111101,在用\r\n第三网格,500111101003,撤销\r\n".encode("gb18030")
    done = await run(path, later, "--effective-on", "2024-02-01")
    assert json.loads(done.stdout) == {"stated": 2, "new": 0, "changed": 1, "closed": 1, "dryRun": False}
    assert await kept(url) == [
        ("500111000000", "X区", "ACTIVE", 1),
        ("500111101000", "龙水街道", "ACTIVE", 2),
        ("500111101003", "第三网格", "CLOSED", 2),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("代码,名称\n500111,X区\n50011,龙水\n,无\n", ["line 第3行: '50011'", "line 第4行: ''"]),
        ("代码,名称,状态\n500111,X区,停用\n", ["line 第2行: '停用'"]),
        ("代码,名称\n500111101,龙水镇\n", ["line 第2行: 500111000000 above it isn't there 上级500111000000不存在"]),
        ("代码,名称\n500111,X区\n\n500111,X区\n", ["line 第4行: stands there twice 区划代码重复"]),
        ("代码,镇名\n500111,X区\n", ["line 1: the columns must be"]),
        ("代码,名称\n", ["it names no division"]),
        ("代码,名称\n500111,X区\n500112101,外区镇\n", ["500112101000"]),
        ("代码,名称\n500111\n", ["line 第2行: 1 cells"]),
        ("代码,名称\n500111,X区\n".encode("utf-16"), ["error 错误"]),
    ],
)
async def test_a_file_that_cannot_be_used_is_refused_by_line_and_nothing_is_kept(
    url: str, tmp_path: Path, content: str | bytes, told: list[str]
) -> None:
    done = await run(tmp_path / "district.csv", content)
    assert done.exit_code == 1
    for one in told:
        assert one in done.stderr
    assert await kept(url) == []
