"""Which files to read, and what identifies their content."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from services.registration.intake.errors import FileFault, IntakeError, unreadable

SUFFIX: Final = ".csv"


def expand(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files that the paths stand for, each once, in the order given; a directory's by name.

    A directory stands for the `*.csv` files directly in it, whatever the case of the suffix; hidden ones are left out.

    Raises:
        IntakeError: a path doesn't exist, can't be read, is neither file nor directory, or is a directory without CSV.
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


def _files(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [_checked(path)]
        listed = sorted(
            entry
            for entry in path.iterdir()
            if entry.suffix.lower() == SUFFIX and not entry.name.startswith(".") and not entry.is_dir()
        )
        if listed:
            return [_checked(entry) for entry in listed]
    except OSError as error:
        raise unreadable(path, error) from error
    raise IntakeError(
        path,
        FileFault.NO_FILES,
        "is a directory without a *.csv file. Give the directory that holds them, or a file.",
        "目录中没有*.csv文件。请给出CSV所在目录或文件。",
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
