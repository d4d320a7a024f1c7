"""Looks through a .xlsx before it is opened: what it unpacks to is bounded, for the library holds a sheet whole."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from kit.files.errors import FileFault, IntakeError
from kit.files.extent import Extent, TooLargeError
from kit.files.formats import ARCHIVE_MAGIC, COMPOUND_MAGIC

MAX_UNPACKED_BYTES: Final = 200_000_000
"""Bytes of all parts of a workbook."""

_CHUNK_BYTES: Final = 1 << 18
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, LookupError, expat.ExpatError)


def check_workbook(path: Path) -> None:
    """Refuse what is no workbook, or is one that would not fit in memory.

    Every part is unpacked once, a piece at a time, so that the sizes which the archive states are known to be true.

    Raises:
        IntakeError: the file is an old, protected or damaged workbook, none at all, or too large.
        OSError: the file can't be read.
    """
    with path.open("rb") as file:
        _check_magic(file.read(len(ARCHIVE_MAGIC)), path)
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                raise protected(path)
            if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise _too_large(path, f"more than {MAX_UNPACKED_BYTES:,} bytes unpacked", "解压后超过200MB")
            if any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
                raise damaged(path, "compressed as no workbook is")
            extent = Extent()
            for part in parts:
                with archive.open(part) as content:
                    extent.look_through(_pieces(content))
            extent.check_texts()
    except TooLargeError as error:
        raise _too_large(path, error.message_en, error.message_zh) from error
    except _BROKEN as error:
        raise damaged(path, str(error)) from error


def protected(path: Path) -> IntakeError:
    """Return the error for a workbook that a password protects."""
    return IntakeError(
        path,
        FileFault.SPREADSHEET,
        "is protected by a password, or an old .xls under a new name. Open it, remove the password and save it as "
        "“Excel workbook (*.xlsx)” or “CSV UTF-8 (*.csv)”.",
        "设有密码，或是改了名的旧格式.xls。请打开文件，取消密码，另存为“Excel 工作簿 (*.xlsx)”或“CSV UTF-8 (*.csv)”。",
    )


def damaged(path: Path, reason: str) -> IntakeError:
    """Return the error for a workbook that can't be opened."""
    return IntakeError(
        path,
        FileFault.DAMAGED,
        f"can't be opened as a workbook ({reason}). Fetch it again, or open it in a spreadsheet program and save it "
        "as “Excel workbook (*.xlsx)” or “CSV UTF-8 (*.csv)”.",
        f"无法作为工作簿打开（{reason}）。请重新获取，或用表格软件打开后另存为“Excel 工作簿 (*.xlsx)”或"
        "“CSV UTF-8 (*.csv)”。",
    )


def _check_magic(magic: bytes, path: Path) -> None:
    if not magic:
        raise IntakeError(path, FileFault.EMPTY, "is empty. Export it again.", "文件为空。请重新导出。")
    if magic == COMPOUND_MAGIC:
        raise protected(path)
    if magic != ARCHIVE_MAGIC:
        raise IntakeError(
            path,
            FileFault.SPREADSHEET,
            "is no workbook, though its name ends by .xlsx. If it is text, name it *.csv; else save it again as "
            "“Excel workbook (*.xlsx)”.",
            "文件名为.xlsx，内容却不是工作簿。若为文本，请改名为*.csv；否则请重新另存为“Excel 工作簿 (*.xlsx)”。",
        )


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    while piece := content.read(_CHUNK_BYTES):
        yield piece


def _too_large(path: Path, how: str, how_zh: str) -> IntakeError:
    return IntakeError(
        path,
        FileFault.TOO_LARGE,
        f"is too large to be opened: {how}. Save the sheet as “CSV UTF-8 (*.csv)”, of which any size is read.",
        f"文件过大，无法打开：{how_zh}。请将该工作表另存为“CSV UTF-8 (*.csv)”，其大小不限。",
    )
