"""Rows of a register that can't be taken in, one for each reason: what `lianhe import` writes to its rejects file."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from demo.district.codes import made_up_uscc
from demo.loading.figures import Figure
from kit.clock import SystemClock
from kit.database import Database
from kit.files.json_lines import SAMPLE_LINES
from kit.files.lines import MAX_LINE_BYTES
from kit.files.outcomes import Counts, Rejected, RowFault
from kit.files.records import MAX_RECORD_LINES
from kit.files.rejects import RejectsFile, rejects_file
from services.registration.handlers.import_files import Importer
from services.registration.imported_files import FileState
from services.registration.intake.column_map import AS_NAMED
from services.registration.intake.columns import REGISTER, Column
from services.registration.intake.outcomes import Accepted, RejectReason

REJECTS: Final = "rejects.csv"
DIRECTORY: Final = "demo-rejects"
"""Where the files and the rejects file stand, below the data directory of what was started for the demo."""

_CODE: Final = made_up_uscc("92", "J", 0, 0)
_WRONG: Final = _CODE[:-1] + ("1" if _CODE[-1] != "1" else "2")
_CELLS: Final = len(Column)


def _row(name: str, uscc: str) -> str:
    return ",".join([name, uscc, *["N/A"] * (_CELLS - 2)])


_ROWS: Final = (
    _row("", _CODE),
    _row("锟斤拷锟斤拷", _CODE),
    _row("名" * 600, _CODE),
    _row("无代码的店（演示）", ""),
    _row("代码成数字的店（演示）", "9.25E+17"),
    _row("代码过短的店（演示）", _CODE[:-1]),
    _row("代码含空格的店（演示）", _CODE[:-2] + "?" + _CODE[-1]),
    _row("校验位错误的店（演示）", _WRONG),
    f"缺少单元格的店（演示）,{_CODE}",
    _row('"引号外有字"的店（演示）', _CODE),
    _row('"引号未闭合的店（演示）', _CODE),
    *["N/A"] * MAX_RECORD_LINES,
)
"""Of a CSV file. The last quote is closed nowhere."""
_LINES: Final = (
    *['{"name": "无代码的店（演示）"}'] * SAMPLE_LINES,  # an unknown key further up refuses the file
    '{"name": "未知列的店（演示）", "phone": ""}',
    '{"name": "x", "企业名称": "y"}',
    '{"name": ["x"]}',
    '{"name": "\\ud800"}',
    '{"name": ',
    json.dumps({"name": "x" * MAX_LINE_BYTES}),
)
"""Of a file of JSON lines."""


class _Heard:
    """Counts the reasons, and writes the rejects file."""

    def __init__(self, file: RejectsFile) -> None:
        self.reasons: Counter[str] = Counter()
        self.taken_in = 0
        self._file = file

    def file_begun(self, path: Path, state: FileState) -> None:
        """Nothing is shown of it."""

    def rejected(self, path: Path, rejected: Rejected) -> None:
        """Count it, and write it down."""
        self.reasons[rejected.reason] += 1
        self._file.add(path, rejected)

    def noticed(self, _path: Path, _accepted: Accepted) -> None:
        """None is accepted."""

    def moved(self, _path: Path, _offset: int, counts: Counts) -> None:
        """Note what was taken in, which is to be nothing."""
        self.taken_in = max(self.taken_in, counts.taken_in)

    def waiting(self, _reason: str) -> None:
        """Nothing is shown of it."""


async def reject_each(registration: str, directory: Path) -> Sequence[Figure]:
    """Import rows that can't be taken in; return a figure for the reasons that none of them was rejected for.

    Args:
        registration: address of registration's database, as `lianhe import` uses it.
        directory: where the files are written.

    Raises:
        IntakeError: a file can't be read or written.
    """
    files = _written(directory)
    database = Database(registration, application_name="demo", pool_size=2)
    try:
        with rejects_file(directory / REJECTS, REGISTER) as file:
            heard = _Heard(file)
            importer = Importer(database, SystemClock(), trace_sample_ratio=0, watcher=heard, columns=AS_NAMED)
            for path in files:
                await importer.take_in(path)
    finally:
        await database.close()
    missing = [one.value for one in (*RowFault, *RejectReason) if one not in heard.reasons]
    named = f": {', '.join(missing)}" if missing else ""
    return [
        Figure(f"reasons of rejects not shown 未出现的拒收原因{named}", 0, len(missing)),
        Figure("bad rows taken in all the same 误收的异常行", 0, heard.taken_in),
    ]


def _written(directory: Path) -> Sequence[Path]:
    directory.mkdir(parents=True, exist_ok=True)
    files = (directory / "register.csv", directory / "register.jsonl")
    for path, lines in zip(files, ((",".join(Column), *_ROWS), _LINES), strict=True):
        path.write_text("\n".join((*lines, "")), encoding="utf-8")
    return files
