from pathlib import Path

import pytest

from kit.files.errors import FileFault, IntakeError
from kit.files.layout import csv_names, layout_of
from services.registration.intake.column_map import AS_NAMED
from services.registration.intake.columns import READ, Column
from services.registration.intake.outcomes import Accepted
from services.registration.intake.reader import read_file

PATH = Path("register.csv")
HEADER = Column.listed()


def refusal(tmp_path: Path, content: bytes) -> IntakeError:
    path = tmp_path / "register.csv"
    path.write_bytes(content)
    with pytest.raises(IntakeError) as caught:
        list(read_file(path))
    assert caught.value.path == path
    return caught.value


@pytest.mark.parametrize(
    ("content", "fault", "way_out"),
    [
        (b"", FileFault.EMPTY, "must name the columns"),
        (b"\xef\xbb\xbf", FileFault.EMPTY, "must name the columns"),
        (b"\r\n" + HEADER.encode(), FileFault.EMPTY, "starts with an empty line"),
        (b"PK\x03\x04\x14\x00", FileFault.SPREADSHEET, ".xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", FileFault.SPREADSHEET, ".xls)"),
        (HEADER.encode("utf-16"), FileFault.ENCODING, "UTF-16"),
        (b"\xfe\xff" + HEADER.encode("utf-16-be"), FileFault.ENCODING, "UTF-16"),
        (HEADER.encode("utf-16-le"), FileFault.ENCODING, "UTF-16"),
        (b"\xff\n", FileFault.ENCODING, "neither UTF-8 nor GB18030"),
        (HEADER.encode() + b"\r" + HEADER.encode() + b"\r", FileFault.LINE_ENDS, "bare CR"),
        (HEADER.encode().replace(b",", b";"), FileFault.HEADER, "separated by ';'"),
        (HEADER.encode().replace(b",", "，".encode()), FileFault.HEADER, "separated by '，'"),
        (HEADER.encode().replace(b",", b"\t"), FileFault.HEADER, r"separated by '\t'"),
        (b'"' + HEADER.encode(), FileFault.HEADER, "quotes of the first line"),
    ],
)
def test_a_file_of_another_format_is_refused_with_the_way_out(
    tmp_path: Path, content: bytes, fault: FileFault, way_out: str
) -> None:
    error = refusal(tmp_path, content)

    assert error.fault is fault
    assert way_out in error.message_en
    assert any("\u4e00" <= character <= "\u9fff" for character in error.message_zh)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("注册资金", "注册资本"), "column 6 is unknown: 注册资本. Is it meant to be 注册资金"),
        (HEADER + ",电话", "column 11 is unknown: 电话."),
        (HEADER + ",", "column 11 is unknown: (no name)."),
        (HEADER + ",\x1b[31m", "column 11 is unknown: ?[31m."),
        (HEADER + ",企业名称", "column 11 is 企业名称 again, as column 1 is"),
        ("企业名称,注册日期", "lacks the column 统一社会信用代码"),
        ("注册日期,地区", "lacks the column 企业名称、统一社会信用代码"),
    ],
)
def test_a_wrong_column_is_named_with_its_place(header: str, message: str) -> None:
    with pytest.raises(IntakeError) as caught:
        layout_of(csv_names(header, PATH, AS_NAMED), PATH, AS_NAMED)

    assert caught.value.fault is FileFault.HEADER
    assert message in caught.value.message_en


def test_a_file_without_a_header_does_not_have_its_first_row_shown(tmp_path: Path) -> None:
    error = refusal(tmp_path, "重庆林业开发公司,91500107MA5UF4UFXT,王小明".encode())

    assert error.fault is FileFault.HEADER
    assert "names no known column" in error.message_en
    assert "王小明" not in str(error)


def test_columns_are_found_in_any_order_and_may_be_quoted() -> None:
    layout = layout_of(csv_names('"地区",统一社会信用代码 ,法人代表,企业名称', PATH, AS_NAMED), PATH, AS_NAMED)

    picked = dict(zip(READ, layout.pick(["万州", "code", "王小明", "name"]), strict=True))

    assert layout.width == 4
    assert {column: cell for column, cell in picked.items() if cell} == {
        Column.DISTRICT: "万州",
        Column.USCC: "code",
        Column.NAME: "name",
    }


def test_the_name_of_a_person_is_never_picked() -> None:
    cells = [f"cell {number}" for number in range(10)]
    person = list(Column).index(Column.LEGAL_REPRESENTATIVE)

    assert set(cells) - set(layout_of(csv_names(HEADER, PATH, AS_NAMED), PATH, AS_NAMED).pick(cells)) == {cells[person]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_encoding_is_found_by_the_header(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(f"统一社会信用代码,企业名称{end}91500107MA5UF4UFXT,重庆林业开发公司".encode(encoding))

    (outcome,) = read_file(path)

    assert isinstance(outcome, Accepted)
    assert outcome.registration.name == "重庆林业开发公司"
