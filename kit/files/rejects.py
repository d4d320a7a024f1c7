"""Writes what couldn't be taken in to a file that a clerk opens in a spreadsheet."""

import csv
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TextIO

from kit.files.columns import ColumnSet
from kit.files.errors import FileFault, IntakeError
from kit.files.outcomes import Rejected

HEADER: Final = ("文件", "行", "列", "原因代码", "原因", "reason")
"""What stands left of the cells of the columns that are read."""

# What a spreadsheet takes for the start of a formula, in the full-width forms that Chinese ones take too.
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


class RejectsFile:
    """A rejects file while it is written; made by `rejects_file`.

    Attributes:
        count: rejects written so far.
    """

    def __init__(self, file: TextIO, target: Path, columns: ColumnSet) -> None:
        self.count = 0
        self._target = target
        # With quotes around everything, no spreadsheet has to guess where a cell ends.
        self._writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        self._writer.writerow((*HEADER, *columns.read))

    def add(self, source: Path, rejected: Rejected) -> None:
        """Write one reject of a source file.

        Raises:
            IntakeError: there is no space left for it.
        """
        column = rejected.column or ""
        place = (source.name, str(rejected.line), column, rejected.reason, rejected.message_zh, rejected.message_en)
        with _telling(self._target):
            self._writer.writerow([_harmless(cell) for cell in (*place, *rejected.cells)])
        self.count += 1


@contextmanager
def rejects_file(target: Path, columns: ColumnSet, *, private: bool = False) -> Iterator[RejectsFile]:
    """Write a rejects file, whole or not at all.

    CSV in UTF-8 with byte order mark, so that Excel in China opens it right; one row a reject, after a header. Cells
    that a spreadsheet would take for a formula start with an apostrophe. It grows under the name `.<name>.partial` and
    takes its own name, in place of an older file, when the block ends; if the block raises, nothing is left of it.

    Args:
        target: the file.
        columns: whose cells stand behind each reason.
        private: whether nobody but its owner may read it, for its cells name people.

    Raises:
        IntakeError: it can't be written, for want of space, permission or the directory, or another import writes it.
    """
    partial = target.with_name(f".{target.name}.partial")
    with _telling(target):
        # It outlives this block, and `_discard` closes it where the writing below doesn't come to its end.
        file = _claimed(partial, target, 0o600 if private else 0o644)
    try:
        yield RejectsFile(file, target, columns)
        with _telling(target):
            file.flush()
            os.fsync(file.fileno())
            file.close()
            partial.replace(target)
            _sync_directory(target.parent)
    except BaseException:
        _discard(file, partial)
        raise


def _claimed(partial: Path, target: Path, mode: int) -> TextIO:
    """Open the growing file for this process alone; what a killed one left there is overwritten."""
    while True:
        file = os.fdopen(
            os.open(partial, os.O_RDWR | os.O_CREAT, mode),
            "w",
            encoding="utf-8-sig",
            errors="backslashreplace",
            newline="",
        )
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise IntakeError(
                target,
                FileFault.UNWRITABLE,
                "is being written by another import. Wait for it, or name another place with --rejects.",
                "正由另一导入任务写入。请等待其结束，或用 --rejects 指定其他位置。",
            ) from None
        with suppress(FileNotFoundError):
            if os.path.samestat(partial.stat(), os.fstat(file.fileno())):
                file.truncate(0)
                return file
        file.close()  # the other import finished between the two steps: its file has its own name now


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(file: TextIO, partial: Path) -> None:
    # What can't be removed is hidden, named .partial and overwritten by the next run; the first error tells more.
    with suppress(OSError):
        file.close()
    with suppress(OSError):
        partial.unlink(missing_ok=True)


@contextmanager
def _telling(target: Path) -> Iterator[None]:
    """Turn what the operating system refuses into an error that names the file and the way out."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise IntakeError(
            target,
            FileFault.UNWRITABLE,
            f"can't be written: {reason}. Free space or name another place, then import again.",
            f"无法写入：{reason}。请释放空间或更换位置后重新导入。",
        ) from error
