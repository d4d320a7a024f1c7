"""Reads JSON lines: one object a line, its keys the columns. What is wrong with a line costs that line alone."""

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import BinaryIO, Final

from kit.files import rejections
from kit.files.cells import number_text
from kit.files.column_map import ColumnMap
from kit.files.errors import FileFault, IntakeError
from kit.files.formats import ARCHIVE_MAGIC, COMPOUND_MAGIC, WIDE_BOMS
from kit.files.layout import near, shown_name, unknown_column
from kit.files.lines import MAX_LINE_BYTES, is_cut, skip_rest
from kit.files.outcomes import Rejected
from kit.files.records import Damage, Position, Record

SAMPLE_LINES: Final = 100
"""Lines at the start of a file whose keys are judged before anything of it is taken in."""

_SAMPLE_BYTES: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"


class _Pairs(list[tuple[str, object]]):
    """The keys and values of an object, in order, those that stand in it twice included."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        """Take them, without blanks around the keys, as a header's names are taken."""
        super().__init__((key.strip(), value) for key, value in pairs)


class _Unusable:
    """A number that no register can mean, as `NaN` or 1e999."""

    def __init__(self, _literal: str) -> None:
        """Take a literal and forget it."""


def _number(literal: str) -> str | _Unusable:
    value = float(literal)
    return number_text(value) if isfinite(value) else _Unusable(literal)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=_number, parse_float=_number, parse_constant=_Unusable
)


class JsonLinesReader:
    """Reads the lines of one file.

    Args:
        file: opened at its start.
        path: its name, for the message.
        columns: what the file calls our columns; our own names and the English ones are known too.

    Raises:
        IntakeError: the file is empty or in another format; a key in its first lines is unknown, or none of them has a
            required column that the map names.
    """

    def __init__(self, file: BinaryIO, path: Path, columns: ColumnMap) -> None:
        self._file = file
        self._path = path
        self._ignored = columns.ignored
        self._of = columns.of
        self._columns: Mapping[str, str] = {
            **columns.of.english,
            **{column: column for column in columns.of.names},
            **{name: column for column, name in columns.names.items()},
        }
        self._check_start(columns)
        file.seek(0)

    def records(self) -> Iterator[Record | Rejected]:
        """Yield the records with the cells that are read, or why a line is none. Blank lines are skipped."""
        offset = line = ordinal = 0
        while raw := self._file.readline(MAX_LINE_BYTES):
            line += 1
            offset += len(raw)
            if is_cut(raw):
                offset += skip_rest(self._file)
                ordinal += 1
                yield rejections.json_line_too_long(Record(Position(offset, line, ordinal), line, []))
                continue
            content = _content(raw, line)
            if content:
                ordinal += 1
                yield self._record(content, Record(Position(offset, line, ordinal), line, []))

    def _record(self, content: bytes, place: Record) -> Record | Rejected:
        """Return the record of a line, or the reject; `place` says where it stands and has no cells."""
        try:
            pairs = _parse(content)
        except UnicodeDecodeError:
            return rejections.damaged(place, Damage.ENCODING)
        except json.JSONDecodeError as error:
            return rejections.json_broken(place, character=error.pos + 1)
        return rejections.json_no_object(place, self._of.required[0]) if pairs is None else self._cells(pairs, place)

    def _cells(self, pairs: _Pairs, place: Record) -> Record | Rejected:
        cells: dict[str, str] = {}
        for key, value in pairs:
            if key in self._ignored:
                continue
            column = self._columns.get(key)
            if column is None:
                return rejections.unknown_column(
                    place, *unknown_column(key, near(key, self._columns), self._of.listed())
                )
            if column in cells:
                return rejections.column_twice(place, column)
            if isinstance(value, str):
                cells[column] = value
            elif value is None or column not in self._of.read:
                cells[column] = ""
            else:
                return rejections.json_value(place, column)
        found = [cells.get(column, "") for column in self._of.read]
        return rejections.json_surrogate(place) if _has_surrogate(found) else place._replace(cells=found)

    def _check_start(self, columns: ColumnMap) -> None:
        seen: set[str] = set()
        objects = lines = 0
        first = b""
        for content in self._sample():
            first = first or content
            lines += 1
            try:
                pairs = _parse(content)
            except ValueError:
                continue
            if pairs is not None:
                objects += 1
                seen.update(key for key, _ in pairs)
                self._check_keys(pairs, lines)
        if not first:
            raise IntakeError(
                self._path, FileFault.EMPTY, "is empty. Write one object a line.", "文件为空。每行须为一个对象。"
            )
        if not objects and not first.startswith(b"{"):
            raise self._other_format(first)
        for column in columns.of.required:
            name = columns.names.get(column)
            if objects and name is not None and name not in seen:
                raise IntakeError(
                    self._path,
                    FileFault.COLUMN_MAP,
                    f"has no key {shown_name(name)}, which the column map takes for {column}, in its first {lines} "
                    "line(s). Correct the map.",
                    f"前{lines}行中没有列映射里对应{column}的键：{shown_name(name)}。请更正列映射。",
                )

    def _check_keys(self, pairs: _Pairs, line: int) -> None:
        for key, _ in pairs:
            if key not in self._columns and key not in self._ignored:
                message_en, message_zh = unknown_column(key, near(key, self._columns), self._of.listed())
                raise IntakeError(
                    self._path, FileFault.HEADER, f"a key in line {line} {message_en}", f"第{line}行有键{message_zh}"
                )

    def _sample(self) -> Iterator[bytes]:
        start = self._file.read(len(COMPOUND_MAGIC))
        self._file.seek(0)
        if start.startswith((ARCHIVE_MAGIC, COMPOUND_MAGIC, *WIDE_BOMS)) or b"\x00" in start:
            raise self._other_format(start)
        held = 0
        for line in range(1, SAMPLE_LINES + 1):
            raw = self._file.readline(MAX_LINE_BYTES)
            if is_cut(raw):
                skip_rest(self._file)
                yield raw[:1]  # enough to tell the format by
                continue
            held += len(raw)
            if not raw or held > _SAMPLE_BYTES:
                return
            yield _content(raw, line)

    def _other_format(self, start: bytes) -> IntakeError:
        array = start.startswith(b"[")
        return IntakeError(
            self._path,
            FileFault.NOT_JSON_LINES,
            f"is {'one JSON array' if array else 'no JSON lines in UTF-8'}, though its name ends by .jsonl. "
            "Write one object a line, in UTF-8; name a workbook *.xlsx and a table of text *.csv.",
            f"文件名为.jsonl，内容{'是一个JSON数组' if array else '却不是UTF-8编码的JSON行'}。"
            "请以UTF-8编码每行写一个对象；工作簿请命名为*.xlsx，文本表格请命名为*.csv。",
        )


def _content(raw: bytes, line: int) -> bytes:
    return (raw.removeprefix(_BOM) if line == 1 else raw).strip()


def _parse(content: bytes) -> _Pairs | None:
    """Return the pairs of an object, or None for any other JSON."""
    text = content.decode()
    try:
        value: object = _DECODER.decode(text)
    except RecursionError as error:
        raise json.JSONDecodeError("nested too deeply", text, 0) from error
    return value if isinstance(value, _Pairs) else None


def _has_surrogate(cells: list[str]) -> bool:
    """Tell whether a text has half a character, as JSON's escapes can write it and no database can store it."""
    text = "".join(cells)
    return not text.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in text)
