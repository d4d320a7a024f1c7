from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from contracts.vocabulary import UNASSIGNED_DIVISION, Bureau, EntityKind
from kit.files.cells import is_mojibake
from kit.files.outcomes import Rejected, RowFault
from services.registration.domain.capital import Capital
from services.registration.domain.entity import Registration
from services.registration.intake.columns import Column
from services.registration.intake.outcomes import Accepted, NoticeCode, RejectReason
from services.registration.intake.reader import read_file

ReadRow = Callable[[dict[Column, str]], Accepted | Rejected]
WriteFile = Callable[..., Path]


def accepted(outcome: Accepted | Rejected) -> Accepted:
    assert isinstance(outcome, Accepted)
    return outcome


def rejected(outcome: Accepted | Rejected) -> Rejected:
    assert isinstance(outcome, Rejected)
    return outcome


def test_a_sound_row_becomes_facts(read_row: ReadRow) -> None:
    outcome = accepted(read_row({}))

    assert outcome.notices == ()
    assert outcome.line == 2
    assert outcome.registration == Registration(
        uscc="915001012079647987",
        name="重庆市鑫和化工实业有限公司",
        kind=EntityKind.UNKNOWN,
        division_code="500101000000",
        bureau=Bureau.MARKET_REGULATION,
        registered_on=date(1999, 1, 1),
        legal_form="有限责任公司",
        capital=Capital(Decimal(1_000_000), "CNY"),
        business_scope="批发兼零售预包装食品",
        address="重庆市万州区王牌路291号",
    )


@pytest.mark.parametrize("nothing", ["", " ", "N/A", "-", "—", "\u3000", "\ufeff", "\x00", "无", "NULL"])
def test_a_row_needs_a_name_and_a_code_alone(read_row: ReadRow, nothing: str) -> None:
    needed = {Column.NAME, Column.USCC}

    outcome = accepted(read_row({column: nothing for column in Column if column not in needed}))

    assert outcome.notices == ()
    assert outcome.registration == Registration(
        uscc="915001012079647987",
        name="重庆市鑫和化工实业有限公司",
        kind=EntityKind.UNKNOWN,
        division_code=UNASSIGNED_DIVISION,
        bureau=Bureau.MARKET_REGULATION,
    )


@pytest.mark.parametrize(
    ("cells", "column", "reason", "message"),
    [
        ({Column.NAME: ""}, Column.NAME, RejectReason.NAME_MISSING, "missing"),
        ({Column.NAME: "N/A"}, Column.NAME, RejectReason.NAME_MISSING, "missing"),
        ({Column.NAME: "\x00\x01"}, Column.NAME, RejectReason.NAME_MISSING, "missing"),
        ({Column.NAME: "甲" * 401}, Column.NAME, RejectReason.NAME_TOO_LONG, "401 characters"),
        ({Column.NAME: "重庆\ufffd公司"}, Column.NAME, RejectReason.MOJIBAKE, "wrong encoding"),
        ({Column.NAME: "锟斤拷锟斤拷"}, Column.NAME, RejectReason.MOJIBAKE, "wrong encoding"),
        ({Column.USCC: ""}, Column.USCC, RejectReason.USCC_MISSING, "missing"),
        ({Column.USCC: "N/A"}, Column.USCC, RejectReason.USCC_MISSING, "missing"),
        ({Column.USCC: "500101000012345"}, Column.USCC, RejectReason.USCC_LENGTH, "15 characters"),
        ({Column.USCC: "重庆市万州区王牌路291号"}, Column.USCC, RejectReason.USCC_LENGTH, "13 characters"),
        ({Column.USCC: "91500107MA5UF4UFXO"}, Column.USCC, RejectReason.USCC_CHARACTERS, "character 18"),
        ({Column.USCC: "91500lO7MA5UF4UFXT"}, Column.USCC, RejectReason.USCC_CHARACTERS, "character 6"),
        ({Column.USCC: "91500107MA5UF4UFTX"}, Column.USCC, RejectReason.USCC_CHECK_DIGIT, "Compare"),
    ],
)
def test_a_row_is_rejected_where_it_is_unsure_whom_it_is_about(
    read_row: ReadRow, cells: dict[Column, str], column: Column, reason: RejectReason, message: str
) -> None:
    outcome = rejected(read_row(cells))

    assert (outcome.line, outcome.column, outcome.reason) == (2, column, reason)
    assert message in outcome.message_en
    assert outcome.message_zh


