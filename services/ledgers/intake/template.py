"""Writes the workbook that a clerk fills in: headers with notes, lists to choose from, an example, instructions."""

import os
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it ships no types
from xlsxwriter.exceptions import XlsxWriterException  # type: ignore[import-untyped]  # as above

from kit.files.errors import FileFault, IntakeError
from kit.files.formats import Format
from services.ledgers.intake.columns import EXAMPLE, Explained, FileKind

VERSION: Final = 1
"""Version of the templates, which stands in them. A release that changes their columns counts it up."""

INSTRUCTIONS: Final = "填写说明"
_LAST_ROW: Final = 1_048_575
_WIDEST: Final = 36
_NARROWEST: Final = 12
_GENERAL: Final = (
    (
        f"“{EXAMPLE}”行仅供参考，不导入；请从其下一行开始填写，不要改动表头。",
        f"The row marked {EXAMPLE} shows how it is done and is not taken in. Fill in below it; leave the headers.",
    ),
    (
        "标*的列必须有；空单元格表示不提供，已有内容保持不变。",
        "Columns with * must be there. An empty cell says nothing: what is known stays.",
    ),
    (
        "编码、号码均为文本格式，请勿改为数字，否则末几位会丢失。",
        "Codes and numbers are text: kept as numbers they lose their last digits.",
    ),
    (
        "有歧义或与台账矛盾的行会被拒收，绝不自动合并；拒收文件写明原因，更正后可直接再次导入。",
        "An ambiguous row is rejected, never merged. The rejects file says why; corrected, it can be imported itself.",
    ),
    (
        "导入前可先试运行：lianhe import-{kind} 文件 --dry-run",
        "See first what would happen: lianhe import-{kind} FILE --dry-run",
    ),
)


def write_template(kind: FileKind, path: Path, *, force: bool) -> None:
    """Write a template, whole or not at all.

    Args:
        kind: of the files that it is for.
        path: where to.
        force: whether a file that is there is replaced.

    Raises:
        IntakeError: the name doesn't end by .xlsx, the file is there already, or it can't be written.
    """
    if path.suffix.lower() != Format.XLSX:
        raise IntakeError(
            path,
            FileFault.UNWRITABLE,
            "a template is a workbook: let its name end by .xlsx.",
            "模板为工作簿，文件名须以.xlsx结尾。",
        )
    partial = path.with_name(f".{path.stem}.{os.getpid()}.partial.xlsx")
    try:
        try:
            _write(kind, partial)
            if force:
                partial.replace(path)
            else:
                path.hardlink_to(partial)  # unlike a rename it never takes the place of a file that is there
        finally:
            partial.unlink(missing_ok=True)
    except FileExistsError as error:
        raise IntakeError(
            path,
            FileFault.UNWRITABLE,
            "is there already. Name another place, or replace it with --force.",
            "文件已存在。请更换位置，或用--force覆盖。",
        ) from error
    except (OSError, XlsxWriterException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise IntakeError(
            path,
            FileFault.UNWRITABLE,
            f"can't be written: {reason}. Check the path and its permissions.",
            f"无法写入：{reason}。请检查路径与权限。",
        ) from error


def _write(kind: FileKind, path: Path) -> None:
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_custom_property("lianhe-template", f"{kind.name} {VERSION}")
        _write_table(workbook, kind)
        _write_instructions(workbook, kind)


def _write_table(workbook: Workbook, kind: FileKind) -> None:
    text = workbook.add_format({"num_format": "@"})
    header = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    example = workbook.add_format({"italic": True, "font_color": "#7F7F7F", "num_format": "@"})
    sheet = workbook.add_worksheet(kind.title)
    sheet.freeze_panes(1, 0)
    for place, one in enumerate(kind.columns):
        width = min(max(2 * len(one.column) + 2, len(one.example) + 2, _NARROWEST), _WIDEST)
        sheet.set_column(place, place, width, text)
        sheet.write_string(0, place, one.column, header)
        sheet.write_comment(0, place, _note(one), {"x_scale": 2, "y_scale": 1.5})
        sheet.write_string(1, place, one.example, example)
        if one.words:
            sheet.data_validation(
                1,
                place,
                _LAST_ROW,
                place,
                {
                    "validate": "list",
                    "source": list(one.words),
                    "error_title": "不在可选范围内",
                    "error_message": "请从下拉列表中选择。Choose from the list.",
                },
            )


def _write_instructions(workbook: Workbook, kind: FileKind) -> None:
    title = workbook.add_format({"bold": True, "font_size": 14})
    header = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(INSTRUCTIONS)
    for place, width in enumerate((30, 60, 60, 40)):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, f"{kind.title}导入模板 Template for {kind.name}", title)
    sheet.write_string(1, 0, f"模板版本 Template version: {VERSION}")
    row = 3
    for chinese, english in _GENERAL:
        sheet.write_string(row, 1, chinese.format(kind=kind.name), wrapped)
        sheet.write_string(row, 2, english.format(kind=kind.name), wrapped)
        row += 1
    row += 1
    for place, name in enumerate(("列 Column", "说明", "Meaning", "可选值 Words")):
        sheet.write_string(row, place, name, header)
    for one in kind.columns:
        row += 1
        cells = (f"{one.column}{'*' if one.required else ''}", one.note_zh, one.note_en, "、".join(one.words))
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, wrapped)


def _note(one: Explained) -> str:
    needed = "必需 needed. " if one.required else ""
    return f"{needed}{one.note_zh}\n{one.note_en}"
