"""Which files to read, and what identifies their content."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from kit.files.column_map import ColumnMap
from kit.files.errors import FileFault, IntakeError, unreadable
from kit.files.formats import SUFFIXES, Format

_LOCK_PREFIX: Final = "~$"
"""How the file is called by which Excel marks a workbook that is open."""


def expand(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files that the paths stand for, each once, in the order given; a directory's by name.

    A directory stands for the files of a known format directly in it, whatever the case of the suffix; hidden ones,
    and Excel's marks of open workbooks, are left out.

    Raises:
        IntakeError: a path doesn't exist, can't be read, is neither file nor directory, or is a directory without any.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _files(path):
            found.setdefault(file.resolve(), file)
    return tuple(found.values())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal, read as a stream.

    Raises:
        IntakeError: the file can't be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(path, error) from error


def import_key(path: Path, columns: ColumnMap) -> bytes:
    """Return what an import is known by: the file's bytes and what its columns are taken for.

    Without a map that changes anything it is the SHA-256 of the bytes.

    Raises:
        IntakeError: the file can't be read.
    """
    content = digest(path)
    fingerprint = columns.fingerprint()
    if fingerprint is None:
        return bytes.fromhex(content)
    return hashlib.sha256(f"{content}:{fingerprint}".encode()).digest()


def _files(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [_checked(path)]
        listed = sorted(
            entry
            for entry in path.iterdir()
            if entry.suffix.lower() in SUFFIXES
            and not entry.name.startswith((".", _LOCK_PREFIX))
            and not entry.is_dir()
        )
        if listed:
            return [_checked(entry) for entry in listed]
    except OSError as error:
        raise unreadable(path, error) from error
    raise IntakeError(
        path,
        FileFault.NO_FILES,
        f"is a directory without {Format.listed()}. Give the directory that holds them, or a file.",
        f"目录中没有{Format.listed()}文件。请给出数据文件或其所在目录。",
    )


def _checked(path: Path) -> Path:
    if not path.exists():
        raise IntakeError(path, FileFault.NOT_FOUND, "doesn't exist. Check the path.", "路径不存在，请检查。")
    if not path.is_file():
        raise IntakeError(
            path,
            FileFault.NOT_A_FILE,
            "is neither a file nor a directory. Save the data to a file first: an import may have to go back.",
            "既不是文件也不是目录。请先存为文件：导入需要能够回读。",
        )
    with path.open("rb"):
        return path