def test_the_check_digit_that_would_fit_is_not_told(read_row: ReadRow) -> None:
    outcome = rejected(read_row({Column.USCC: "91500107MA5UF4UFXU"}))

    assert "T" not in outcome.message_en.replace("The", "")
    assert "T" not in outcome.message_zh


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("甲,915001012079647987,1999-01-01,N/A,N/A,3,000(万),食品,重庆,万州,王牌路", RowFault.COLUMNS),
        ("甲,915001012079647987", RowFault.COLUMNS),
        ('甲,"915001012079647987', RowFault.UNCLOSED_QUOTE),
        ('"甲"乙,915001012079647987', RowFault.QUOTES),
        ("甲" * 400_000, RowFault.LINE_TOO_LONG),
    ],
)
def test_what_is_no_row_is_rejected_as_a_whole(
    write_file: WriteFile, sound_line: Callable[[str], str], line: str, reason: RejectReason
) -> None:
    before, broken, after = read_file(write_file(sound_line("前"), line, sound_line("后")))

    assert accepted(before).registration.name == "前"
    assert accepted(after).registration.name == "后"
    assert (rejected(broken).line, rejected(broken).column, rejected(broken).reason) == (3, None, reason)
    assert rejected(broken).cells == ()


def test_the_number_of_cells_is_told(write_file: WriteFile) -> None:
    (outcome,) = read_file(write_file("甲,乙,丙"))

    assert "3 cells, the header 10" in rejected(outcome).message_en
    assert "3个单元格，表头为10个" in rejected(outcome).message_zh


def test_undecodable_bytes_reject_their_row_alone(write_file: WriteFile, sound_line: Callable[[str], str]) -> None:
    path = write_file(sound_line("前"), sound_line("中"), sound_line("后"))
    path.write_bytes(path.read_bytes().replace("中".encode(), b"\xd6\xd0", 1).replace(b"\n", b"\r\n"))

    before, broken, after = read_file(path)

    assert accepted(before).line == 2
    assert (rejected(broken).line, rejected(broken).reason) == (3, RowFault.ENCODING)
    assert accepted(after).line == 4


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        (Column.REGISTERED_ON, "1999-02-29", NoticeCode.DATE_UNREADABLE),
        (Column.REGISTERED_ON, "1999-01", NoticeCode.DATE_UNREADABLE),
        (Column.REGISTERED_ON, "36161", NoticeCode.DATE_UNREADABLE),
        (Column.REGISTERED_ON, "1999-01/01", NoticeCode.DATE_UNREADABLE),
        (Column.REGISTERED_ON, "1" * 100, NoticeCode.DATE_UNREADABLE),
        (Column.CAPITAL, "面议", NoticeCode.CAPITAL_UNREADABLE),
        (Column.CAPITAL, "0" * 100 + "1(万)", NoticeCode.CAPITAL_UNREADABLE),
        (Column.DISTRICT, "两江新区", NoticeCode.DIVISION_UNKNOWN),
        (Column.PROVINCE, "浙江", NoticeCode.DIVISION_UNKNOWN),
        (Column.LEGAL_FORM, "甲" * 101, NoticeCode.TEXT_TOO_LONG),
        (Column.ADDRESS, "甲" * 1001, NoticeCode.TEXT_TOO_LONG),
        (Column.BUSINESS_SCOPE, "甲" * 20_001, NoticeCode.TEXT_TOO_LONG),
        (Column.ADDRESS, "重庆\ufffd", NoticeCode.MOJIBAKE),
        (Column.BUSINESS_SCOPE, "重庆\ufffd", NoticeCode.MOJIBAKE),
        (Column.LEGAL_FORM, "重庆\ufffd", NoticeCode.MOJIBAKE),
    ],
)
def test_a_cell_that_cannot_be_used_is_left_empty_with_a_notice(
    read_row: ReadRow, column: Column, cell: str, code: NoticeCode
) -> None:
    outcome = accepted(read_row({column: cell}))
    of_nothing = accepted(read_row({Column.DISTRICT if column is Column.PROVINCE else column: ""}))

    assert outcome.registration == of_nothing.registration
    (notice,) = outcome.notices
    assert notice.code is code
    assert notice.column is (Column.DISTRICT if column is Column.PROVINCE else column)


