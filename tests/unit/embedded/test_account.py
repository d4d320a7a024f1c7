import os
import stat
import subprocess
from pathlib import Path

import pytest

from embedded import account
from embedded.account import Account, can_reach, place_for, postgres_account, program_directory
from embedded.errors import EmbeddedError
from embedded.wipe import wipe

NOBODY = Account("nobody", 65534, 65534)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL under another account")


@pytest.fixture
def open_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place for what can't lie where it should; a directory of this test."""
    place = tmp_path / "open"
    monkeypatch.setattr(account, "_SYSTEM_PLACE", place)
    monkeypatch.setattr("embedded.account.tempfile.gettempdir", lambda: str(tmp_path / "no-temporary-directory"))
    return place


def test_own_account_reaches_everything(tmp_path: Path) -> None:
    assert can_reach(tmp_path / "x", None)


@pytest.mark.parametrize("mode", [0o755, 0o711, 0o750, 0o700])
def test_other_account_needs_the_right_to_pass_every_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    above = tmp_path / "above"
    (above / "below").mkdir(parents=True)
    above.chmod(mode)
    open_above = dict.fromkeys(tmp_path.resolve().parents, True) | {tmp_path.resolve(): True}
    real = account._may_enter
    monkeypatch.setattr(account, "_may_enter", lambda path, who: open_above.get(path) or real(path, who))
    assert can_reach(above / "below" / "file", NOBODY) is bool(mode & 0o001)


def test_private_directory_above_moves_the_data_elsewhere(tmp_path: Path, open_place: Path) -> None:
    private = tmp_path / "private"
    (private / "postgres").mkdir(parents=True)
    private.chmod(0o700)
    place = place_for(private / "postgres", NOBODY)
    assert place.parent == open_place
    assert (place / "BELONGS_TO").read_text() == f"{private.resolve() / 'postgres'}\n"
    assert stat.S_IMODE(place.stat().st_mode) == 0o711
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert place_for(private / "postgres", NOBODY) != place


def test_place_of_another_user_is_not_trusted(tmp_path: Path, open_place: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    open_place.symlink_to(elsewhere)
    private = tmp_path / "private"
    (private / "postgres").mkdir(parents=True)
    private.chmod(0o700)
    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        place_for(private / "postgres", NOBODY)
    assert list(elsewhere.iterdir()) == []


def test_only_old_left_overs_of_temporary_directories_that_are_gone_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedded.account.tempfile.gettempdir", lambda: str(tmp_path))
    place = tmp_path / "lianhe"
    for name, linked, old in (("gone", False, True), ("young", False, False), ("used", True, True)):
        (place / f"postgres-{name}" / "cluster").mkdir(parents=True)
        owner = tmp_path / f"{name}-data" / "postgres"
        (place / f"postgres-{name}" / "BELONGS_TO").write_text(f"{owner}\n")
        if linked:
            owner.mkdir(parents=True)
            (owner / "cluster").symlink_to(place / f"postgres-{name}" / "cluster")
        if old:
            os.utime(place / f"postgres-{name}", (0, 0))
    private = tmp_path / "private"
    (private / "postgres").mkdir(parents=True)
    private.chmod(0o700)
    new = place_for(private / "postgres", NOBODY)
    assert {path.name for path in place.iterdir()} == {"postgres-young", "postgres-used", new.name}


@as_root
def test_program_is_copied_where_the_wheel_cannot_be_reached(
    tmp_path: Path, open_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = account.can_reach
    monkeypatch.setattr(account, "can_reach", lambda path, who: "site-packages" not in path.parts and real(path, who))
    programs = program_directory(NOBODY, tmp_path)
    assert programs.is_relative_to(open_place)
    assert program_directory(NOBODY, tmp_path) == programs
    version = subprocess.run([programs / "initdb", "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("initdb (PostgreSQL) 18.")
    assert [path.name for path in open_place.iterdir()] == [programs.parents[2].name]


@as_root
def test_owner_of_the_data_goes_before_the_setting(tmp_path: Path) -> None:
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    os.chown(cluster, NOBODY.uid, NOBODY.gid)
    chosen = postgres_account(cluster, {account.SETTING: "daemon"})
    assert chosen is not None
    assert chosen.uid == NOBODY.uid


@as_root
@pytest.mark.parametrize("name", ["root", "no-such-account"])
def test_account_that_does_not_fit_is_refused_with_the_way_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(EmbeddedError) as caught:
        postgres_account(tmp_path / "cluster", {account.SETTING: name})
    assert account.SETTING in caught.value.english
    assert account.SETTING in caught.value.chinese


def test_user_needs_no_other_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedded.account.os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    assert postgres_account(tmp_path / "missing", {}) is None
    with pytest.raises(EmbeddedError, match="belongs to user id"):
        postgres_account(tmp_path, {})


def test_wipe_removes_its_own_and_nothing_else(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("kafka", "postgres", "logs", "secrets", "run"):
        (data / name).mkdir(parents=True)
        (data / name / "file").write_text("")
    (data / "thesis.odt").write_text("years of work")
    wipe(data)
    assert [path.name for path in data.iterdir()] == ["thesis.odt"]


def test_wipe_removes_the_data_behind_its_own_link_only(tmp_path: Path) -> None:
    for name, owner in (("own", tmp_path / "own-data"), ("other", tmp_path / "somebody")):
        data, place = tmp_path / f"{name}-data", tmp_path / f"{name}-place"
        (data / "postgres").mkdir(parents=True)
        (place / "cluster").mkdir(parents=True)
        (place / "BELONGS_TO").write_text(f"{owner / 'postgres'}\n")
        (data / "postgres" / "cluster").symlink_to(place / "cluster")
        wipe(data)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other-place"]


def test_wipe_of_nothing_is_no_error(tmp_path: Path) -> None:
    wipe(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []
