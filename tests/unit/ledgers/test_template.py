"""The workbooks to fill in: what they hold, and that what is filled in is what is read."""

import re
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from python_calamine import CalamineWorkbook

from contracts.vocabulary import FormationMode, MemberStanding, OrganisationForm
from kit.files.column_map import ColumnMap
from kit.files.errors import IntakeError
from kit.files.outcomes import Rejected
from services.ledgers.intake.columns import EXAMPLE, MEMBERS, ORGANISATIONS, FileKind
from services.ledgers.intake.rows import read_members, read_organisations
from services.ledgers.intake.statements import Row
from services.ledgers.intake.template import INSTRUCTIONS, VERSION, write_template

KINDS = pytest.mark.parametrize("kind", [ORGANISATIONS, MEMBERS], ids=lambda kind: kind.name)
SHEET = "xl/worksheets/sheet1.xml"


def filled(kind: FileKind, path: Path, *rows: dict[str, str]) -> Path:
    """Fill a template in below its example, as a clerk does."""
    write_template(kind, path.with_name("empty.xlsx"), force=True)
    cells = [
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(ord("A") + place)}{number}" t="inlineStr"><is><t>{escape(row[one.key])}</t></is></c>'
            for place, one in enumerate(kind.columns)
            if one.key in row
        )
        + "</row>"
        for number, row in enumerate(rows, start=3)
    ]
    with ZipFile(path.with_name("empty.xlsx")) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == SHEET:
                content = content.replace(b"</sheetData>", "".join(cells).encode() + b"</sheetData>")
            new.writestr(name, content)
    return path


def part(path: Path, pattern: str) -> str:
    with ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if re.search(pattern, name))


@KINDS
def test_it_has_every_column_with_a_note_and_an_example_that_is_not_read(kind: FileKind, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(kind, path, force=False)

    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(kind.title).to_python()
    assert rows[0] == [one.column for one in kind.columns]
    assert rows[1] == list(kind.example)
    assert rows[1][0] == EXAMPLE
    comments = part(path, "comments")
    assert [one.column for one in kind.columns if one.note_en not in comments.replace("&quot;", '"')] == []
    read = read_organisations if kind is ORGANISATIONS else read_members
    assert list(read(path, ColumnMap(kind.column_set))) == []


@KINDS
def test_cells_with_a_list_of_words_can_be_chosen_from(kind: FileKind, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(kind, path, force=False)

    lists = re.findall(r"<formula1>\"(.*?)\"</formula1>", part(path, "sheet1.xml$"))

    assert lists == [",".join(one.words) for one in kind.columns if one.words]
    standing = ",".join(one.zh for one in MemberStanding)
    form = ",".join(one.zh for one in OrganisationForm)
    assert {ORGANISATIONS.name: form, MEMBERS.name: standing}[kind.name] in lists


@KINDS
def test_its_instructions_are_in_both_languages_with_its_version(kind: FileKind, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(kind, path, force=False)

    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(INSTRUCTIONS).to_python()

    text = "\n".join(str(cell) for row in rows for cell in row)
    assert f"模板版本 Template version: {VERSION}" in text
    assert f"lianhe import-{kind.name}" in text
    for one in kind.columns:
        assert one.note_zh in text
        assert one.note_en in text


def test_an_organisation_that_is_filled_in_is_what_is_read(tmp_path: Path) -> None:
    path = filled(
        ORGANISATIONS,
        tmp_path / "filled.xlsx",
        {
            "code": "500111-0417",
            "name": "五金支部",
            "form": "党支部",
            "mode": "兜底组建",
            "external": "否",
            "groups": "2",
            "entities": "91999999MA0000001N、92999999MA0000003R",
        },
    )

    [row] = read_organisations(path, ColumnMap(ORGANISATIONS.column_set))

    assert isinstance(row, Row)
    assert (row.line, row.stated.code, row.stated.name) == (3, "500111-0417", "五金支部")
    assert (row.stated.form, row.stated.mode) == (OrganisationForm.BRANCH, FormationMode.CATCH_ALL)
    assert (row.stated.external, row.stated.groups) == (False, 2)
    assert row.stated.usccs == ("91999999MA0000001N", "92999999MA0000003R")


def test_a_member_that_is_filled_in_is_what_is_read(tmp_path: Path) -> None:
    path = filled(MEMBERS, tmp_path / "filled.xlsx", {"name": "王小明", "standing": "正式党员", "born_in": "1985年3月"})

    [row] = read_members(path, ColumnMap(MEMBERS.column_set))

    assert isinstance(row, Row)
    assert (row.stated.name, row.stated.standing, row.stated.born_in) == ("王小明", MemberStanding.FULL, "1985-03")
    assert "王小明" not in repr(row)


def test_an_example_that_was_written_over_is_rejected_and_never_lost(tmp_path: Path) -> None:
    path = filled(MEMBERS, tmp_path / "filled.xlsx", {"mark": EXAMPLE, "name": "王小明", "standing": "正式党员"})

    [row] = read_members(path, ColumnMap(MEMBERS.column_set))

    assert isinstance(row, Rejected)
    assert (row.line, row.reason) == (3, "EXAMPLE")


def test_a_file_that_is_there_is_kept_without_force(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_text("filled in for days", encoding="utf-8")

    with pytest.raises(IntakeError) as caught:
        write_template(MEMBERS, path, force=False)

    assert "--force" in caught.value.message_en
    assert "--force" in caught.value.message_zh
    assert path.read_text(encoding="utf-8") == "filled in for days"
    write_template(MEMBERS, path, force=True)
    assert CalamineWorkbook.from_path(path).sheet_names == ["党员", INSTRUCTIONS]
    assert [one.name for one in tmp_path.iterdir()] == ["mine.xlsx"]


@pytest.mark.parametrize("name", ["template.csv", "absent/template.xlsx"])
def test_where_it_cannot_be_written_it_says_why(name: str, tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        write_template(MEMBERS, tmp_path / name, force=True)

    assert caught.value.path == tmp_path / name
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.message_zh)
    assert list(tmp_path.iterdir()) == []
