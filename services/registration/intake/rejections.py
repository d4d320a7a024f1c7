"""The rejects of the intake, each with its message. No message holds a cell's text, which may name a person."""

import re
from typing import Final

from services.registration.domain.entity import NAME_LIMIT
from services.registration.domain.uscc import ALPHABET, USCC_LENGTH, UsccFault, uscc_fault
from services.registration.intake.cells import is_mojibake
from services.registration.intake.columns import Column
from services.registration.intake.lines import MAX_LINE_BYTES
from services.registration.intake.outcomes import Rejected, RejectReason
from services.registration.intake.records import MAX_QUOTED_BYTES, MAX_RECORD_LINES, Damage, Record

_DAMAGE: Final = {
    Damage.ENCODING: (
        RejectReason.ENCODING,
        "the row holds bytes that the file's encoding doesn't know. Export it again as UTF-8.",
        "本行含有文件编码无法识别的字节。请以UTF-8编码重新导出。",
    ),
    Damage.LINE_TOO_LONG: (
        RejectReason.LINE_TOO_LONG,
        f"the line is longer than {MAX_LINE_BYTES:,} bytes ({MAX_QUOTED_BYTES:,} with quotes). Are line ends lost?",
        f"本行超过{MAX_LINE_BYTES:,}字节（含引号时{MAX_QUOTED_BYTES:,}字节）。请检查是否丢失换行。",
    ),
    Damage.UNCLOSED_QUOTE: (
        RejectReason.UNCLOSED_QUOTE,
        f"a double quote is opened and not closed within {MAX_RECORD_LINES} lines. Close it; double it if it is text.",
        f"双引号开启后{MAX_RECORD_LINES}行内未闭合。请补上引号；引号若为内容，请写成两个。",
    ),
    Damage.QUOTES: (
        RejectReason.QUOTES,
        "text or a bare CR stands beside a quoted cell. Double the quotes that are text.",
        "引号单元格之外有多余文字或单独的CR。引号若为内容，请写成两个。",
    ),
}


# How a spreadsheet writes a number that is too long for it. A code always has a letter or no sign at all there.
_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+E\+?|E\+)[0-9]+")


def damaged(record: Record, damage: Damage) -> Rejected:
    """Reject bytes that are no record."""
    reason, message_en, message_zh = _DAMAGE[damage]
    return Rejected(record.position, record.line, None, reason, message_en, message_zh)


def columns(record: Record, *, expected: int, got: int) -> Rejected:
    """Reject a record with a wrong number of cells."""
    return Rejected(
        record.position,
        record.line,
        None,
        RejectReason.COLUMNS,
        f"the row has {got} cells, the header {expected}. Put a cell that holds a comma in double quotes.",
        f"本行有{got}个单元格，表头为{expected}个。含逗号的单元格须加双引号。",
    )


def nameless(record: Record) -> Rejected:
    """Reject a row of a sheet with a value where the header names no column."""
    return _whole(
        record,
        RejectReason.COLUMNS,
        "the row has a value in a column that the header doesn't name. Name the column, or move the value.",
        "本行在表头没有列名的列中有内容。请补上列名或移走该内容。",
    )


def json_line_too_long(record: Record) -> Rejected:
    """Reject a line of JSON over its limit."""
    return _whole(
        record,
        RejectReason.LINE_TOO_LONG,
        f"the line is longer than {MAX_LINE_BYTES:,} bytes. Are line ends lost?",
        f"本行超过{MAX_LINE_BYTES:,}字节。请检查是否丢失换行。",
    )


def json_broken(record: Record, *, character: int) -> Rejected:
    """Reject a line that is no JSON from a character on, counted from 1."""
    return _whole(
        record,
        RejectReason.JSON,
        f"the line is no JSON from character {character} on. Each line must be one whole object.",
        f"本行自第{character}个字符起不是有效的JSON。每行须为一个完整的对象。",
    )


def json_no_object(record: Record) -> Rejected:
    """Reject a line of JSON that is a list, a text or a number."""
    return _whole(
        record,
        RejectReason.JSON,
        "the line is no object. Write it as {“企业名称”: …}, with the columns as keys.",
        "本行不是对象。请写成以列名为键的对象，如{“企业名称”: …}。",
    )


def json_surrogate(record: Record) -> Rejected:
    """Reject an object with a text that has half a character."""
    return _whole(
        record,
        RejectReason.ENCODING,
        "a text has half a character (an escape from \\ud800 to \\udfff without its pair). Export the line again.",
        "文字中有半个字符（\\ud800至\\udfff的转义不成对）。请重新导出本行。",
    )