@pytest.mark.parametrize(
    "written",
    [
        "2003-07-01",
        "2003-7-1",
        "2003/7/1",
        "2003.7.1",
        "2003年7月1日",
        "20030701",
        "２００３－０７－０１",
        "2003/7/1 0:00",
        "2003-07-01 00:00:00",
        " 2003-07-01 ",
    ],
)
def test_a_day_is_read_as_people_write_it(read_row: ReadRow, written: str) -> None:
    assert accepted(read_row({Column.REGISTERED_ON: written})).registration.registered_on == date(2003, 7, 1)


def test_a_day_after_today_is_left_empty(write_file: WriteFile, sound_line: Callable[[str], str]) -> None:
    path = write_file(sound_line("甲"))

    (on_the_day,) = read_file(path, today=date(1999, 1, 1))
    (the_day_before,) = read_file(path, today=date(1998, 12, 31))

    assert accepted(on_the_day).registration.registered_on == date(1999, 1, 1)
    assert accepted(the_day_before).registration.registered_on is None
    assert [notice.code for notice in accepted(the_day_before).notices] == [NoticeCode.DATE_IN_FUTURE]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("  甲公司\u3000", "甲公司"),
        ("甲\x00公司", "甲 公司"),
        ("甲\r\n\t公司", "甲 公司"),
        ("\ufeff甲\u200b公司\u202e", "甲公司"),
        ("甲（重庆）　公司", "甲（重庆）　公司"),
        ('甲"乙"公司', '甲"乙"公司'),
    ],
)
def test_a_name_keeps_what_can_be_seen(read_row: ReadRow, cell: str, name: str) -> None:
    assert accepted(read_row({Column.NAME: cell})).registration.name == name


def test_a_code_is_normalised(read_row: ReadRow) -> None:
    assert accepted(read_row({Column.USCC: "９1500107 MA5UF4UFxt"})).registration.uscc == "91500107MA5UF4UFXT"


@pytest.mark.parametrize(
    ("sound", "codec"),
    [("重庆市开县", "gbk"), ("重庆市开县公司", "gbk"), ("棠香五金", "gb18030"), ("棠香五金", "cp1252")],
)
def test_text_read_in_a_wrong_encoding_is_found(sound: str, codec: str) -> None:
    broken = sound.encode().decode(codec, errors="ignore")

    assert is_mojibake(broken)
    assert not is_mojibake(sound)


@pytest.mark.parametrize("sound", ["École 重庆", "édition", "鎳都公司", "槾", "盲人按摩", "龍水五金", ""])
def test_sound_text_is_not_taken_for_broken(sound: str) -> None:
    assert not is_mojibake(sound)


@pytest.mark.parametrize(
    ("cells", "are_shown"),
    [
        ({Column.USCC: "91500107MA5UF4UFXU"}, True),
        ({Column.USCC: ""}, True),
        ({Column.NAME: ""}, True),
        ({Column.USCC: "重庆市万州区"}, True),
        ({Column.USCC: "重庆市万州区", Column.REGISTERED_ON: "万州"}, False),
        ({Column.USCC: "", Column.REGISTERED_ON: "王小明"}, False),
    ],
)
def test_cells_are_shown_only_where_they_are_sure_to_stand_in_their_columns(
    read_row: ReadRow,
    cells: dict[Column, str],
    are_shown: bool,  # noqa: FBT001 - a case of the table
) -> None:
    outcome = rejected(read_row({Column.LEGAL_REPRESENTATIVE: "王小明"} | cells))

    assert bool(outcome.cells) is are_shown
    assert "王小明" not in outcome.cells


def test_a_shown_cell_is_cut(read_row: ReadRow) -> None:
    outcome = rejected(read_row({Column.NAME: "甲" * 2000}))

    assert outcome.cells[0] == "甲" * 1000
