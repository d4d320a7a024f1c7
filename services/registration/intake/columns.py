"""The columns of a register's file: which there are, and where a header puts them."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from operator import itemgetter
from pathlib import Path
from typing import Final

from services.registration.intake.errors import FileFault, IntakeError


class Column(StrEnum):
    """A column, by the name that its header has."""

    NAME = "企业名称"
    USCC = "统一社会信用代码"
    REGISTERED_ON = "注册日期"
    LEGAL_FORM = "企业类型"
    LEGAL_REPRESENTATIVE = "法人代表"
    CAPITAL = "注册资金"
    BUSINESS_SCOPE = "经营范围"
    PROVINCE = "所在省份"
    DISTRICT = "地区"
    ADDRESS = "注册地址"

    @staticmethod
    def listed() -> str:
        """Return all names, for a message."""
        return ",".join(Column)


REQUIRED: Final = (Column.NAME, Column.USCC)

READ: Final = tuple(column for column in Column if column is not Column.LEGAL_REPRESENTATIVE)
"""The columns whose cells are looked at, in this order.

法人代表 is not among them. It is a natural person's name, hence personal information (个人信息保护法), and the platform
has no purpose for it: it is read past, never stored, logged, hashed or echoed. A column that isn't picked can't leak.
"""

_SHOWN: Final = 40
_OTHER_SEPARATORS: Final = ("\t", ";", "，", "|")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of one file are.

    Attributes:
        width: number of columns, the unread one included.
        pick: takes the cells of a record of that width and returns those of `READ`, in its order; a column that the
            file doesn't have gives an empty cell.
    """

    width: int
    pick: Callable[[Sequence[str]], tuple[str, ...]]


def layout_of(header: str, path: Path) -> Layout:
    """Find the columns in a header line, in any order.

    Raises:
        IntakeError: a column is unknown, missing or named twice. The message names it, its place and near matches.
    """
    names = _names(header, path)
    known = {column.value for column in Column}
    if not known.intersection(names):
        raise _no_header(names, path)
    for place, name in enumerate(names, start=1):
        if name not in known:
            raise _unknown(name, place, path)
        if names.index(name) != place - 1:
            first = names.index(name) + 1
            raise IntakeError(
                path,
                FileFault.HEADER,
                f"column {place} is {name} again, as column {first} is. Remove or rename one of them.",
                f"第{place}列与第{first}列重复：{name}。请删除或更名其中一列。",
            )
    missing = [column for column in REQUIRED if column not in names]
    if missing:
        listed = "、".join(missing)
        raise IntakeError(
            path,
            FileFault.HEADER,
            f"lacks the column {listed}, which every row needs. Add it to the export. Found: {','.join(names)}.",
            f"缺少必需的列：{listed}。请在导出时补上。现有列：{','.join(names)}。",
        )
    return Layout(len(names), _picker(names))


def _names(header: str, path: Path) -> list[str]:
    try:
        cells = next(csv.reader((header,), strict=True))
    except csv.Error as error:
        raise IntakeError(
            path,
            FileFault.HEADER,
            f"the quotes of the first line can't be read ({error}). The columns are: {Column.listed()}.",
            f"首行引号有误。列名应为：{Column.listed()}。",
        ) from error
    return [cell.strip() for cell in cells]


def _picker(names: list[str]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    if all(column in names for column in READ):
        return itemgetter(*(names.index(column) for column in READ))
    # A cell put behind the last one stands for every column that the file lacks.
    with_absent = itemgetter(*(names.index(column) if column in names else len(names) for column in READ))
    return lambda cells: with_absent([*cells, ""])


def _no_header(names: list[str], path: Path) -> IntakeError:
    # The names are not shown: without a header the first line is data, and its cells may name a person.
    separator = next((sign for sign in _OTHER_SEPARATORS if any(sign in name for name in names)), None)
    separated = f" Its cells seem to be separated by {separator!r}: save it with commas." if separator else ""
    separated_zh = f"其分隔符似为{separator!r}，请改用半角逗号。" if separator else ""
    return IntakeError(
        path,
        FileFault.HEADER,
        f"the first line names no known column.{separated} It must name the columns: {Column.listed()}.",
        f"首行没有可识别的列名。{separated_zh}首行应为：{Column.listed()}。",
    )


def _unknown(name: str, place: int, path: Path) -> IntakeError:
    shown = "".join(sign if sign.isprintable() else "?" for sign in name[:_SHOWN]) or "(no name)"
    near = get_close_matches(shown, list(Column), n=2, cutoff=0.5)
    meant = f" Is it meant to be {' or '.join(near)}?" if near else ""
    meant_zh = f"是否应为{'或'.join(near)}？" if near else ""
    return IntakeError(
        path,
        FileFault.HEADER,
        f"column {place} is unknown: {shown}.{meant} Rename or remove it; known are {Column.listed()}.",
        f"第{place}列无法识别：{shown}。{meant_zh}请更名或删除；可识别的列：{Column.listed()}。",
    )
