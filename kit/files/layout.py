"""Where a header puts the columns of a file."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from operator import itemgetter
from pathlib import Path
from typing import Final

from kit.files.column_map import IGNORE, ColumnMap
from kit.files.errors import FileFault, IntakeError

_SHOWN: Final = 40
_OTHER_SEPARATORS: Final = ("\t", ";", "，", "|")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of one file are.

    Attributes:
        width: number of columns, the unread ones included.
        pick: takes the cells of a record of that width and returns those that are read, in their order; a column that
            the file doesn't have gives an empty cell.
    """

    width: int
    pick: Callable[[Sequence[str]], tuple[str, ...]]


def csv_names(header: str, path: Path, columns: ColumnMap) -> list[str]:
    """Return the column names of the first line of a CSV file.

    Raises:
        IntakeError: its quotes can't be read.
    """
    try:
        cells = next(csv.reader((header,), strict=True))
    except csv.Error as error:
        raise IntakeError(
            path,
            FileFault.HEADER,
            f"the quotes of the first line can't be read ({error}). The columns are: {columns.of.listed()}.",
            f"首行引号有误。列名应为：{columns.of.listed()}。",
        ) from error
    return [cell.strip() for cell in cells]


def layout_of(names: Sequence[str], path: Path, columns: ColumnMap, *, nameless: bool = False) -> Layout:
    """Find the columns in a header, in any order.

    Args:
        names: of the columns, without blanks around them.
        path: the file, for the message.
        columns: what the file calls our columns.
        nameless: columns without a name may stand among the others and are read past.

    Raises:
        IntakeError: a column is unknown, missing or named twice. The message names it, its place and near matches.
    """
    if not columns.known.intersection(names):
        raise _no_header(names, path, columns)
    _check_mapped(names, path, columns)
    found: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in columns.ignored or (nameless and not name):
            continue
        column = columns.column_of(name)
        if column is None:
            raise _unknown(name, index + 1, path, columns)
        if column in found:
            raise _again(names, found[column], index, path)
        found[column] = index
    missing = [column for column in columns.of.required if column not in found]
    if missing:
        listed, present = "、".join(missing), ",".join(name for name in names if name)
        raise IntakeError(
            path,
            FileFault.HEADER,
            f"lacks the column {listed}, which every row needs. Add it to the export, or say with --columns which "
            f"column it is. Found: {present}.",
            f"缺少必需的列：{listed}。请在导出时补上，或用--columns指明对应的列。现有列：{present}。",
        )
    return Layout(len(names), _picker(found, len(names), columns.of.read))


def unknown_column(name: str, meant_for: Sequence[str], listed: str) -> tuple[str, str]:
    """Return what to say of a name that is no column's, in English and Chinese."""
    shown = shown_name(name)
    meant = f" Is it meant to be {' or '.join(meant_for)}?" if meant_for else ""
    meant_zh = f"是否应为{'或'.join(meant_for)}？" if meant_for else ""
    return (
        f"is unknown: {shown}.{meant} Rename it, or map or ignore it with --columns; known are {listed}.",
        f"无法识别：{shown}。{meant_zh}请更名，或用--columns对应或忽略；可识别的列：{listed}。",
    )


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that a name may be meant for."""
    return get_close_matches(name[:_SHOWN], list(known), n=2, cutoff=0.5)


def shown_name(name: str) -> str:
    """Return a column's name as a message may show it: short, and without what moves a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:_SHOWN]) or "(no name)"


def _picker(found: dict[str, int], width: int, read: Sequence[str]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    if all(column in found for column in read):
        return itemgetter(*(found[column] for column in read))
    # A cell put behind the last one stands for every column that the file lacks.
    with_absent = itemgetter(*(found.get(column, width) for column in read))
    return lambda cells: with_absent([*cells, ""])


def _check_mapped(names: Sequence[str], path: Path, columns: ColumnMap) -> None:
    for column, name in columns.names.items():
        if name not in names:
            like = [shown_name(one) for one in near(name, filter(None, names))]
            meant = f" Is it meant to be {' or '.join(like)}?" if like else ""
            meant_zh = f"是否应为{'或'.join(like)}？" if like else ""
            present = ",".join(shown_name(one) for one in names if one)
            raise IntakeError(
                path,
                FileFault.COLUMN_MAP,
                f"has no column {shown_name(name)}, which the column map takes for {column}.{meant} "
                f"Correct the map. Found: {present}.",
                f"没有列映射中对应{column}的列：{shown_name(name)}。{meant_zh}请更正列映射。现有列：{present}。",
            )


def _again(names: Sequence[str], first: int, second: int, path: Path) -> IntakeError:
    one, other = shown_name(names[first]), shown_name(names[second])
    if names[first] == names[second]:
        return IntakeError(
            path,
            FileFault.HEADER,
            f"column {second + 1} is {other} again, as column {first + 1} is. Remove or rename one of them.",
            f"第{second + 1}列与第{first + 1}列重复：{other}。请删除或更名其中一列。",
        )
    return IntakeError(
        path,
        FileFault.HEADER,
        f"columns {first + 1} ({one}) and {second + 1} ({other}) are the same column by the column map. "
        f"List the one that isn't meant under {IGNORE} in the map.",
        f"按列映射，第{first + 1}列（{one}）与第{second + 1}列（{other}）是同一列。请把不用的一列写入映射的{IGNORE}。",
    )


def _no_header(names: Sequence[str], path: Path, columns: ColumnMap) -> IntakeError:
    # The names are not shown: without a header the first line is data, and its cells may name a person.
    separator = next((sign for sign in _OTHER_SEPARATORS if any(sign in name for name in names)), None)
    separated = f" Its cells seem to be separated by {separator!r}: save it with commas." if separator else ""
    separated_zh = f"其分隔符似为{separator!r}，请改用半角逗号。" if separator else ""
    return IntakeError(
        path,
        FileFault.HEADER,
        f"the first line names no known column.{separated} It must name the columns: "
        f"{columns.of.listed()}. "
        f"A file whose columns have other names is imported with --columns.",
        f"首行没有可识别的列名。{separated_zh}首行应为：{columns.of.listed()}。列名不同的文件请用--columns指明对应关系。",
    )


def _unknown(name: str, place: int, path: Path, columns: ColumnMap) -> IntakeError:
    message_en, message_zh = unknown_column(name, near(name, columns.of.names), columns.of.listed())
    return IntakeError(path, FileFault.HEADER, f"column {place} {message_en}", f"第{place}列{message_zh}")
