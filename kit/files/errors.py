"""The one error of the intake: a file or a place that can't be read or written at all."""

from enum import StrEnum
from pathlib import Path


class FileFault(StrEnum):
    """Why a file is refused as a whole."""

    NOT_FOUND = "NOT_FOUND"
    NOT_A_FILE = "NOT_A_FILE"
    NO_FILES = "NO_FILES"
    UNREADABLE = "UNREADABLE"
    UNWRITABLE = "UNWRITABLE"
    EMPTY = "EMPTY"
    SPREADSHEET = "SPREADSHEET"
    NOT_JSON_LINES = "NOT_JSON_LINES"
    ENCODING = "ENCODING"
    LINE_ENDS = "LINE_ENDS"
    HEADER = "HEADER"
    COLUMN_MAP = "COLUMN_MAP"
    DAMAGED = "DAMAGED"
    TOO_LARGE = "TOO_LARGE"
    CHANGED = "CHANGED"


class IntakeError(Exception):
    """A file was refused as a whole; nothing of it was taken in by the step that raised.

    Attributes:
        path: the file or directory.
        fault: why, for programs.
        message_en: the reason and the way out, for people.
        message_zh: the same in Chinese.
    """

    def __init__(self, path: Path, fault: FileFault, message_en: str, message_zh: str) -> None:
        super().__init__(f"{path}: {message_en} {message_zh}")
        self.path = path
        self.fault = fault
        self.message_en = message_en
        self.message_zh = message_zh


def unreadable(path: Path, error: OSError) -> IntakeError:
    """Return the error for a path that the operating system refuses to read."""
    reason = error.strerror or type(error).__name__
    return IntakeError(
        path,
        FileFault.UNREADABLE,
        f"can't be read: {reason}. Check the path and its permissions.",
        f"无法读取：{reason}。请检查路径与权限。",
    )
