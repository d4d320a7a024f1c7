"""The column map: which of a file's columns is which of ours, where the file names them otherwise."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from kit.files.columns import ColumnSet
from kit.files.errors import FileFault, IntakeError, unreadable

IGNORE: Final = "ignore"
"""The key under which a map lists the file's columns that are read past."""

_MAX_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What a file's columns are called.

    Attributes:
        of: the columns that files of its kind have.
        names: of our columns, what the file calls them; the others have their own names.
        ignored: columns of the file that are read past.
    """

    of: ColumnSet
    names: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    _columns: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        own = {column: column for column in self.of.names}
        object.__setattr__(self, "_columns", own | {name: column for column, name in self.names.items()})

    def column_of(self, name: str) -> str | None:
        """Return our column that a file's column is, or None where it is unknown; ask `ignored` before."""
        return self._columns.get(name)

    @property
    def known(self) -> frozenset[str]:
        """The names that a header may have."""
        return frozenset(self._columns) - self.ignored

    def fingerprint(self) -> str | None:
        """Return what tells this map from others, or None where it changes nothing; the order in a file is no part."""
        renamed = sorted((str(column), name) for column, name in self.names.items() if column != name)
        if not renamed and not self.ignored:
            return None
        canonical = json.dumps([renamed, sorted(self.ignored)], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def read_column_map(path: Path, of: ColumnSet) -> ColumnMap:
    """Read a map from TOML: `"统一社会信用代码" = "信用代码"` says that the file calls the code 信用代码.

    `ignore = ["备注"]` lists columns of the file that are read past.

    Args:
        path: the map.
        of: the columns that files of its kind have.

    Raises:
        IntakeError: it can't be read, isn't TOML, names a column that isn't ours, maps two of ours to one of the
            file's, or ignores what it maps.
    """
    table = _table(path)
    ignored = _ignored(table.pop(IGNORE, []), path)
    names: dict[str, str] = {}
    for key, value in table.items():
        column = _own(key, path, of)
        if not isinstance(value, str) or not value.strip():
            raise _refused(
                path,
                f"{key} must be one column of the file, in quotes, as in “{key}” = “…”.",
                f"{key} 的值须为文件中的一个列名，用引号括起。",
            )
        name = value.strip()
        other = next((one for one, taken in names.items() if taken == name), None)
        if other is not None:
            raise _refused(
                path,
                f"{other} and {column} are both mapped to {_shown(name)}. Keep one of them.",
                f"{other}与{column}都对应到同一列：{_shown(name)}。请只保留一个。",
            )
        names[column] = name
    both = sorted(ignored.intersection(names.values()))
    if both:
        raise _refused(
            path,
            f"{_shown(both[0])} is mapped and stands under {IGNORE} too. Remove it from one of them.",
            f"{_shown(both[0])}既被对应又列在{IGNORE}中。请删除其一。",
        )
    return ColumnMap(of, names, ignored)


def _table(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(raw) > _MAX_BYTES:
        raise _refused(
            path,
            f"is longer than {_MAX_BYTES:,} bytes, so it is no column map. Give the map, and the data as PATH.",
            f"超过{_MAX_BYTES:,}字节，不是列映射文件。请用--columns给出映射文件，数据文件作为参数。",
        )
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _refused(path, "is not UTF-8. Save it as UTF-8.", "编码不是UTF-8。请另存为UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        raise _refused(
            path,
            f"is no TOML: {error}. Chinese names stand in quotes on both sides, as in “注册地址” = “住所”.",
            f"不是有效的TOML：{error}。等号两侧的中文名都须用半角双引号括起。",
        ) from error


def _ignored(value: object, path: Path) -> frozenset[str]:
    names = [one.strip() for one in value if isinstance(one, str)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(names) != len(value) or not all(names):
        raise _refused(
            path,
            f"{IGNORE} must be a list of column names, as in {IGNORE} = [“备注”].",
            f"{IGNORE} 须为列名的列表，例如 {IGNORE} = [“备注”]，引号用半角。",
        )
    return frozenset(names)


def _own(key: str, path: Path, of: ColumnSet) -> str:
    if key in of.names:
        return key
    near = get_close_matches(key, of.names, n=2, cutoff=0.5)
    meant = f" Is it meant to be {' or '.join(near)}?" if near else ""
    meant_zh = f"是否应为{'或'.join(near)}？" if near else ""
    raise _refused(
        path,
        f"{_shown(key)} is none of our columns, which stand left of the “=”.{meant} Known are {of.listed()}.",
        f"等号左侧的列名无法识别：{_shown(key)}。{meant_zh}可识别的列：{of.listed()}。",
    )


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name[:40])


def _refused(path: Path, message_en: str, message_zh: str) -> IntakeError:
    return IntakeError(path, FileFault.COLUMN_MAP, message_en, message_zh)
