"""The rejects of the intake, each with its message. No message holds a cell's text, which may name a person."""

import re
from typing import Final

from kit.files.cells import is_mojibake
from kit.files.outcomes import Rejected
from kit.files.records import Record
from services.registration.domain.entity import NAME_LIMIT
from services.registration.domain.uscc import ALPHABET, USCC_LENGTH, UsccFault, uscc_fault
from services.registration.intake.columns import Column
from services.registration.intake.outcomes import RejectReason

# How a spreadsheet writes a number that is too long for it. A code always has a letter or no sign at all there.
_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+E\+?|E\+)[0-9]+")


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