def json_value(record: Record, column: Column) -> Rejected:
    """Reject an object with a value that is no cell."""
    return Rejected(
        record.position,
        record.line,
        column,
        RejectReason.VALUE,
        f"the value of {column} is neither text nor number nor null. Write it as text.",
        f"{column}的值不是文字、数字或null。请写成文字。",
    )


def unknown_column(record: Record, message_en: str, message_zh: str) -> Rejected:
    """Reject an object with a key that is no column."""
    return _whole(record, RejectReason.UNKNOWN_COLUMN, f"a key {message_en}", f"键{message_zh}")


def column_twice(record: Record, column: Column) -> Rejected:
    """Reject an object of which two keys are one column."""
    return Rejected(
        record.position,
        record.line,
        column,
        RejectReason.COLUMN_TWICE,
        f"two keys of the object are the column {column}. Keep one of them.",
        f"对象中有两个键都表示{column}。请只保留一个。",
    )


def _whole(record: Record, reason: RejectReason, message_en: str, message_zh: str) -> Rejected:
    return Rejected(record.position, record.line, None, reason, message_en, message_zh)


def identity(record: Record, *, name: str | None, uscc: str, cells: tuple[str, ...]) -> Rejected:
    """Reject a record whose name or code is broken; the first fault from the left is told.

    Args:
        record: the record.
        name: its name, or None where it states none.
        uscc: its code, normalised, empty where it states none.
        cells: what may be shown of it.
    """
    column, reason, message_en, message_zh = _name_fault(name) or _uscc_fault(uscc)
    return Rejected(record.position, record.line, column, reason, message_en, message_zh, cells)


def _name_fault(name: str | None) -> tuple[Column, RejectReason, str, str] | None:
    if name is None:
        return (
            Column.NAME,
            RejectReason.NAME_MISSING,
            "the name is missing. Fill it in at the source.",
            "企业名称为空。请在来源系统补全。",
        )
    if is_mojibake(name):
        return (
            Column.NAME,
            RejectReason.MOJIBAKE,
            "the name was broken by a wrong encoding before it came here. Export the row again from its source.",
            "企业名称为乱码，在导入之前已损坏。请从来源系统重新导出本行。",
        )
    if len(name) > NAME_LIMIT:
        return (
            Column.NAME,
            RejectReason.NAME_TOO_LONG,
            f"the name has {len(name)} characters, at most {NAME_LIMIT} are possible. Look for cells run together.",
            f"企业名称为{len(name)}字，最多{NAME_LIMIT}字。请检查单元格是否粘连。",
        )
    return None


def _uscc_fault(uscc: str) -> tuple[Column, RejectReason, str, str]:
    if not uscc:
        return (
            Column.USCC,
            RejectReason.USCC_MISSING,
            "the unified social credit code is missing. Fill it in at the source.",
            "统一社会信用代码为空。请在来源系统补全。",
        )
    if _SCIENTIFIC.fullmatch(uscc):
        return (
            Column.USCC,
            RejectReason.USCC_NUMBER,
            "the code was kept as a number and lost its last digits. Make the column text, enter it from the licence.",
            "统一社会信用代码被存成数字，末几位已丢失。请把该列设为文本格式，并对照营业执照重新录入。",
        )
    match uscc_fault(uscc):
        case UsccFault.LENGTH:
            return (
                Column.USCC,
                RejectReason.USCC_LENGTH,
                f"the unified social credit code has {len(uscc)} characters, not {USCC_LENGTH}. Correct the source.",
                f"统一社会信用代码为{len(uscc)}位，应为{USCC_LENGTH}位。请在来源系统更正。",
            )
        case UsccFault.CHARACTERS:
            place = _first_wrong_place(uscc)
            return (
                Column.USCC,
                RejectReason.USCC_CHARACTERS,
                f"character {place} of the code can't stand there (3 to 8 are digits; no I, O, S, V, Z). Correct it.",
                f"统一社会信用代码第{place}位字符不合规：第3至8位为数字，且不使用I、O、S、V、Z。请在来源系统更正。",
            )
        case _:
            # The digit that would fit isn't told: whoever mistyped another one would "correct" it into a valid
            # code of somebody else.
            return (
                Column.USCC,
                RejectReason.USCC_CHECK_DIGIT,
                "a character of the unified social credit code is wrong (check digit). Compare it with the licence.",
                "统一社会信用代码校验位不符，其中有字符错误。请对照营业执照更正。",
            )


def _first_wrong_place(uscc: str) -> int:
    digits_only = range(3, 9)
    for place, character in enumerate(uscc, start=1):
        if character not in (ALPHABET[:10] if place in digits_only else ALPHABET):
            return place
    raise ValueError("every character is allowed")
