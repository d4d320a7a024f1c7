"""Files whose columns have other names."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it ships no types

from kit.files.column_map import ColumnMap, read_column_map
from kit.files.errors import FileFault, IntakeError
from kit.files.outcomes import Rejected, RowFault
from kit.files.source import import_key
from services.registration.intake.column_map import AS_NAMED
from services.registration.intake.columns import REGISTER, Column
from services.registration.intake.outcomes import Accepted
from services.registration.intake.reader import read_file

CODE = "91500107MA5UF4UFXT"
MAP = """
"企业名称" = "名称"
"统一社会信用代码" = " 信用代码 "
ignore = ["备注", "地区"]
"""
HEADER = ("名称", "信用代码", "备注", "地区")
ROW = ("甲", CODE, "王小明", "万州")

WriteMap = Callable[[str], ColumnMap]


@pytest.fixture
def of(tmp_path: Path) -> WriteMap:
    """Reads a map of the given text."""

    def read(text: str) -> ColumnMap:
        path = tmp_path / "map.toml"
        path.write_text(text, encoding="utf-8")
        return read_column_map(path, REGISTER)

    return read


def write(path: Path, header: Sequence[str], *rows: Sequence[str]) -> Path:
    match path.suffix:
        case ".csv":
            path.write_text("".join(",".join(row) + "\n" for row in (header, *rows)), encoding="gb18030")
        case ".jsonl":
            lines = (json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in rows)
            path.write_text("".join(lines), encoding="utf-8")
        case _:
            book = Workbook(path)
            sheet = book.add_worksheet()
            for number, row in enumerate((header, *rows)):
                sheet.write_row(number, 0, row)
            book.close()
    return path


@pytest.fixture(params=[".csv", ".xlsx", ".jsonl"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where a file of each format goes."""
    return tmp_path / f"register{request.param}"


def refusal(path: Path, columns: ColumnMap) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        list(read_file(path, columns=columns))
    assert caught.value.path == path
    return caught.value


def test_a_mapped_column_is_read_and_an_ignored_one_is_not(place: Path, of: WriteMap) -> None:
    (outcome,) = read_file(write(place, HEADER, ROW), columns=of(MAP))

    assert isinstance(outcome, Accepted)
    assert (outcome.registration.name, outcome.registration.uscc) == ("甲", CODE)
    assert outcome.registration.division_code == "000000000000"
    assert "王小明" not in repr(outcome)


def test_without_the_map_the_file_is_refused(place: Path) -> None:
    assert refusal(write(place, HEADER, ROW), AS_NAMED).fault is FileFault.HEADER


def test_a_column_neither_known_nor_mapped_nor_ignored_is_refused(place: Path, of: WriteMap) -> None:
    error = refusal(write(place, (*HEADER, "电话"), (*ROW, "1")), of(MAP))

    assert error.fault is FileFault.HEADER
    assert "is unknown: 电话." in error.message_en
    assert "无法识别：电话。" in error.message_zh


def test_a_mapped_column_that_the_file_has_not_is_told(place: Path, of: WriteMap) -> None:
    columns = of(MAP.replace("信用代码 ", "信用编码 "))

    error = refusal(write(place, ("名称", "备注"), ("甲", "x")), columns)

    assert error.fault is FileFault.COLUMN_MAP
    assert "信用编码, which the column map takes for 统一社会信用代码" in error.message_en
    assert "请更正列映射" in error.message_zh


def test_a_near_name_is_proposed(tmp_path: Path, of: WriteMap) -> None:
    error = refusal(
        write(tmp_path / "a.csv", ("企业名称", "信用代码号"), ROW[:2]), of('"统一社会信用代码" = "信用代码"')
    )

    assert "Is it meant to be 信用代码号?" in error.message_en


def test_two_columns_of_a_file_for_one_of_ours_are_told(tmp_path: Path, of: WriteMap) -> None:
    columns = of('"统一社会信用代码" = "新代码"')
    header, row = ("企业名称", "统一社会信用代码", "新代码"), ("甲", "旧", CODE)

    for suffix in ("csv", "xlsx"):
        error = refusal(write(tmp_path / f"a.{suffix}", header, row), columns)
        assert error.fault is FileFault.HEADER
        assert "columns 2 (统一社会信用代码) and 3 (新代码) are the same column by the column map" in error.message_en
    (reject,) = read_file(write(tmp_path / "a.jsonl", header, row), columns=columns)
    assert isinstance(reject, Rejected)
    assert (reject.reason, reject.column) == (RowFault.COLUMN_TWICE, Column.USCC)

    ignoring = ColumnMap(REGISTER, columns.names, frozenset({"统一社会信用代码"}))
    for suffix in ("csv", "xlsx", "jsonl"):
        (outcome,) = read_file(tmp_path / f"a.{suffix}", columns=ignoring)
        assert isinstance(outcome, Accepted)
        assert outcome.registration.uscc == CODE


