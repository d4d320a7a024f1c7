import errno
import os
import stat
from pathlib import Path

import pytest

from embedded.errors import EmbeddedError
from embedded.files import data_directory, disk_full_told, require_free_space, secret_kept, write_atomically


def test_write_replaces_the_whole_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, "old, and longer")
    write_atomically(path, "新", mode=0o600)
    assert path.read_text(encoding="utf-8") == "新"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_keeps_the_old_file_and_tells_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "file"
    write_atomically(path, "old")

    def full(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EmbeddedError) as caught:
        write_atomically(path, "new")
    assert str(path) in caught.value.english
    assert str(path) in caught.value.chinese
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_other_faults_are_not_called_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), disk_full_told(tmp_path):
        (tmp_path / "missing").read_text()


def test_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "key"
    secret = secret_kept(path)
    assert secret_kept(path) == secret
    assert len(secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert secret_kept(tmp_path / "secrets" / "other") != secret


def test_too_little_free_space_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError) as caught:
        require_free_space(tmp_path, {"LIANHE_MIN_FREE_MB": str(10**9)})
    for text in (caught.value.english, caught.value.chinese):
        assert str(tmp_path) in text
        assert "LIANHE_MIN_FREE_MB" in text
        assert "--data-dir" in text


def test_free_space_check_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedded.files.shutil.disk_usage", lambda _path: _Usage())
    require_free_space(tmp_path, {"LIANHE_MIN_FREE_MB": "0"})
    with pytest.raises(EmbeddedError, match="Only 0 MiB"):
        require_free_space(tmp_path, {})


class _Usage:
    free = 0


@pytest.mark.parametrize("value", ["much", "-1", "1.5", ""])
def test_limit_that_is_no_number_is_told(tmp_path: Path, value: str) -> None:
    with pytest.raises(EmbeddedError, match="LIANHE_MIN_FREE_MB must be a whole number"):
        require_free_space(tmp_path, {"LIANHE_MIN_FREE_MB": value})


def test_data_directory_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedError, match="--data-dir"):
        data_directory(tmp_path / "file" / "data")
