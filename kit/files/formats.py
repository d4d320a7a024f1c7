"""Which format a file has: found by its suffix; its reader checks it by the first bytes."""

from enum import StrEnum
from pathlib import Path
from typing import Final

from kit.files.errors import FileFault, IntakeError

ARCHIVE_MAGIC: Final = b"PK\x03\x04"
"""How a .xlsx starts, and any other ZIP archive."""

COMPOUND_MAGIC: Final = b"\xd0\xcf\x11\xe0"
"""How a .xls starts, and any workbook that a password protects."""

WIDE_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
"""How text in UTF-16 or UTF-32 starts, which nothing here reads."""


class Format(StrEnum):
    """A format that is read, by its suffix."""

    CSV = ".csv"
    XLSX = ".xlsx"
    JSON_LINES = ".jsonl"

    @staticmethod
    def listed() -> str:
        """Return all patterns, for a message."""
        return ", ".join(f"*{one}" for one in Format)


SUFFIXES: Final = frozenset(one.value for one in Format)


def format_of(path: Path) -> Format:
    """Return the format that a file's suffix names, whatever its case; a file of another suffix is taken for CSV.

    Raises:
        IntakeError: the suffix is that of a neighbouring format that isn't read.
    """
    match path.suffix.lower():
        case Format.XLSX:
            return Format.XLSX
        case Format.JSON_LINES:
            return Format.JSON_LINES
        case ".xls":
            raise IntakeError(
                path,
                FileFault.SPREADSHEET,
                "is in the old format .xls. Open it and save it as “Excel workbook (*.xlsx)” or “CSV UTF-8 (*.csv)”.",
                "是旧格式.xls。请打开后另存为“Excel 工作簿 (*.xlsx)”或“CSV UTF-8 (*.csv)”。",
            )
        case ".json" | ".ndjson":
            raise IntakeError(
                path,
                FileFault.NOT_JSON_LINES,
                "is read only as JSON lines: write one object a line and name the file *.jsonl.",
                "JSON只按行读取：请每行写一个对象，并将文件命名为*.jsonl。",
            )
        case _:
            return Format.CSV
