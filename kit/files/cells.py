"""A cell's text as it is stored: without what nobody can see, and nothing where the source says nothing."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

MISSING: Final = frozenset({"", "N/A", "n/a", "-", "--", "—", "——", "－", "无", "NULL", "null"})
"""How sources write that they have no value."""

# Line ends, tabs and the other control characters, NUL among them, part words: each run becomes one space.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Zero-width and direction marks part nothing and make equal names differ: they go.
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DATE: Final = re.compile(
    r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?(?:[ T]00?:00(?::00)?)?"
)
_DATE_LENGTH: Final = 40
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_REPLACEMENT: Final = "\ufffd"
# The bytes of U+FFFD in UTF-8, twice, read as GBK: what is left of text that was broken two times.
_BROKEN_TWICE: Final = "锟斤拷"
_UTF8_LONGEST: Final = 4
# UTF-8 of a common Chinese character starts with a byte from E4 to E9 and one from 80 to BF. Read as GBK the two are
# one of these characters, read as Windows-1252 the first is one of ä to é. So one character tells which texts to try.
_SUSPECT: Final = frozenset(
    bytes((lead, trail)).decode("gb18030") for lead in range(0xE4, 0xEA) for trail in range(0x80, 0xC0)
) | frozenset("äåæçèé")


def visible(cell: str) -> str:
    """Return a cell without control and invisible characters and without blanks around it.

    PostgreSQL refuses NUL, and the others have no meaning in a register's cell, so they are taken out rather than made
    a reason to reject a row.
    """
    if not cell.isprintable():
        cell = _INVISIBLE.sub("", _CONTROL.sub(" ", cell))
    return cell.strip()


def stated(cell: str) -> str | None:
    """Return a cell's visible text, or None where it says that there is no value."""
    text = cell.strip() if cell.isprintable() else visible(cell)
    return None if text in MISSING else text


def number_text(value: float) -> str:
    """Return a number as a spreadsheet shows it: 15 digits, and no decimals where it is whole.

    A longer one comes in the scientific form, 9.15001012079648E+17: what it was can't be known any more.
    """
    return format(value, ".15g").upper()


def is_mojibake(text: str) -> bool:
    """Tell whether text was broken by a wrong encoding on its way here.

    True for text with U+FFFD or its second-hand form 锟斤拷, and for UTF-8 that was read as GBK (閲嶅簡 for 重庆) or as
    Windows-1252: turned back into bytes it is UTF-8 of several Chinese characters, which sound text never is.
    """
    if _REPLACEMENT in text or _BROKEN_TWICE in text:
        return True
    return text[:1] in _SUSPECT and any(_was_utf8(text, codec) for codec in ("gb18030", "cp1252"))


def _was_utf8(text: str, codec: str) -> bool:
    try:
        original = text.encode(codec)
    except UnicodeEncodeError:
        return False
    try:
        turned_back = original.decode()
    except UnicodeDecodeError as error:
        # The bytes of the last character are often lost on the way; anything before it must be UTF-8.
        if error.start < len(original) - _UTF8_LONGEST:
            return False
        turned_back = original[: error.start].decode()
    return sum("\u4e00" <= character <= "\u9fff" for character in turned_back) > 1


def parse_date(text: str) -> date | None:
    """Return the day that a cell states, or None where it can't be read.

    Read are `2003-07-01`, `2003/7/1`, `2003.7.1`, `2003年7月1日` and `20030701`, full-width or not, also with a
    midnight after them. A day that the calendar doesn't have can't be read.
    """
    return _parse_date(text) if len(text) <= _DATE_LENGTH else None


@lru_cache(maxsize=16_384)
def _parse_date(text: str) -> date | None:
    written = unicodedata.normalize("NFKC", text)
    found = _DATE.fullmatch(written) or _COMPACT_DATE.fullmatch(written)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None
