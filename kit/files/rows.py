"""Reads one file, whatever its format."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from kit.files import rejections
from kit.files.column_map import ColumnMap
from kit.files.encoding import read_header
from kit.files.errors import unreadable
from kit.files.formats import Format, format_of
from kit.files.json_lines import JsonLinesReader
from kit.files.layout import Layout, csv_names, layout_of
from kit.files.outcomes import Rejected
from kit.files.records import Damage, Position, Record, read_records

Of = TypeVar("Of")
Reader = Callable[[Layout], Callable[[Record], Of | Rejected]]
"""Makes, for where a file has its columns, what turns a record into facts or into a reject."""

_BUFFER_BYTES: Final = 1 << 18


def read_rows(path: Path, columns: ColumnMap, reader: Reader[Of]) -> Iterator[Of | Rejected]:
    """Read the rows of a file in order, in memory that doesn't grow with the file, but for a workbook's.

    Args:
        path: the file; its suffix tells the format.
        columns: what the file calls the columns.
        reader: turns records into facts.

    Raises:
        IntakeError: the file can't be read as one of its kind. Raised at the first step, or later where the device
            fails.
    """
    try:
        match format_of(path):
            case Format.XLSX:
                yield from _sheet(path, columns, reader)
            case Format.JSON_LINES:
                with path.open("rb", buffering=_BUFFER_BYTES) as file:
                    yield from _json_lines(file, path, columns, reader)
            case Format.CSV:
                with path.open("rb", buffering=_BUFFER_BYTES) as file:
                    yield from _csv(file, path, columns, reader)
    except OSError as error:
        raise unreadable(path, error) from error


def picked(record: Record, layout: Layout) -> tuple[str, ...] | Rejected:
    """Return the cells of a record that are read, or why it has none."""
    if isinstance(record.cells, Damage):
        return rejections.damaged(record, record.cells)
    if len(record.cells) != layout.width:
        return rejections.columns(record, expected=layout.width, got=len(record.cells))
    return layout.pick(record.cells)


def _csv(file: BinaryIO, path: Path, columns: ColumnMap, reader: Reader[Of]) -> Iterator[Of | Rejected]:
    header = read_header(file, path, columns.known, columns.of.listed())
    layout = layout_of(csv_names(header.text, path, columns), path, columns)
    records = read_records(file, encoding=header.encoding, width=layout.width, start=Position(header.size, 1, 0))
    return map(reader(layout), records)


def _json_lines(file: BinaryIO, path: Path, columns: ColumnMap, reader: Reader[Of]) -> Iterator[Of | Rejected]:
    read = reader(Layout(len(columns.of.read), tuple))
    for record in JsonLinesReader(file, path, columns).records():
        yield record if isinstance(record, Rejected) else read(record)


def _sheet(path: Path, columns: ColumnMap, reader: Reader[Of]) -> Iterator[Of | Rejected]:
    from kit.files.sheet import open_sheet  # noqa: PLC0415 - most imports need no workbook

    sheet = open_sheet(path, columns)
    read = reader(sheet.layout)
    for record in sheet.records:
        yield record if isinstance(record, Rejected) else read(record)
