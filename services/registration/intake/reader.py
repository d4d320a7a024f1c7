"""Reads one file of a register."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO, Final

from services.registration.domain.entity import shanghai_day
from services.registration.intake.column_map import AS_NAMED, ColumnMap
from services.registration.intake.columns import READ
from services.registration.intake.encoding import read_header
from services.registration.intake.errors import unreadable
from services.registration.intake.formats import Format, format_of
from services.registration.intake.json_lines import JsonLinesReader
from services.registration.intake.layout import Layout, csv_names, layout_of
from services.registration.intake.outcomes import Accepted, Rejected
from services.registration.intake.records import Position, read_records
from services.registration.intake.reference import divisions
from services.registration.intake.rows import RowReader

_BUFFER_BYTES: Final = 1 << 18
_AS_READ: Final = Layout(len(READ), tuple)


def read_file(path: Path, *, today: date | None = None, columns: ColumnMap = AS_NAMED) -> Iterator[Accepted | Rejected]:
    """Read the rows of a file in order, in memory that doesn't grow with the file, but for a workbook's.

    Reading is deterministic: the same bytes give the same outcomes at the same positions, except that a registration
    day is in the future or not by `today`. So an import that stopped may read again and skip what it has stored.

    Args:
        path: the file; its suffix tells the format.
        today: the day in Asia/Shanghai, by the system's clock where it isn't given.
        columns: what the file calls the columns.

    Raises:
        IntakeError: the file can't be read as a register. Raised at the first step, or later where the device fails.
    """
    day = today or shanghai_day(datetime.now(UTC))
    try:
        match format_of(path):
            case Format.XLSX:
                yield from _sheet(path, columns, day)
            case Format.JSON_LINES:
                with path.open("rb", buffering=_BUFFER_BYTES) as file:
                    yield from _json_lines(file, path, columns, day)
            case Format.CSV:
                with path.open("rb", buffering=_BUFFER_BYTES) as file:
                    yield from _csv(file, path, columns, day)
    except OSError as error:
        raise unreadable(path, error) from error


def _csv(file: BinaryIO, path: Path, columns: ColumnMap, day: date) -> Iterator[Accepted | Rejected]:
    header = read_header(file, path, columns.known)
    layout = layout_of(csv_names(header.text, path), path, columns)
    records = read_records(file, encoding=header.encoding, width=layout.width, start=Position(header.size, 1, 0))
    return map(RowReader(layout, divisions(), day).read, records)


def _json_lines(file: BinaryIO, path: Path, columns: ColumnMap, day: date) -> Iterator[Accepted | Rejected]:
    rows = RowReader(_AS_READ, divisions(), day)
    for record in JsonLinesReader(file, path, columns).records():
        yield record if isinstance(record, Rejected) else rows.read(record)


def _sheet(path: Path, columns: ColumnMap, day: date) -> Iterator[Accepted | Rejected]:
    from services.registration.intake.sheet import open_sheet  # noqa: PLC0415 - most imports need no workbook

    sheet = open_sheet(path, columns)
    rows = RowReader(sheet.layout, divisions(), day)
    for record in sheet.records:
        yield record if isinstance(record, Rejected) else rows.read(record)
