"""Workbooks as clerks keep them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it ships no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # it ships no types

from kit.files.errors import FileFault, IntakeError
from kit.files.outcomes import Rejected, RowFault
from kit.files.sheet import HEADER_WITHIN
from services.registration.intake.columns import Column
from services.registration.intake.outcomes import Accepted, RejectReason
from services.registration.intake.reader import read_file

CODE, OTHER = "91500107MA5UF4UFXT", "915001012079647987"
SHORT = ("企业名称", "统一社会信用代码", "注册日期", "注册资金", "地区")

Fill = Callable[[Workbook, Worksheet], None]


def written(path: Path, fill: Fill) -> Path:
    workbook = Workbook(path)
    fill(workbook, workbook.add_worksheet("登记"))
    workbook.close()
    return path


def table(path: Path, *rows: Sequence[object], header: Sequence[str] = SHORT, above: int = 0) -> Path:
    def fill(workbook: Workbook, sheet: Worksheet) -> None:
        day = workbook.add_format({"num_format": "yyyy年m月d日"})
        for number, row in enumerate((header, *rows), start=above):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                else:
                    sheet.write(number, place, cell)

    return written(path, fill)


def read(path: Path) -> list[Accepted | Rejected]:
    return list(read_file(path, today=date(2024, 2, 28)))


def refusal(path: Path) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        read(path)
    assert caught.value.path == path
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.message_zh)
    return caught.value


def names(path: Path) -> list[tuple[int, str]]:
    return [(one.line, one.registration.name) for one in read(path) if isinstance(one, Accepted)]


def rejects(path: Path) -> list[tuple[int, StrEnum, str | None]]:
    return [(one.line, one.reason, one.column) for one in read(path) if isinstance(one, Rejected)]


def test_a_sheet_gives_the_facts_that_the_same_csv_gives(tmp_path: Path, sound_cells: dict[Column, str]) -> None:
    text = tmp_path / "a.csv"
    text.write_text(f"{Column.listed()}\n{','.join(sound_cells.values())}\n", encoding="utf-8")
    book = table(tmp_path / "a.XLSX", tuple(sound_cells.values()), header=tuple(Column))

    (from_text,), (from_book,) = read(text), read(book)

    assert isinstance(from_text, Accepted)
    assert isinstance(from_book, Accepted)
    assert from_book.registration == from_text.registration
    assert (from_book.line, from_book.notices) == (2, ())


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2003, 7, 1), date(2003, 7, 1)),
        (datetime(2003, 7, 1, 12, 30), date(2003, 7, 1)),  # noqa: DTZ001 - a sheet's moments have no zone
        ("2003年7月1日", date(2003, 7, 1)),
        (20030701, date(2003, 7, 1)),
        (True, None),
        ("", None),
    ],
)
def test_a_day_is_read_however_the_cell_keeps_it(tmp_path: Path, cell: object, day: date | None) -> None:
    (outcome,) = read(table(tmp_path / "a.xlsx", ("甲", CODE, cell)))

    assert isinstance(outcome, Accepted)
    assert outcome.registration.registered_on == day


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1234.0, "1234"),
        (0.1 + 0.2, "0.3"),
        (-2.50, "-2.5"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2003, 7, 1), "2003-07-01"),
    ],
)
def test_other_cells_become_the_text_that_a_clerk_sees(tmp_path: Path, cell: object, text: str) -> None:
    assert names(table(tmp_path / "a.xlsx", (cell, CODE))) == [(2, text)]


def test_a_code_that_a_number_has_cut_is_never_taken_for_another(tmp_path: Path) -> None:
    # As a number 915001012079647987 is 915001012079648000; one such number in 31 would be somebody's valid code.
    outcome = rejects(table(tmp_path / "a.xlsx", ("甲", int(OTHER)), ("乙", OTHER)))

    assert outcome == [(2, RejectReason.USCC_NUMBER, Column.USCC)]


@pytest.mark.parametrize("above", [0, 3, HEADER_WITHIN - 1])
def test_titles_may_stand_above_the_header(tmp_path: Path, above: int) -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(above, 1, SHORT)
        sheet.write_row(above + 2, 1, ("甲", CODE))
        if above > 1:
            sheet.merge_range(0, 0, 1, 5, "某区市场主体登记表")

    assert names(written(tmp_path / "a.xlsx", fill)) == [(above + 3, "甲")]


def test_a_header_further_down_is_not_looked_for(tmp_path: Path) -> None:
    error = refusal(table(tmp_path / "a.xlsx", ("甲", CODE), above=HEADER_WITHIN))

    assert error.fault is FileFault.HEADER
    assert "first 20 rows" in error.message_en


def test_the_first_visible_sheet_with_a_whole_header_is_read(tmp_path: Path) -> None:
    def fill(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ("填表说明", "企业名称", "必填"))
        hidden = workbook.add_worksheet("旧")
        hidden.write_row(0, 0, SHORT)
        hidden.write_row(1, 0, ("旧", CODE))
        hidden.hide()
        workbook.add_worksheet("空")
        workbook.add_chartsheet("图")
        for title, name in (("今年", "新"), ("去年", "次")):
            one = workbook.add_worksheet(title)
            one.write_row(0, 0, SHORT)
            one.write_row(1, 0, (name, CODE))

    assert names(written(tmp_path / "a.xlsx", fill)) == [(2, "新")]


def test_empty_rows_and_merged_headings_are_no_rows(tmp_path: Path) -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, SHORT)
        sheet.merge_range(1, 0, 1, 4, "一、个体工商户")
        sheet.write_row(2, 0, ("甲", CODE))
        sheet.write_row(3, 0, (" ", "\t"))
        sheet.merge_range(5, 0, 6, 4, "二、小微企业")
        sheet.write_row(7, 0, ("乙", "坏"))
        sheet.merge_range(7, 3, 7, 4, "与下无关")

    path = written(tmp_path / "a.xlsx", fill)

    assert names(path) == [(3, "甲")]
    assert rejects(path) == [(8, RejectReason.USCC_LENGTH, Column.USCC)]
    assert [one.position.ordinal for one in read(path)] == [1, 2]


def test_a_cell_merged_downwards_states_its_value_in_each_row(tmp_path: Path) -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range(0, 4, 1, 4, "地区")
        sheet.write_row(0, 0, SHORT[:4])
        sheet.write_row(1, 0, ("甲", CODE))
        sheet.write_row(2, 0, ("乙", OTHER))
        sheet.merge_range(2, 4, 4, 4, "万州")
        sheet.write_row(3, 0, ("丙", CODE))
        sheet.write_row(4, 0, ("丁", CODE))
        sheet.write_row(5, 0, ("戊", CODE))
        sheet.merge_range(6, 0, 7, 0, "己")

    path = written(tmp_path / "a.xlsx", fill)
    found = [
        (one.registration.name, one.registration.division_code, one.notices)
        for one in read(path)
        if isinstance(one, Accepted)
    ]

    assert found == [
        ("甲", "000000000000", ()),
        ("乙", "500101000000", ()),
        ("丙", "500101000000", ()),
        ("丁", "500101000000", ()),
        ("戊", "000000000000", ()),
    ]
    assert rejects(path) == [(7, RejectReason.USCC_MISSING, Column.USCC)]


def test_a_value_beside_the_table_costs_its_row(tmp_path: Path) -> None:
    path = table(tmp_path / "a.xlsx", ("甲", CODE), ("乙", OTHER, "", "", "", "王小明"))

    assert names(path) == [(2, "甲")]
    (reject,) = (one for one in read(path) if isinstance(one, Rejected))
    assert (reject.line, reject.reason, reject.cells) == (3, RowFault.COLUMNS, ())
    assert "王小明" not in reject.message_en + reject.message_zh


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (("企业名称", "统一社会信用代码", "注册资本"), "column 3 is unknown: 注册资本. Is it meant to be 注册资金"),
        (("企业名称", "统一社会信用代码", "", "电话"), "column 4 is unknown: 电话."),
        (("企业名称", "统一社会信用代码", "企业名称"), "column 3 is 企业名称 again, as column 1 is"),
        (("企业名称", "注册日期"), "lacks the column 统一社会信用代码"),
        (("名称", "代码"), "no visible sheet names a known column"),
    ],
)
def test_a_wrong_column_is_named_with_its_place(tmp_path: Path, header: Sequence[str], message: str) -> None:
    error = refusal(table(tmp_path / "a.xlsx", header=header))

    assert error.fault is FileFault.HEADER
    assert message in error.message_en


def test_the_place_behind_the_last_row_is_the_end_of_the_file(tmp_path: Path) -> None:
    path = table(tmp_path / "a.xlsx", ("甲", CODE), ("乙", OTHER))

    assert [one.position.offset for one in read(path)] == [path.stat().st_size * 2 // 3, path.stat().st_size]
