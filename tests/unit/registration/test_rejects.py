import csv
import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.files.errors import FileFault, IntakeError
from kit.files.outcomes import Rejected, RowFault
from kit.files.records import Position
from kit.files.rejects import HEADER, rejects_file
from services.registration.intake.columns import READ, REGISTER, Column
from services.registration.intake.reader import read_file

WriteFile = Callable[..., Path]

BROKEN = (
    "=HYPERLINK(1),91500107MA5UF4UFXU,1999-01-01,N/A,王小明,-100,@食品,重庆,＋万州,王牌路",
    "丙公司,坏",
    "甲公司,91500107MA5UF4UFXT,1999-01-01,N/A,王小明,100(万),食品,重庆,万州,王牌路",
    ",915001012079647987,1999-01-01,N/A,王小明,100(万),食品,重庆,万州,王牌路",
    "己公司,坏,万州,N/A,N/A,王小明,100(万),食品,重庆,万州",
)


def write_all(source: Path, target: Path) -> int:
    with rejects_file(target, REGISTER) as rejects:
        for outcome in read_file(source):
            if isinstance(outcome, Rejected):
                rejects.add(source, outcome)
    return rejects.count


def rows(target: Path) -> list[list[str]]:
    with target.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def test_each_reject_is_a_row_with_place_and_reason(write_file: WriteFile, tmp_path: Path) -> None:
    target = tmp_path / "rejects.csv"

    assert write_all(write_file(*BROKEN), target) == 4

    header, *found = rows(target)
    assert header == ["文件", "行", "列", "原因代码", "原因", "reason", *READ]
    assert [row[:4] for row in found] == [
        ["register.csv", "2", "统一社会信用代码", "USCC_CHECK_DIGIT"],
        ["register.csv", "3", "", "COLUMNS"],
        ["register.csv", "5", "企业名称", "NAME_MISSING"],
        ["register.csv", "6", "统一社会信用代码", "USCC_LENGTH"],
    ]
    assert found[2][4] == "企业名称为空。请在来源系统补全。"
    assert found[2][5] == "the name is missing. Fill it in at the source."


def test_it_opens_in_a_spreadsheet_as_what_it_is(write_file: WriteFile, tmp_path: Path) -> None:
    target = tmp_path / "rejects.csv"
    write_all(write_file(*BROKEN), target)

    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    assert rows(target)[1][6:] == [
        "'=HYPERLINK(1)",
        "91500107MA5UF4UFXU",
        "1999-01-01",
        "N/A",
        "'-100",
        "'@食品",
        "重庆",
        "'＋万州",
        "王牌路",
    ]


def test_the_name_of_a_person_is_in_none_of_it(write_file: WriteFile, tmp_path: Path) -> None:
    target = tmp_path / "rejects.csv"
    write_all(write_file(*BROKEN), target)

    assert Column.LEGAL_REPRESENTATIVE not in target.read_text(encoding="utf-8-sig").splitlines()[0]
    assert "王小明" not in target.read_text(encoding="utf-8-sig")


def test_without_rejects_the_file_has_its_header_alone(tmp_path: Path) -> None:
    with rejects_file(tmp_path / "rejects.csv", REGISTER):
        assert not (tmp_path / "rejects.csv").exists()

    assert rows(tmp_path / "rejects.csv") == [[*HEADER, *READ]]
    assert [path.name for path in tmp_path.iterdir()] == ["rejects.csv"]


def test_an_import_that_fails_leaves_the_older_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "rejects.csv"
    target.write_text("older")

    with pytest.raises(ConnectionError, match="away"), rejects_file(target, REGISTER):
        raise ConnectionError("the database is away")

    assert target.read_text() == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["rejects.csv"]


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with (
        pytest.raises(IntakeError, match="No space left on device") as caught,
        rejects_file(tmp_path / "rejects.csv", REGISTER),
    ):
        pass

    assert caught.value.fault is FileFault.UNWRITABLE
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(IntakeError, match="can't be written") as caught,
        rejects_file(tmp_path / "absent" / "rejects.csv", REGISTER),
    ):
        pass

    assert caught.value.path == tmp_path / "absent" / "rejects.csv"


def test_a_name_of_any_bytes_can_be_written(tmp_path: Path) -> None:
    source = Path(os.fsdecode(b"\xff.csv"))
    rejected = Rejected(Position(1, 2, 1), 2, None, RowFault.COLUMNS, "why", "原因")

    with rejects_file(tmp_path / "rejects.csv", REGISTER) as rejects:
        rejects.add(source, rejected)

    assert rows(tmp_path / "rejects.csv")[1][0] == "\\udcff.csv"


def test_a_second_import_is_told_that_the_file_is_being_written(tmp_path: Path) -> None:
    target = tmp_path / "rejects.csv"
    rejected = Rejected(Position(1, 2, 1), 2, None, RowFault.COLUMNS, "why", "原因")

    with rejects_file(target, REGISTER) as first:
        first.add(Path("first.csv"), rejected)
        with (
            pytest.raises(IntakeError, match="being written by another import") as caught,
            rejects_file(target, REGISTER),
        ):
            pass
        first.add(Path("first.csv"), rejected)

    assert caught.value.fault is FileFault.UNWRITABLE
    assert [row[0] for row in rows(target)[1:]] == ["first.csv", "first.csv"]


def test_what_a_killed_import_left_is_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "rejects.csv"
    (tmp_path / ".rejects.csv.partial").write_text("left behind, and longer than what comes\n" * 50, encoding="utf-8")

    with rejects_file(target, REGISTER):
        pass

    assert len(rows(target)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["rejects.csv"]
