"""Workbooks that can't be opened, and those that had better not be."""

import io
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it ships no types

from kit.files import extent
from kit.files.errors import FileFault, IntakeError
from kit.files.extent import MAX_ROWS
from kit.files.workbook import MAX_UNPACKED_BYTES
from services.registration.intake.outcomes import Accepted
from services.registration.intake.reader import read_file

SHEET = "xl/worksheets/sheet1.xml"
CODE = "91500107MA5UF4UFXT"

Change = Callable[[bytes], bytes]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.xlsx"
    workbook = Workbook(path)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ("企业名称", "统一社会信用代码"))
    sheet.write_row(1, 0, ("甲", CODE))
    workbook.close()
    return path


def rebuilt(sound: Path, part: str, change: Change, *, compression: int = ZIP_DEFLATED) -> Path:
    """Write the workbook anew with one part changed."""
    path = sound.with_name("changed.xlsx")
    with ZipFile(sound) as old, ZipFile(path, "w", compression) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return path


def refusal(path: Path) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        list(read_file(path))
    assert caught.value.path == path
    assert "另存为" in caught.value.message_zh or "导出" in caught.value.message_zh
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "fault", "way_out"),
    [
        ("a.xlsx", b"", FileFault.EMPTY, "Export it again"),
        ("a.xlsx", "企业名称,统一社会信用代码".encode(), FileFault.SPREADSHEET, "name it *.csv"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFault.SPREADSHEET, "remove the password"),
        ("a.xlsx", b"PK\x03\x04 and nothing else", FileFault.DAMAGED, "Fetch it again"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFault.SPREADSHEET, "old format .xls"),
        ("a.XLS", b"<html>", FileFault.SPREADSHEET, "CSV UTF-8"),
    ],
)
def test_what_is_no_workbook_is_refused_with_the_way_out(
    tmp_path: Path, name: str, content: bytes, fault: FileFault, way_out: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    error = refusal(path)

    assert error.fault is fault
    assert way_out in error.message_en


def test_a_workbook_named_csv_is_refused_with_the_way_out(sound: Path) -> None:
    error = refusal(sound.rename(sound.with_suffix(".csv")))

    assert error.fault is FileFault.SPREADSHEET
    assert "(*.xlsx)" in error.message_en


def test_a_workbook_that_was_cut_short_is_refused(sound: Path) -> None:
    sound.write_bytes(sound.read_bytes()[:-100])

    assert refusal(sound).fault is FileFault.DAMAGED


def test_a_workbook_with_a_flipped_bit_is_refused(sound: Path) -> None:
    with ZipFile(sound) as archive:
        start = archive.getinfo(SHEET).header_offset
    content = bytearray(sound.read_bytes())
    content[start + 80] ^= 1
    sound.write_bytes(content)

    assert refusal(sound).fault is FileFault.DAMAGED


def test_a_part_locked_by_a_password_is_told(sound: Path) -> None:
    content = bytearray(sound.read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    sound.write_bytes(content)

    error = refusal(sound)

    assert error.fault is FileFault.SPREADSHEET
    assert "password" in error.message_en


def test_a_bomb_is_refused_before_it_is_unpacked(sound: Path) -> None:
    path = sound.with_name("bomb.xlsx")
    with ZipFile(path, "w", ZIP_DEFLATED) as archive, archive.open(SHEET, "w", force_zip64=True) as part:
        for _ in range(MAX_UNPACKED_BYTES // 1_000_000 + 1):
            part.write(b" " * 1_000_000)
    assert path.stat().st_size < 1_000_000

    error = refusal(path)

    assert error.fault is FileFault.TOO_LARGE
    assert "200,000,000 bytes" in error.message_en


def test_a_size_that_the_archive_lies_about_is_found_out(sound: Path) -> None:
    size = len(ZipFile(sound).read(SHEET))
    content = sound.read_bytes()
    sound.write_bytes(content.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little")))

    assert refusal(sound).fault is FileFault.DAMAGED


@pytest.mark.parametrize(
    ("place", "fault", "reason"),
    [
        ('r="XFD1048576"', FileFault.TOO_LARGE, "1,048,576 rows and 16,384 columns"),
        (f'r="A{MAX_ROWS + 1}"', FileFault.TOO_LARGE, "more than 1,048,576 rows"),
        ('r="A0x"', FileFault.DAMAGED, "a cell has no place"),
    ],
)
def test_a_stray_cell_far_away_does_not_fill_the_memory(sound: Path, place: str, fault: FileFault, reason: str) -> None:
    cell = f"<c {place}><v>1</v></c></row></sheetData>".encode()

    error = refusal(rebuilt(sound, SHEET, lambda old: old.replace(b"</row></sheetData>", cell)))

    assert error.fault is fault
    assert reason in error.message_en


def test_cells_without_places_are_counted_as_they_come(sound: Path) -> None:
    rows = "<row><c><v>1</v></c></row>" * 20 + "<row>" + "<c><v>1</v></c>" * 900_000 + "</row></sheetData>"

    error = refusal(rebuilt(sound, SHEET, lambda old: old.replace(b"</sheetData>", rows.encode())))

    assert error.fault is FileFault.TOO_LARGE
    assert "reaches over 23 rows and" in error.message_en


def test_a_text_that_many_cells_share_is_counted_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Such a workbook of half a megabyte took three gigabytes of memory.
    def of(cells: int) -> Path:
        path = tmp_path / f"{cells}.xlsx"
        workbook = Workbook(path)
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ("企业名称", "统一社会信用代码", "经营范围"))
        sheet.write_column(1, 2, ["x" * 30_000] * cells)
        workbook.close()
        return path

    names = len("企业名称统一社会信用代码经营范围")
    monkeypatch.setattr(extent, "MAX_CHARACTERS", 10 * 30_000 + names)

    assert sum(1 for _ in read_file(of(10))) == 10
    error = refusal(of(11))
    assert error.fault is FileFault.TOO_LARGE
    assert f"{11 * 30_000 + names:,} characters" in error.message_en


def test_an_entity_bomb_is_refused(sound: Path) -> None:
    bomb = b'<!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet'

    error = refusal(rebuilt(sound, SHEET, lambda old: old.replace(b"<worksheet", bomb, 1)))

    assert error.fault is FileFault.DAMAGED
    assert "document type" in error.message_en


@pytest.mark.parametrize("encoding", [b'encoding="UTF-9"', b'encoding="\xff"'])
def test_a_sheet_that_is_no_xml_is_refused(sound: Path, encoding: bytes) -> None:
    error = refusal(rebuilt(sound, SHEET, lambda old: old.replace(b'encoding="UTF-8"', encoding)))

    assert error.fault is FileFault.DAMAGED


def test_a_compression_that_no_workbook_has_is_refused(sound: Path) -> None:
    assert refusal(rebuilt(sound, SHEET, bytes, compression=ZIP_BZIP2)).fault is FileFault.DAMAGED


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "no sheet in here")
    path = tmp_path / "a.xlsx"
    path.write_bytes(buffer.getvalue())

    assert refusal(path).fault is FileFault.DAMAGED


@pytest.mark.parametrize("blanks", [b" ", b"\n" * 300_000])
def test_blanks_before_a_sheet_do_not_hide_it(sound: Path, blanks: bytes) -> None:
    cell = b'<c r="XFD1048576"><v>1</v></c></row></sheetData>'

    error = refusal(
        rebuilt(sound, SHEET, lambda old: blanks + old[old.index(b"<worksheet") :].replace(b"</row></sheetData>", cell))
    )

    assert error.fault is FileFault.TOO_LARGE


def test_parts_beside_the_sheets_may_be_anything(sound: Path) -> None:
    with ZipFile(sound, "a") as archive:
        archive.writestr("xl/drawings/vmlDrawing1.vml", "<xml><br>not well-formed, as Excel writes it</xml>")
        archive.writestr("xl/media/image1.png", b"\x89PNG")

    (outcome,) = read_file(sound)

    assert isinstance(outcome, Accepted)
    assert outcome.registration.uscc == CODE


def test_lists_to_choose_from_behind_the_last_cell_are_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "lists.xlsx"
    workbook = Workbook(path)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ("统一社会信用代码", "企业名称"))
    sheet.write_row(1, 0, (CODE, "甲"))
    sheet.data_validation(1, 1, 9, 1, {"validate": "list", "source": ["甲", "乙"]})
    sheet.set_header("&C登记表")
    workbook.close()

    assert [type(one) for one in read_file(path)] == [Accepted]
