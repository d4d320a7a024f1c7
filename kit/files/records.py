"""From bytes to records: lines of bounded length, quoted fields, and a place from which reading can go on."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO, Final, NamedTuple

from kit.files.lines import MAX_LINE_BYTES, is_cut, skip_rest

MAX_RECORD_LINES: Final = 64
"""Physical lines of a record. A quote that is still open then was never meant to be opened."""

MAX_QUOTED_BYTES: Final = 131_072
"""Bytes of a record with quoted fields: what the csv module takes for one field."""


class Position(NamedTuple):
    """A place between two records of a file, from which reading can go on.

    Attributes:
        offset: bytes of the file before it.
        line: physical lines before it, the header included.
        ordinal: records before it.
    """

    offset: int
    line: int
    ordinal: int


class Damage(Enum):
    """Why bytes are no record."""

    ENCODING = "ENCODING"
    LINE_TOO_LONG = "LINE_TOO_LONG"
    UNCLOSED_QUOTE = "UNCLOSED_QUOTE"
    QUOTES = "QUOTES"


class Record(NamedTuple):
    """One record.

    Attributes:
        position: the place behind it.
        line: physical line on which it starts, from 1.
        cells: its cells, or why there are none.
    """

    position: Position
    line: int
    cells: list[str] | Damage


@dataclass(slots=True)
class _Lines:
    """Physical lines, some of which may be given back."""

    file: BinaryIO
    given_back: deque[bytes]

    def read(self) -> bytes:
        """Return the next line with its end, `b""` at the end of the file, or the first MiB of an over-long line."""
        return self.given_back.popleft() if self.given_back else self.file.readline(MAX_LINE_BYTES)


def read_records(file: BinaryIO, *, encoding: str, width: int, start: Position) -> Iterator[Record]:
    r"""Cut a file into records.

    Lines end by LF or CRLF. Quoting is as `csv.reader` has it in strict mode: a quoted field may hold commas, line
    ends and doubled quotes; a quote inside an unquoted field stands for itself. A line of nothing but blanks and commas
    is no record. What can't be read costs one record and never the ones after it:

    - bytes that the encoding doesn't know: that record (`ENCODING`);
    - a line longer than `MAX_LINE_BYTES`, which is read past and never held, or one with quotes longer than
      `MAX_QUOTED_BYTES`: that line (`LINE_TOO_LONG`);
    - text after a closing quote, or a bare CR beside a quoted field: that line (`QUOTES`);
    - a quote that is open at the end of its line and doesn't close within `MAX_RECORD_LINES` into a record of `width`
      cells: that one line (`UNCLOSED_QUOTE`); reading goes on with the next line, not with the next quote.

    Args:
        file: opened for reading at `start.offset`.
        encoding: in which line ends, commas and quotes are single bytes that occur in no other character.
        width: the number of columns, which tells a field of several lines from a forgotten quote.
        start: the place to go on from.
    """
    lines = _Lines(file, deque())
    offset, line, ordinal = start.offset, start.line, start.ordinal
    while raw := lines.read():
        first = line + 1
        line += 1
        offset += len(raw)
        cells: list[str] | Damage
        if is_cut(raw):
            offset += skip_rest(file)
            cells = Damage.LINE_TOO_LONG
        else:
            damaged = False
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                text, damaged = raw.decode(encoding, "replace"), True
            if '"' not in text:
                cells = text.rstrip("\r\n").split(",")
            else:
                cells, taken, damaged_after = _read_quoted(text, len(raw), lines, encoding=encoding, width=width)
                line += len(taken)
                offset += sum(map(len, taken))
                damaged = damaged or damaged_after
            if damaged:
                cells = Damage.ENCODING
            elif isinstance(cells, list) and not cells[0].strip() and not "".join(cells).strip():
                continue
        ordinal += 1
        yield Record(Position(offset, line, ordinal), first, cells)


def _read_quoted(
    text: str, size: int, lines: _Lines, *, encoding: str, width: int
) -> tuple[list[str] | Damage, list[bytes], bool]:
    """Parse a line that holds a quote, with the lines after it that belong to its record.

    Returns:
        The cells or why there are none, the further lines of the record, and whether one of them is undecodable.
    """
    if size > MAX_QUOTED_BYTES:
        return Damage.LINE_TOO_LONG, [], False
    taken: list[bytes] = []
    undecodable = open_at_end = False

    def asked() -> Iterator[str]:
        nonlocal size, undecodable, open_at_end
        yield text
        open_at_end = True
        while len(taken) < MAX_RECORD_LINES - 1:
            raw = lines.read()
            if not raw:
                return
            taken.append(raw)
            size += len(raw)
            if size > MAX_QUOTED_BYTES:
                return
            try:
                further = raw.decode(encoding)
            except UnicodeDecodeError:
                further, undecodable = raw.decode(encoding, "replace"), True
            yield further

    try:
        cells = next(csv.reader(asked(), strict=True))
    except csv.Error:
        cells = []
    if not open_at_end:
        return cells or Damage.QUOTES, [], False
    if len(cells) == width:
        return cells, taken, undecodable
    lines.given_back.extendleft(reversed(taken))
    return Damage.UNCLOSED_QUOTE, [], False
