"""Divisions 行政区划 from a file: a district with its townships and grids, as CSV.

Columns 代码, 名称 and, where there are abolished ones, 状态 (在用, 撤销); or code, name, state (ACTIVE, CLOSED).
In UTF-8, with or without byte order mark, or GB18030.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contracts.vocabulary import DIVISION_WIDTH, UnitState
from services.ledgers.handlers.lines import StatedDivision

MOST_BYTES: Final = 10_000_000
_COLUMNS: Final = {"代码": "code", "名称": "name", "状态": "state"}
_STATES: Final = {word: state for state in UnitState for word in (state.value, state.zh)} | {"": UnitState.ACTIVE}
_CODE: Final = re.compile(r"[0-9]{6}|[0-9]{9}|[0-9]{12}")


class DivisionsFileError(Exception):
    """A file of divisions that can't be used; the text names every line and reason, in English and Chinese."""


@dataclass(frozen=True, slots=True)
class DivisionsFile:
    """What a file states. `lines` holds the line of each division, in their order."""

    divisions: tuple[StatedDivision, ...]
    lines: tuple[int, ...]


def read_divisions(path: Path) -> DivisionsFile:
    """Read a file of divisions. Codes of 6 or 9 digits are filled up with zeros to 12.

    Raises:
        DivisionsFileError: it is no such file, or a line can't be used.
    """
    rows = csv.reader(io.StringIO(_text(path)), strict=True)
    header = [_COLUMNS.get(name.strip(), name.strip()) for name in next(rows, [])]
    if not {"code", "name"} <= set(header) <= {"code", "name", "state"}:
        raise DivisionsFileError(
            f"{path.name}, line 1: the columns must be 代码,名称 or code,name; a third may be 状态 or state\n"
            f"{path.name} 第1行：列名应为“代码,名称”，可加“状态”"
        )
    divisions, lines, faults = [], [], []
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            try:
                divisions.append(_division(header, [cell.strip() for cell in row]))
                lines.append(rows.line_num)
            except ValueError as error:
                faults.append(f"{path.name}, line 第{rows.line_num}行: {error}")
    except csv.Error as error:
        faults.append(f"{path.name}, line 第{rows.line_num}行: {error}, CSV 格式错误")
    if not divisions and not faults:
        faults.append(f"{path.name}: it names no division 文件中没有行政区划")
    if faults:
        raise DivisionsFileError("\n".join(faults))
    return DivisionsFile(tuple(divisions), tuple(lines))


def _text(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise DivisionsFileError(f"{path.name}: is larger than {MOST_BYTES // 1_000_000} MB 文件过大")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DivisionsFileError(f"{path.name}: is neither UTF-8 nor GB18030 编码既不是UTF-8也不是GB18030")


def _division(header: Sequence[str], cells: Sequence[str]) -> StatedDivision:
    if len(cells) != len(header):
        raise ValueError(f"{len(cells)} cells, the first line has {len(header)} 列数与首行不符")
    row = dict(zip(header, cells, strict=True))
    code, name, state = row["code"], row["name"], row.get("state", "")
    if not _CODE.fullmatch(code):
        raise ValueError(f"{code[:40]!r} is no code of 6, 9 or 12 digits 不是6、9或12位代码")
    if not name or len(name) > 200:  # noqa: PLR2004 - as the contract has it
        raise ValueError("a name of up to 200 characters is needed 缺少名称或名称过长")
    if state not in _STATES:
        raise ValueError(f"{state[:40]!r} is neither 在用 nor 撤销 状态应为“在用”或“撤销”")
    return StatedDivision(code.ljust(DIVISION_WIDTH, "0"), name, _STATES[state])
