"""Reads one file of a register, from its start or from where an earlier reading stopped."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from services.registration.domain.entity import shanghai_day
from services.registration.intake.columns import layout_of
from services.registration.intake.encoding import read_header
from services.registration.intake.errors import FileFault, IntakeError, unreadable
from services.registration.intake.outcomes import Accepted, Rejected
from services.registration.intake.records import Position, read_records
from services.registration.intake.reference import divisions
from services.registration.intake.rows import RowReader

BATCH_SIZE: Final = 500

_BUFFER_BYTES: Final = 1 << 18


def read_file(path: Path, *, start: Position | None = None, today: date | None = None) -> Iterator[Accepted | Rejected]:
    """Read the rows of a file in order, in memory that doesn't grow with the file.

    Reading is deterministic: the same bytes give the same outcomes at the same positions, whatever the start, except
    that a registration day is in the future or not by `today`. So an import that stopped may go on from the position of
    the last outcome it has stored, as long as the file is the same one (compare `source.digest`).

    Args:
        path: the file.
        start: the position of the last outcome that was dealt with; without it, the whole file.
        today: the day in Asia/Shanghai, by the system's clock where it isn't given.

    Raises:
        IntakeError: the file can't be read as a register's CSV, or `start` is no place in it. Raised at the first step,
            or later where the device fails.
    """
    day = today or shanghai_day(datetime.now(UTC))
    try:
        with path.open("rb", buffering=_BUFFER_BYTES) as file:
            header = read_header(file, path)
            layout = layout_of(header.text, path)
            first = Position(header.size, 1, 0)
            if start is not None:
                _seek(file, path, start, first=first)
            rows = RowReader(layout, divisions(), day)
            records = read_records(file, encoding=header.encoding, width=layout.width, start=start or first)
            yield from map(rows.read, records)
    except OSError as error:
        raise unreadable(path, error) from error


def batches(rows: Iterable[Accepted | Rejected], size: int = BATCH_SIZE) -> Iterator[tuple[Accepted | Rejected, ...]]:
    """Group outcomes in order, `size` at a time, the last group with what is left.

    The position of a group's last outcome is where to go on once the group is stored.
    """
    source = iter(rows)
    while batch := tuple(islice(source, size)):
        yield batch


def _seek(file: BinaryIO, path: Path, start: Position, *, first: Position) -> None:
    """Go to a position, which must be where a line ends: else the file isn't the one that it was taken from."""
    if first <= start:
        file.seek(start.offset - 1)
        around = file.read(2)
        ends_the_file = len(around) == 1
        if ends_the_file or around.startswith(b"\n"):
            file.seek(start.offset)
            return
    raise IntakeError(
        path,
        FileFault.POSITION,
        f"has no record that ends at byte {start.offset}: the file changed since the import stopped. Import it anew.",
        f"第{start.offset}字节处不是记录末尾：文件在上次中断后有改动。请重新导入。",
    )
