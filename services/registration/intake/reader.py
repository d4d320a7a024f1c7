"""Reads one file of a register."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from kit.files.column_map import ColumnMap
from kit.files.layout import Layout
from kit.files.outcomes import Rejected
from kit.files.records import Record
from kit.files.rows import read_rows
from services.registration.domain.entity import shanghai_day
from services.registration.intake.column_map import AS_NAMED
from services.registration.intake.outcomes import Accepted
from services.registration.intake.reference import divisions
from services.registration.intake.rows import RowReader


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

    def reader(layout: Layout) -> Callable[[Record], Accepted | Rejected]:
        return RowReader(layout, divisions(), day).read

    return read_rows(path, columns, reader)
