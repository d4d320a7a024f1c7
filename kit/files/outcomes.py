"""What becomes of a record that can't be taken in, and what is counted of all."""

from dataclasses import dataclass
from enum import StrEnum

from kit.files.records import Position


class RowFault(StrEnum):
    """Why a record can't be read, whatever it is about."""

    ENCODING = "ENCODING"
    LINE_TOO_LONG = "LINE_TOO_LONG"
    UNCLOSED_QUOTE = "UNCLOSED_QUOTE"
    QUOTES = "QUOTES"
    COLUMNS = "COLUMNS"
    JSON = "JSON"
    VALUE = "VALUE"
    UNKNOWN_COLUMN = "UNKNOWN_COLUMN"
    COLUMN_TWICE = "COLUMN_TWICE"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that can't be taken in.

    Attributes:
        position: the place behind the record.
        line: physical line, or row of the sheet, on which the record starts, from 1.
        column: the column at fault, or None where it is the record as a whole.
        reason: why, for programs: a `RowFault`, or a reason of whoever reads the cells.
        message_en: why, and the way out.
        message_zh: the same in Chinese.
        cells: the cells of the columns that are read, long ones cut, where they are sure to stand in their columns;
            else none, since a cell out of its column may be a person's name.
    """

    position: Position
    line: int
    column: str | None
    reason: StrEnum
    message_en: str
    message_zh: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a file, or of several."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def read(self) -> int:
        """Rows read: each is one of the four."""
        return self.new + self.changed + self.unchanged + self.rejected

    @property
    def taken_in(self) -> int:
        """Rows that are facts."""
        return self.new + self.changed + self.unchanged

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
        )
