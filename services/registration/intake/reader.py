"""Reads one file of a register."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from services.registration.domain.entity import shanghai_day
from services.registration.intake.columns import layout_of
from services.registration.intake.encoding import read_header
from services.registration.intake.errors import unreadable
from services.registration.intake.outcomes import Accepted, Rejected
from services.registration.intake.records import Position, read_records
from services.registration.intake.reference import divisions
from services.registration.intake.rows import RowReader

BATCH_SIZE: Final = 500

_BUFFER_BYTES: Final = 1 << 18


def read_file(path: Path, *, today: date | None = None) -> Iterator[Accepted | Rejected]:
    """Read the rows of a file in order, in memory that doesn't grow with the file.

    Reading is deterministic: the same bytes give the same outcomes at the same positions, except that a registration
    day is in the future or not by `today`. So an import that stopped may read again and skip what it has stored.

    Args:
        path: the file.
        today: the day in Asia/Shanghai, by the system's clock where it isn't given.

    Raises:
        IntakeError: the file can't be read as a register's CSV. Raised at the first step, or later where the device
            fails.
    """
    day = today or shanghai_day(datetime.now(UTC))
    try:
        with path.open("rb", buffering=_BUFFER_BYTES) as file:
            header = read_header(file, path)
            layout = layout_of(header.text, path)
            rows = RowReader(layout, divisions(), day)
            records = read_records(
                file, encoding=header.encoding, width=layout.width, start=Position(header.size, 1, 0)
            )
            yield from map(rows.read, records)
    except OSError as error:
        raise unreadable(path, error) from error