def test_the_encoding_is_found_by_the_mapped_names(tmp_path: Path, of: WriteMap) -> None:
    # 小校 in GB18030 is valid UTF-8 of something else.
    path = write(tmp_path / "a.csv", ("小校", "code"), ROW[:2])

    (outcome,) = read_file(path, columns=of('"企业名称" = "小校"\n"统一社会信用代码" = "code"'))

    assert isinstance(outcome, Accepted)
    assert outcome.registration.name == "甲"


def test_names_may_be_swapped(place: Path, of: WriteMap) -> None:
    columns = of('"企业名称" = "注册地址"\n"注册地址" = "企业名称"')

    (outcome,) = read_file(
        write(place, ("注册地址", "统一社会信用代码", "企业名称"), ("甲", CODE, "路")), columns=columns
    )

    assert isinstance(outcome, Accepted)
    assert (outcome.registration.name, outcome.registration.address) == ("甲", "路")


def test_a_json_object_may_leave_an_optional_mapped_key_out(tmp_path: Path, of: WriteMap) -> None:
    columns = of('"注册地址" = "住所"')

    (outcome,) = read_file(write(tmp_path / "a.jsonl", ("name", "uscc"), ("甲", CODE)), columns=columns)

    assert isinstance(outcome, Accepted)


@pytest.mark.parametrize(
    ("text", "message_en", "message_zh"),
    [
        ('"信用代码" = "x"', "信用代码 is none of our columns", "等号左侧的列名无法识别：信用代码"),
        ('"注册资本" = "x"', "Is it meant to be 注册资金", "是否应为注册资金"),
        ('uscc = "x"', "uscc is none of our columns", "可识别的列：企业名称"),
        (
            '"企业名称" = "x"\n"注册地址" = "x"',
            "企业名称 and 注册地址 are both mapped to x",
            "企业名称与注册地址都对应到同一列：x",
        ),
        ('"企业名称" = 1', "企业名称 must be one column of the file", "企业名称 的值须为文件中的一个列名"),
        ('"企业名称" = " "', "企业名称 must be one column of the file", "企业名称 的值须为文件中的一个列名"),
        ('["企业名称"]\nx = "y"', "企业名称 must be one column of the file", "企业名称 的值须为文件中的一个列名"),
        ('ignore = "备注"', "ignore must be a list", "ignore 须为列名的列表"),
        ('ignore = ["备注", 1]', "ignore must be a list", "ignore 须为列名的列表"),
        ('"企业名称" = "x"\nignore = ["x"]', "x is mapped and stands under ignore too", "x既被对应又列在ignore中"),
        ("企业名称 = “x”", "is no TOML", "不是有效的TOML"),
        ('"企业名称" = "x"\n"企业名称" = "y"', "is no TOML", "不是有效的TOML"),
        ("#" * (1 << 20), "longer than 1,048,576 bytes", "不是列映射文件"),
    ],
)
def test_a_map_that_cannot_be_used_is_told(
    tmp_path: Path, of: WriteMap, text: str, message_en: str, message_zh: str
) -> None:
    with pytest.raises(IntakeError) as caught:
        of(text + "\n")

    assert caught.value.path == tmp_path / "map.toml"
    assert caught.value.fault is FileFault.COLUMN_MAP
    assert message_en in caught.value.message_en
    assert message_zh in caught.value.message_zh


def test_a_map_in_another_encoding_or_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(MAP, encoding="gb18030")

    with pytest.raises(IntakeError, match="is not UTF-8"):
        read_column_map(path, REGISTER)
    with pytest.raises(IntakeError, match="can't be read"):
        read_column_map(tmp_path / "absent.toml", REGISTER)


def test_a_map_that_notepad_saved_is_read(tmp_path: Path, of: WriteMap) -> None:
    path = tmp_path / "notepad.toml"
    path.write_text(MAP, encoding="utf-8-sig", newline="\r\n")

    assert read_column_map(path, REGISTER) == of(MAP)


def test_an_import_is_known_by_content_and_map(tmp_path: Path, of: WriteMap) -> None:
    path = write(tmp_path / "a.csv", HEADER, ROW)
    plain = hashlib.sha256(path.read_bytes()).digest()
    first, second = of('"企业名称" = "名称"\n"注册地址" = "住所"\nignore = ["a", "b"]'), of('"企业名称" = "名称"')
    again = of('ignore = ["b", "a"]\n"注册地址" = "住所"\n"企业名称" = "名称"')

    assert import_key(path, AS_NAMED) == import_key(path, of('"企业名称" = "企业名称"')) == plain
    assert import_key(path, first) == import_key(path, again)
    others = [of('ignore = ["a"]'), of('ignore = ["b"]')]
    assert len({plain, *(import_key(path, one) for one in (first, second, *others))}) == 5
