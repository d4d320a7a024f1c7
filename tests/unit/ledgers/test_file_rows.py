"""Cells of files of organisations and members: what they mean, and what rejects their row."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.files.column_map import ColumnMap
from kit.files.errors import IntakeError
from kit.files.outcomes import Rejected
from services.ledgers.intake.cells import Cells
from services.ledgers.intake.columns import MEMBERS, ORGANISATIONS, FileKind
from services.ledgers.intake.rows import read_members
from services.ledgers.intake.statements import RejectReason, Row, RowError


def cell(text: str) -> Cells:
    return Cells(["列"], [text])


@pytest.mark.parametrize(
    "text", ["1985-03", "1985.3", "1985/03", "1985年3月", "198503", "１９８５-０３", "1985-03-08", "19850308"]
)
def test_a_month_is_read_as_it_is_written(text: str) -> None:
    assert cell(text).month("列") == "1985-03"


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_day_and_a_month_are_read_back(day: date) -> None:
    assert cell(day.isoformat()).day("列") == day
    assert cell(f"{day:%Y-%m}").month("列") == f"{day.year:04d}-{day.month:02d}"


@pytest.mark.parametrize("text", ["1985-13", "1985-00", "85-03", "三月"])
def test_what_is_no_month_is_told(text: str) -> None:
    with pytest.raises(RowError) as caught:
        cell(text).month("列")

    assert (caught.value.column, caught.value.reason) == ("列", RejectReason.DAY)


@pytest.mark.parametrize(
    ("text", "truth"), [("是", True), ("否", False), ("true", True), ("0", False), ("", None), ("-", None)]
)
def test_yes_and_no(text: str, truth: bool | None) -> None:  # noqa: FBT001 - a case
    assert cell(text).truth("列") is truth


@pytest.mark.parametrize("text", ["", "N/A", "无", " "])
def test_an_empty_cell_says_nothing(text: str) -> None:
    cells = cell(text)

    said = (cells.text("列", 5), cells.day("列"), cells.month("列"), cells.count("列", 9), cells.usccs("列", 9))
    assert set(said) == {None}
    with pytest.raises(RowError) as caught:
        cells.needed("列", 5)
    assert caught.value.reason is RejectReason.MISSING


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("一二三四五六", RejectReason.TOO_LONG),
        ("锟斤拷", RejectReason.MOJIBAKE),
        ("9E+17", RejectReason.NUMBER),
    ],
)
def test_a_text_that_cannot_be_meant_rejects(text: str, reason: RejectReason) -> None:
    with pytest.raises(RowError) as caught:
        cell(text).text("列", 5)

    assert caught.value.reason is reason
    assert text not in caught.value.message_en + caught.value.message_zh


@pytest.mark.parametrize("text", ["-1", "1.5", "101", "两"])
def test_what_is_no_count_is_told(text: str) -> None:
    with pytest.raises(RowError) as caught:
        cell(text).count("列", 100)

    assert "100" in caught.value.message_zh


def test_codes_stand_in_one_cell_apart() -> None:
    assert cell("91A，91b;91c、91-d\n91A").usccs("列", 99) == ("91A", "91B", "91C", "91D")


@pytest.mark.parametrize("kind", [ORGANISATIONS, MEMBERS], ids=lambda kind: kind.name)
def test_columns_have_names_of_their_own_in_both_languages(kind: FileKind) -> None:
    assert len({one.column for one in kind.columns}) == len({one.key for one in kind.columns}) == len(kind.columns)
    assert all(
        (one.key.isascii() and one.note_en.isascii())
        or "“" in one.note_en
        or "否" in one.note_en
        or "、" in one.note_en
        for one in kind.columns
    )
    assert [one.column for one in kind.columns if not one.note_zh] == []


def read(path: Path) -> list[Row[object] | Rejected]:
    return list(read_members(path, ColumnMap(MEMBERS.column_set)))  # type: ignore[arg-type]  # rows of members are rows


def test_a_bad_cell_rejects_its_row_with_the_clerks_own_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("党员类别,姓名\n正式,王小明\n正式党员,李四\nFULL,张三\n", encoding="utf-8")

    rejected, *rows = read(path)

    assert isinstance(rejected, Rejected)
    assert (rejected.line, rejected.column, rejected.reason) == (2, "党员类别", "WORD")
    assert "正式党员、预备党员" in rejected.message_zh
    assert [one for one in rejected.cells if one] == ["王小明", "正式"]
    assert [one.line for one in rows] == [3, 4]


def test_what_a_rejects_file_has_beside_the_cells_is_read_past(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("文件,行,列,原因代码,原因,reason,姓名\nb.csv,2,姓名,TWICE,x,y,王小明\n", encoding="utf-8")

    [row] = read(path)

    assert isinstance(row, Row)


def test_an_unknown_column_refuses_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,党组职务\n王小明,书记\n", encoding="utf-8")

    with pytest.raises(IntakeError) as caught:
        read(path)

    assert "党组职务" in caught.value.message_zh
