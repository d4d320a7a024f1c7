"""Reads the sheet of a .xlsx that holds records: its header, and its rows as the text that a clerk sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from kit.files import rejections
from kit.files.cells import number_text, visible
from kit.files.column_map import ColumnMap
from kit.files.errors import FileFault, IntakeError
from kit.files.layout import Layout, layout_of
from kit.files.merges import Merges
from kit.files.outcomes import Rejected
from kit.files.records import Position, Record
from kit.files.workbook import check_workbook, damaged, protected

HEADER_WITHIN: Final = 20
"""Rows of a sheet among which the header stands; titles may stand above it."""

Cell = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a workbook that holds the records.

    Attributes:
        layout: where it has its columns.
        records: its rows, or what is wrong with their shape.
    """

    layout: Layout
    records: Iterator[Record | Rejected]


@dataclass(frozen=True, slots=True)
class _Header:
    sheet: CalamineSheet
    row: int
    names: list[str]


def open_sheet(path: Path, columns: ColumnMap) -> Sheet:
    """Open the first visible sheet that has a header within its first `HEADER_WITHIN` rows.

    A row's line is its number in the sheet. Rows without a value are no records, nor are lines of one merged cell,
    such as headings between the rows. A cell that is merged downwards states its value in each of its rows.

    Raises:
        IntakeError: the file can't be opened as a workbook, is too large, or no sheet has a header that can be used.
        OSError: the file can't be read.
    """
    check_workbook(path)
    try:
        workbook = CalamineWorkbook.from_path(path)
        header = _find_header(workbook, path, columns)
    except PasswordError as error:
        raise protected(path) from error
    except CalamineError as error:
        raise damaged(path, str(error)) from error
    layout = layout_of(header.names, path, columns, nameless=True)
    return Sheet(layout, _records(header, path.stat().st_size))


def _find_header(workbook: CalamineWorkbook, path: Path, columns: ColumnMap) -> _Header:
    needed = {columns.names.get(column, column) for column in columns.of.required}
    partial: _Header | None = None
    for sheet_of in workbook.sheets_metadata:
        if sheet_of.typ is not SheetTypeEnum.WorkSheet or sheet_of.visible is not SheetVisibleEnum.Visible:
            continue
        sheet = workbook.get_sheet_by_name(sheet_of.name)
        for row, cells in enumerate(sheet.to_python(skip_empty_area=False, nrows=HEADER_WITHIN), start=1):
            names = [visible(_text(cell)) for cell in cells]
            if needed.issubset(names):
                return _Header(sheet, row, names)
            if partial is None and columns.known.intersection(names):
                partial = _Header(sheet, row, names)
    if partial is None:
        raise IntakeError(
            path,
            FileFault.HEADER,
            f"no visible sheet names a known column within its first {HEADER_WITHIN} rows. One row must name the "
            f"columns: {columns.of.listed()}. A file whose columns have other names is imported with --columns.",
            f"各可见工作表的前{HEADER_WITHIN}行中没有可识别的列名。须有一行为列名：{columns.of.listed()}。"
            "列名不同的文件请用--columns指明对应关系。",
        )
    return partial


def _records(header: _Header, size: int) -> Iterator[Record | Rejected]:
    sheet = header.sheet
    left = sheet.start[1] if sheet.start else 0
    rows = sheet.end[0] + 1 if sheet.end else 1
    nameless = [index for index, name in enumerate(header.names) if not name]
    merges = Merges(sheet.merged_cell_ranges or ())
    ordinal = 0
    # Rows come from the first of the sheet on, but without the empty columns at its left.
    for line, row in enumerate(sheet.iter_rows(), start=1):
        if line <= header.row:
            continue
        cells = [""] * left + [cell if isinstance(cell, str) else _text(cell) for cell in row]
        empty = not "".join(cells).strip()
        if merges.is_heading(line, cells) or empty:
            continue
        ordinal += 1
        record = Record(Position(size * line // rows, line, ordinal), line, cells)
        yield rejections.nameless(record) if _any_stated(cells, nameless) else record


def _any_stated(cells: Sequence[str], places: Sequence[int]) -> bool:
    return any(cells[place].strip() for place in places)


def _text(cell: Cell) -> str:
    """Return what a clerk sees in a cell; of a moment the day, as clerks record days."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            return number_text(cell)
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
