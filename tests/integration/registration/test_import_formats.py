"""Workbooks, JSON lines and column maps, taken in on the real database."""

import json
from pathlib import Path

import pytest
from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it ships no types

from contracts.events.registration import EntityRegistered
from kit.files.column_map import ColumnMap
from kit.files.outcomes import Counts
from services.registration.intake.column_map import AS_NAMED
from services.registration.intake.columns import REGISTER, Column
from tests.conftest import MakeDatabase
from tests.integration.registration.test_import import A, B, C, Heard, preview, take_in, told

pytestmark = pytest.mark.servers

MAP = ColumnMap(REGISTER, {Column.NAME: "名称"}, frozenset({"备注"}))


@pytest.fixture
async def url(make_database: MakeDatabase) -> str:
    return await make_database("registration")


@pytest.fixture(params=["csv", "xlsx", "jsonl"])
def suffix(request: pytest.FixtureRequest) -> str:
    """Each format in turn."""
    return str(request.param)


def write(path: Path, *rows: tuple[str, str], name: str = "企业名称") -> Path:
    table: list[tuple[str, ...]] = [(name, "统一社会信用代码"), *rows]
    if name != "企业名称":
        table = [(*row, extra) for row, extra in zip(table, ["备注", *"x" * len(rows)], strict=True)]
    match path.suffix:
        case ".csv":
            path.write_text("".join(",".join(row) + "\n" for row in table), encoding="utf-8")
        case ".jsonl":
            lines = (json.dumps(dict(zip(table[0], row, strict=True))) + "\n" for row in table[1:])
            path.write_text("".join(lines), encoding="utf-8")
        case _:
            book = Workbook(path)
            sheet = book.add_worksheet()
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
            book.close()
    return path


async def test_each_format_is_taken_in_once_and_told(url: str, tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a.{suffix}", ("甲", A), ("坏", "broken"), ("乙", B))
    heard, again = Heard(), Heard()

    counted = await preview(url, path)
    first = await take_in(url, path, watcher=heard)
    second = await take_in(url, path, watcher=again)

    assert [one.counts for one in counted] == [one.counts for one in first] == [Counts(new=2, rejected=1)]
    assert [(one.counts, one.known) for one in second] == [(Counts(unchanged=2, rejected=1), True)]
    assert heard.rejects == again.rejects == [2 if suffix == "jsonl" else 3]
    events = [EntityRegistered.model_validate_json(one["payload"]) for one in await told(url)]
    assert [(one.name, one.uscc) for one in events] == [("甲", A), ("乙", B)]


async def test_an_interrupted_import_goes_on_in_each_format(url: str, tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a.{suffix}", *((f"第{turn}次", code) for turn in range(4) for code in (A, B, C)))
    with pytest.raises(KeyboardInterrupt):
        await take_in(url, path, watcher=Heard(stop_at=2))
    heard = Heard()

    (done,) = await take_in(url, path, watcher=heard)

    assert heard.begun == [(path.name, 6)]
    assert done.counts == Counts(new=3, changed=9)
    assert len(await told(url)) == 12


async def test_the_same_facts_in_another_format_change_nothing(url: str, tmp_path: Path) -> None:
    rows = (("甲", A), ("乙", B))
    paths = [write(tmp_path / f"a.{suffix}", *rows) for suffix in ("csv", "xlsx", "jsonl")]

    done = await take_in(url, *paths)

    assert [(one.counts, one.known) for one in done] == [
        (Counts(new=2), False),
        (Counts(unchanged=2), False),
        (Counts(unchanged=2), False),
    ]


async def test_another_map_makes_another_import_of_the_same_file(url: str, tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a.{suffix}", ("甲", A), name="名称")
    wider = ColumnMap(REGISTER, MAP.names, MAP.ignored | {"电话"})

    counted = await preview(url, path, columns=MAP)
    (first,) = await take_in(url, path, columns=MAP)
    (again,) = await take_in(url, path, columns=MAP)
    (other,) = await take_in(url, path, columns=wider)

    assert [one.counts for one in counted] == [first.counts] == [Counts(new=1)]
    assert (again.counts, again.known) == (Counts(unchanged=1), True)
    assert (other.counts, other.known) == (Counts(unchanged=1), False)


async def test_a_map_that_changes_nothing_is_no_other_import(url: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ("甲", A))
    await take_in(url, path, columns=AS_NAMED)

    (again,) = await take_in(url, path, columns=ColumnMap(REGISTER, {Column.NAME: "企业名称"}))

    assert again.known
