"""The cells of one row, each as the fact that its column holds. A cell that can't be used rejects its row."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Final, TypeVar

from contracts.vocabulary.word import Word
from kit.files.cells import is_mojibake, parse_date, stated
from services.ledgers.intake.columns import NO, YES
from services.ledgers.intake.statements import RejectReason, RowError

W = TypeVar("W", bound=Word)

_TRUTH: Final = {YES: True, NO: False, "TRUE": True, "FALSE": False, "1": True, "0": False}
# How a spreadsheet writes a number that is too long for it: what it was can't be known any more.
_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+E\+?|E\+)[0-9]+")
_BETWEEN: Final = re.compile(r"[\s,;、|/]+")
_MONTH: Final = re.compile(r"(\d{4})(?:-|/|\.|年)?(\d{1,2})月?")
_USCC_SEPARATORS: Final = re.compile(r"[\s\-]+")
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_DECEMBER: Final = 12


class Cells:
    """The cells of one row.

    Args:
        columns: their columns, in order.
        cells: what stands there.
    """

    def __init__(self, columns: Sequence[str], cells: Sequence[str]) -> None:
        self._cells = dict(zip(columns, cells, strict=True))

    def text(self, column: str, limit: int) -> str | None:
        """Return a text, or None where the cell says nothing.

        Raises:
            RowError: it is too long, was broken on the way, or lost its digits as a number.
        """
        text = stated(self._cells[column])
        if text is None:
            return None
        if len(text) > limit:
            raise RowError(
                column,
                RejectReason.TOO_LONG,
                f"the text has {len(text)} characters, more than {limit}. Shorten it.",
                f"文字为{len(text)}字，超过{limit}字，请缩短。",
            )
        if is_mojibake(text):
            raise RowError(
                column,
                RejectReason.MOJIBAKE,
                "the text was broken by a wrong encoding before it came here. Enter it again.",
                "文字为乱码，在导入之前已损坏，请重新录入。",
            )
        if _SCIENTIFIC.fullmatch(text):
            raise RowError(
                column,
                RejectReason.NUMBER,
                "the cell was kept as a number and lost its last digits. Make the column text and enter it again.",
                "单元格被存成数字，末几位已丢失。请把该列设为文本格式后重新录入。",
            )
        return text

    def needed(self, column: str, limit: int) -> str:
        """Return a text that every row has.

        Raises:
            RowError: it has none, or as `text`.
        """
        text = self.text(column, limit)
        if text is None:
            raise missing(column)
        return text

    def word(self, column: str, words: type[W]) -> W | None:
        """Return a word of a closed list, by its Chinese label or by its name on the wire.

        Raises:
            RowError: it is none of them.
        """
        text = stated(self._cells[column])
        if text is None:
            return None
        found = next((one for one in words if text in {one.zh, one.value}), None)
        if found is None:
            listed = "、".join(one.zh for one in words)
            raise RowError(
                column,
                RejectReason.WORD,
                f"the word is none of the list. Choose one of: {listed}.",
                f"不在可选范围内，请选择：{listed}。",
            )
        return found

    def truth(self, column: str) -> bool | None:
        """Return whether a cell says yes.

        Raises:
            RowError: it says neither yes nor no.
        """
        text = stated(self._cells[column])
        if text is None:
            return None
        if text.upper() not in _TRUTH:
            raise RowError(column, RejectReason.WORD, f"write {YES} (yes) or {NO} (no).", f"请填“{YES}”或“{NO}”。")
        return _TRUTH[text.upper()]

    def day(self, column: str) -> date | None:
        """Return a day.

        Raises:
            RowError: it can't be read.
        """
        text = stated(self._cells[column])
        day = None if text is None else parse_date(text)
        if text is not None and day is None:
            raise RowError(
                column,
                RejectReason.DAY,
                "the day can't be read; write it as 2003-07-01.",
                "日期无法识别，请写成2003-07-01。",
            )
        return day

    def month(self, column: str) -> str | None:
        """Return a month as YYYY-MM; of a day the month that it is in.

        Raises:
            RowError: it can't be read.
        """
        text = stated(self._cells[column])
        if text is None:
            return None
        day = parse_date(text)
        if day is not None:
            return f"{day:%Y-%m}"
        found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text))
        if found is None or not 1 <= int(found[2]) <= _DECEMBER:
            raise RowError(
                column,
                RejectReason.DAY,
                "the month can't be read; write it as 1985-03.",
                "年月无法识别，请写成1985-03。",
            )
        return f"{found[1]}-{int(found[2]):02d}"

    def count(self, column: str, most: int) -> int | None:
        """Return a whole number.

        Raises:
            RowError: it is none, or more than can be.
        """
        text = stated(self._cells[column])
        if text is None:
            return None
        digits = unicodedata.normalize("NFKC", text)
        if not _COUNT.fullmatch(digits) or int(digits) > most:
            raise RowError(
                column, RejectReason.COUNT, f"write a whole number from 0 to {most}.", f"请填0至{most}的整数。"
            )
        return int(digits)

    def usccs(self, column: str, limit: int) -> tuple[str, ...] | None:
        """Return unified social credit codes as they are compared, those that stand there twice once.

        Raises:
            RowError: as `text`.
        """
        text = self.text(column, limit)
        if text is None:
            return None
        parts = _BETWEEN.split(unicodedata.normalize("NFKC", text).upper())
        if any(_SCIENTIFIC.fullmatch(part) for part in parts):
            raise RowError(
                column,
                RejectReason.NUMBER,
                "a code was kept as a number and lost its last digits. Make the column text and enter it again.",
                "有代码被存成数字，末几位已丢失。请把该列设为文本格式后重新录入。",
            )
        return tuple(dict.fromkeys(part.replace("-", "") for part in parts if part))

    def uscc(self, column: str) -> str | None:
        """Return one unified social credit code as it is compared.

        Raises:
            RowError: as `text`.
        """
        text = self.text(column, 40)
        return None if text is None else _USCC_SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def missing(column: str) -> RowError:
    """Return the error for a cell that a row needs."""
    return RowError(column, RejectReason.MISSING, "the cell is empty. Fill it in.", "该栏为空，请补填。")
