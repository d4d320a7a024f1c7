from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedded.logfile import LogFile, LogFollower, last_lines


def logs(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_log_rotates_by_size_and_keeps_three(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "x.log", limit_bytes=10)
    for chunk in (b"aaaaaa\n", b"bbbbbb\n", b"cccccc\n", b"dd\n", b"eeeeee\n"):
        log.write(chunk)
    assert logs(tmp_path) == {"x.log": b"eeeeee\n", "x.log.1": b"cccccc\ndd\n", "x.log.2": b"bbbbbb\n"}


def test_new_run_begins_a_new_log(tmp_path: Path) -> None:
    LogFile(tmp_path / "x.log").write(b"first run\n")
    LogFile(tmp_path / "x.log").write(b"second run\n")
    assert logs(tmp_path) == {"x.log": b"second run\n", "x.log.1": b"first run\n"}


def test_run_that_said_nothing_leaves_the_logs_alone(tmp_path: Path) -> None:
    LogFile(tmp_path / "x.log").write(b"first run\n")
    LogFile(tmp_path / "x.log")
    LogFile(tmp_path / "x.log").write(b"third run\n")
    assert logs(tmp_path) == {"x.log": b"third run\n", "x.log.1": b"first run\n"}


def test_what_a_full_disk_swallowed_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = LogFile(tmp_path / "x.log")
    with monkeypatch.context() as full:
        full.setattr(LogFile, "_append", _no_space)
        log.write(b"lost!")
        log.write(b"lost")
    log.write(b"kept\n")
    assert (tmp_path / "x.log").read_text() == "[9 bytes could not be written / 9 字节未能写入]\nkept\n"


def _no_space(_log: LogFile, _chunk: bytes) -> None:
    raise OSError(28, "No space left on device")


@given(
    lines=st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])), max_size=40),
    count=st.integers(0, 50),
)
def test_last_lines_are_those_of_the_whole_text(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], count: int
) -> None:
    path = tmp_path_factory.mktemp("tail") / "x.log"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    assert last_lines(path, count) == (lines[-count:] if count else [])


def test_last_lines_of_a_log_larger_than_a_block(tmp_path: Path) -> None:
    lines = [f"{number:06} 日志" * 10 for number in range(3000)]
    path = tmp_path / "x.log"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert last_lines(path, 1000) == lines[-1000:]


def test_last_lines_of_a_missing_log_are_none(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "x.log", 5) == []


def test_follower_reads_on_over_a_rotation_and_only_whole_lines(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "x.log", limit_bytes=12)
    log.write(b"old\n")
    follower = LogFollower(tmp_path / "x.log")
    assert follower.new_lines() == []
    log.write(b"one\ntw")
    assert follower.new_lines() == ["one"]
    log.write(b"o\n")
    log.write(b"three\n")
    assert follower.new_lines() == ["two", "three"]


def test_follower_waits_for_a_log_that_comes_later(tmp_path: Path) -> None:
    follower = LogFollower(tmp_path / "x.log")
    assert follower.new_lines() == []
    LogFile(tmp_path / "x.log").write(b"hello\n")
    assert follower.new_lines() == ["hello"]
