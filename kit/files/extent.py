"""How much memory the sheets of a .xlsx would take, counted while their XML goes by."""

import re
from array import array
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from xml.parsers import expat

MAX_ROWS: Final = 1_048_576
"""Rows of a sheet: what Excel has."""

MAX_CELLS: Final = 16 * MAX_ROWS
"""Cells from A1 to the last one with a value, empty ones included: the library keeps 32 bytes for each."""

MAX_CHARACTERS: Final = 200_000_000
"""Characters in all cells. One text may be shared by many cells, and the library keeps it once for each of them."""

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,9})")
_WITH_VALUE: Final = frozenset({"v", "is", "f"})


class TooLargeError(Exception):
    """The sheets would take too much memory.

    Attributes:
        message_en: what is too large.
        message_zh: the same in Chinese.
    """

    def __init__(self, message_en: str, message_zh: str) -> None:
        super().__init__(message_en)
        self.message_en = message_en
        self.message_zh = message_zh


class _OtherPartError(Exception):
    """A part's first element tells that it is neither a sheet nor the shared texts."""


class Extent:
    """Counts over all parts of a workbook, which come in any order."""

    def __init__(self) -> None:
        self._lengths = array("L")
        self._shared: Counter[int] = Counter()

    def look_through(self, pieces: Iterator[bytes]) -> None:
        """Count one part; what is no sheet and no shared texts is read to its end alone.

        Raises:
            TooLargeError: it reaches too far.
            expat.ExpatError, ValueError, LookupError: it is no XML that a sheet may have.
        """
        part = _Part(self._lengths, self._shared)
        start = next(pieces, b"")
        if _may_be_xml(start):
            with suppress(_OtherPartError):
                part.feed(start)
                for piece in pieces:
                    part.feed(piece)
                part.end()
        deque(pieces, maxlen=0)  # reads to the end what is no sheet; of a sheet nothing is left

    def check_texts(self) -> None:
        """Judge the texts, when every part has been looked through.

        Raises:
            TooLargeError: the cells have too many characters.
            IndexError: a cell has a text that isn't there.
        """
        characters = sum(self._lengths[text] * cells for text, cells in self._shared.items())
        if characters > MAX_CHARACTERS:
            raise TooLargeError(
                f"its cells have {characters:,} characters, more than {MAX_CHARACTERS:,}",
                f"单元格文字共{characters:,}字，超过{MAX_CHARACTERS:,}字",
            )


class _Part:
    """One part while it is parsed."""

    def __init__(self, lengths: "array[int]", shared: Counter[int]) -> None:
        self._lengths = lengths
        self._shared = shared
        self._row = self._column = self._rows = self._width = 0
        self._columns: dict[str, int] = {}
        self._is_shared = False
        self._text = ""
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._first
        self._parser.StartDoctypeDeclHandler = self._refuse  # entity bombs need one

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)
        if self._rows > MAX_ROWS:
            raise TooLargeError(f"a sheet has more than {MAX_ROWS:,} rows", f"工作表超过{MAX_ROWS:,}行")
        if self._rows * self._width > MAX_CELLS:
            raise TooLargeError(
                f"a sheet reaches over {self._rows:,} rows and {self._width:,} columns. Delete stray cells far from "
                "the table",
                f"工作表范围达{self._rows:,}行{self._width:,}列。请删除远离表格的多余单元格",
            )
        if len(self._lengths) > MAX_CELLS:
            raise TooLargeError(f"it has more than {MAX_CELLS:,} texts", f"文字超过{MAX_CELLS:,}条")

    def end(self) -> None:
        self._parser.Parse(b"", True)
        self._note_shared()

    def _first(self, name: str, _: dict[str, str]) -> None:
        match _tag(name):
            case "worksheet":
                self._parser.StartElementHandler = self._in_sheet
                self._parser.CharacterDataHandler = self._text_of_cell
            case "sst":
                self._parser.StartElementHandler = self._in_texts
                self._parser.CharacterDataHandler = self._text_shared
            case _:
                raise _OtherPartError

    def _in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        tag = _tag(name)
        if tag == "c":
            self._note_shared()
            self._is_shared = attributes.get("t") == "s"
            reference = attributes.get("r")
            if reference is None:
                self._column += 1
            else:
                self._column, self._row = self._place(reference)
        elif tag in _WITH_VALUE:
            self._rows = max(self._rows, self._row)
            self._width = max(self._width, self._column)
        elif tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        else:
            self._note_shared()  # behind the cells stand texts of other things, as of lists to choose from

    def _text_of_cell(self, text: str) -> None:
        if self._is_shared:
            self._text += text

    def _note_shared(self) -> None:
        if self._is_shared:
            self._is_shared = False
            if self._text.strip():
                self._shared[int(self._text)] += 1
            self._text = ""

    def _in_texts(self, name: str, _: dict[str, str]) -> None:
        if _tag(name) == "si":
            self._lengths.append(0)

    def _text_shared(self, text: str) -> None:
        if self._lengths:
            self._lengths[-1] += len(text)

    def _place(self, reference: str) -> tuple[int, int]:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise ValueError("a cell has no place")
        letters, row = found.groups()
        column = self._columns.get(letters)
        if column is None:
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - ord("A") + 1
            self._columns[letters] = column
        return column, int(row)

    @staticmethod
    def _refuse(*_: object) -> None:
        raise ValueError("it declares a document type")


def _may_be_xml(start: bytes) -> bool:
    """Tell pictures and the like, which needn't be parsed, from XML in any encoding."""
    begun = start.lstrip(b"\xef\xbb\xbf\x00\t\r\n ")
    return b"<" in (begun[:4] or b"<")


def _tag(name: str) -> str:
    return name.rpartition(":")[2]
