"""How a file's bytes are text: found from its first line alone, because that line's words are known."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from kit.files.errors import FileFault, IntakeError
from kit.files.formats import ARCHIVE_MAGIC, COMPOUND_MAGIC, WIDE_BOMS

MAX_HEADER_BYTES: Final = 1 << 16

_BOM: Final = b"\xef\xbb\xbf"
_SPREADSHEETS: Final = ((ARCHIVE_MAGIC, ".xlsx"), (COMPOUND_MAGIC, ".xls"))
_CANDIDATES: Final = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a file.

    Attributes:
        text: the line, decoded, without its end.
        encoding: Python's name of the codec for the whole file.
        size: bytes of the line with byte order mark and line end; the data starts there.
    """

    text: str
    encoding: str
    size: int


def read_header(file: BinaryIO, path: Path, known: Collection[str], listed: str) -> Header:
    """Read the first line and find the encoding by it: UTF-8, with or without byte order mark, or GB18030.

    GB18030 includes GBK and GB2312, which is what Excel in China saves as CSV.

    Args:
        file: opened at its start; it is left behind the header.
        path: its name, for the message.
        known: words that the line may have.
        listed: the columns, for the message.

    Raises:
        IntakeError: the file is empty, a spreadsheet, in another encoding, or its lines end by a bare CR.
    """
    raw = file.readline(MAX_HEADER_BYTES)
    _refuse_other_formats(raw, path)
    line = raw.removeprefix(_BOM)
    if not line.strip():
        raise IntakeError(
            path,
            FileFault.EMPTY,
            f"is empty or starts with an empty line. The first line must name the columns: {listed}.",
            f"文件为空或首行为空。首行应为列名：{listed}。",
        )
    if b"\r" in line.rstrip(b"\r\n"):
        raise IntakeError(
            path,
            FileFault.LINE_ENDS,
            "has lines that end by a bare CR (an old Macintosh format). Save it as CSV with line ends LF or CRLF.",
            "换行符为单独的CR（旧Macintosh格式）。请另存为以LF或CRLF换行的CSV。",
        )
    text, encoding = _decode(line, path, known)
    return Header(text.rstrip("\r\n"), encoding, len(raw))


def _refuse_other_formats(raw: bytes, path: Path) -> None:
    for magic, suffix in _SPREADSHEETS:
        if raw.startswith(magic):
            raise IntakeError(
                path,
                FileFault.SPREADSHEET,
                f"is a spreadsheet ({suffix}) or an archive, not CSV. Open it and save it as “Excel workbook (*.xlsx)” "
                "or “CSV UTF-8 (*.csv)”.",
                f"是电子表格（{suffix}）或压缩包，不是CSV。请另存为“Excel 工作簿 (*.xlsx)”或“CSV UTF-8 (*.csv)”。",
            )
    if raw.startswith(WIDE_BOMS) or b"\x00" in raw:
        raise IntakeError(
            path,
            FileFault.ENCODING,
            "is in UTF-16 or UTF-32, or no text at all. Save it as “CSV UTF-8 (*.csv)”.",
            "编码为UTF-16或UTF-32，或不是文本文件。请另存为“CSV UTF-8 (*.csv)”。",
        )


def _decode(line: bytes, path: Path, known: Collection[str]) -> tuple[str, str]:
    decoded: list[tuple[str, str]] = []
    for encoding in _CANDIDATES:
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        decoded.append((text, encoding))
    if decoded:
        # Chinese in GB18030 may be valid UTF-8 of something else by chance; then it has fewer words that are known.
        return max(decoded, key=lambda one: sum(word in one[0] for word in known))
    raise IntakeError(
        path,
        FileFault.ENCODING,
        "is neither UTF-8 nor GB18030. Save it as “CSV UTF-8 (*.csv)”.",
        "编码既不是UTF-8也不是GB18030。请另存为“CSV UTF-8 (*.csv)”。",
    )
