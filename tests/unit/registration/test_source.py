import hashlib
import os
from pathlib import Path

import pytest

from kit.files.errors import FileFault, IntakeError
from kit.files.source import digest, expand


def fault_of(*paths: Path) -> FileFault:
    with pytest.raises(IntakeError) as caught:
        expand(paths)
    return caught.value.fault


def test_a_directory_stands_for_its_files_of_known_formats_by_name(tmp_path: Path) -> None:
    for name in ("b.csv", "a.CSV", "d.xlsx", "e.JSONL", "notes.txt", "old.xls", ".hidden.csv", "~$d.xlsx"):
        (tmp_path / name).touch()
    (tmp_path / "c.csv").mkdir()
    (tmp_path / "c.csv" / "deep.csv").touch()

    assert [path.name for path in expand([tmp_path])] == ["a.CSV", "b.csv", "d.xlsx", "e.JSONL"]


def test_files_keep_the_order_given_and_stand_once(tmp_path: Path) -> None:
    first, second = tmp_path / "b.csv", tmp_path / "a.txt"
    first.touch()
    second.touch()

    assert expand([first, second, tmp_path, tmp_path / "." / "b.csv", tmp_path / ".." / tmp_path.name / "b.csv"]) == (
        first,
        second,
    )


def test_what_cannot_be_imported_is_refused(tmp_path: Path) -> None:
    pipe, link, directory = tmp_path / "pipe.csv", tmp_path / "links" / "link.csv", tmp_path / "empty"
    os.mkfifo(pipe)
    directory.mkdir()
    link.parent.mkdir()
    link.symlink_to(tmp_path / "absent")

    assert fault_of(tmp_path / "absent") is FileFault.NOT_FOUND
    assert fault_of(directory) is FileFault.NO_FILES
    assert fault_of(pipe) is FileFault.NOT_A_FILE
    assert fault_of(tmp_path) is FileFault.NOT_A_FILE
    assert fault_of(link.parent) is FileFault.NOT_FOUND


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "register.csv"
    path.touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything, so that a mode would prove nothing

    assert fault_of(path) is FileFault.UNREADABLE
    with pytest.raises(IntakeError, match="Permission denied"):
        digest(path)


def test_the_digest_is_the_sha_256_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(b"\x00\xff" * 500_000)

    assert digest(path) == hashlib.sha256(b"\x00\xff" * 500_000).hexdigest()
