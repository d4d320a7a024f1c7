"""What becomes of a record: facts, with notices on cells that couldn't be used, or a reject."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from services.registration.domain.entity import Registration
from services.registration.intake.columns import Column
from services.registration.intake.records import Position


class RejectReason(StrEnum):
    """Why a record can't be taken in."""

    ENCODING = "ENCODING"
    LINE_TOO_LONG = "LINE_TOO_LONG"
    UNCLOSED_QUOTE = "UNCLOSED_QUOTE"
    QUOTES = "QUOTES"
    COLUMNS = "COLUMNS"
    JSON = "JSON"
    VALUE = "VALUE"
    UNKNOWN_COLUMN = "UNKNOWN_COLUMN"
    COLUMN_TWICE = "COLUMN_TWICE"
    MOJIBAKE = "MOJIBAKE"
    NAME_MISSING = "NAME_MISSING"
    NAME_TOO_LONG = "NAME_TOO_LONG"
    USCC_MISSING = "USCC_MISSING"
    USCC_NUMBER = "USCC_NUMBER"
    USCC_LENGTH = "USCC_LENGTH"
    USCC_CHARACTERS = "USCC_CHARACTERS"
    USCC_CHECK_DIGIT = "USCC_CHECK_DIGIT"


class NoticeCode(StrEnum):
    """Why a cell of an accepted record is left empty."""

    DATE_UNREADABLE = "DATE_UNREADABLE"
    DATE_IN_FUTURE = "DATE_IN_FUTURE"
    CAPITAL_UNREADABLE = "CAPITAL_UNREADABLE"
    DIVISION_UNKNOWN = "DIVISION_UNKNOWN"
    TEXT_TOO_LONG = "TEXT_TOO_LONG"
    MOJIBAKE = "MOJIBAKE"


@dataclass(frozen=True, slots=True)
class Notice:
    """A cell that couldn't be used; the row was taken in without it."""

    column: Column
    code: NoticeCode
    message_en: str
    message_zh: str


class Accepted(NamedTuple):
    """A record that became facts.

    Attributes:
        position: the place behind the record: reading on from it gives the next one.
        line: physical line, or row of the sheet, on which the record starts, from 1.
        registration: the facts.
        notices: what was left out of them.
    """

    position: Position
    line: int
    registration: Registration
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that can't be taken in.

    Attributes:
        position: the place behind the record.
        line: physical line, or row of the sheet, on which the record starts, from 1.
        column: the column at fault, or None where it is the record as a whole.
        reason: why, for programs.
        message_en: why, and the way out.
        message_zh: the same in Chinese.
        cells: the cells of `columns.READ`, long ones cut, where they are sure to stand in their columns; else none,
            since a cell out of its column may be a person's name.
    """

    position: Position
    line: int
    column: Column | None
    reason: RejectReason
    message_en: str
    message_zh: str
    cells: tuple[str, ...] = ()
