"""What becomes of a record: facts, with notices on cells that couldn't be used, or a reject as `kit.files` has it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from kit.files.records import Position
from services.registration.domain.entity import Registration
from services.registration.intake.columns import Column


class RejectReason(StrEnum):
    """Why a record that can be read can't be taken in."""

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
