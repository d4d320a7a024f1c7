"""Memory stays flat whatever the file."""

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.files.outcomes import Rejected, RowFault
from services.registration.intake.columns import Column
from services.registration.intake.outcomes import Accepted
from services.registration.intake.reader import read_file

MIB = 1 << 20
PEAK = """
import resource, sys
from pathlib import Path
from services.registration.intake.reader import read_file
rows = sum(1 for _ in read_file(Path(sys.argv[1])))
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("filler", [b"x", b",", b'"', b"\xff"])
def test_a_line_of_10_mb_is_never_held(tmp_path: Path, sound_line: Callable[[str], str], filler: bytes) -> None:
    path = tmp_path / "register.csv"
    sound = sound_line("甲").encode()
    path.write_bytes(b"\n".join((Column.listed().encode(), sound, filler * (10 * MIB), sound)))

    tracemalloc.start()
    try:
        before, over_long, after = read_file(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert isinstance(before, Accepted)
    assert isinstance(after, Accepted)
    assert isinstance(over_long, Rejected)
    assert (over_long.line, over_long.reason) == (3, RowFault.LINE_TOO_LONG)
    assert peak < 4 * MIB


@pytest.mark.parametrize("column", list(Column))
def test_long_cells_are_not_kept(tmp_path: Path, sound_cells: dict[Column, str], column: Column) -> None:
    path = tmp_path / "register.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(Column.listed() + "\n")
        for number in range(40):
            file.write(",".join((sound_cells | {column: f"{number:02}" + "9" * (MIB // 4)}).values()) + "\n")

    tracemalloc.start()
    try:
        read = sum(1 for _ in read_file(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert read == 40
    assert peak < 4 * MIB


@pytest.mark.slow
def test_a_file_of_200_mb_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    def peak_of(rows: int) -> tuple[int, int]:
        path = tmp_path / f"{rows}.csv"
        scope = "日用百货、文具用品零售，" * 12
        with path.open("w", encoding="utf-8") as file:
            file.write(Column.listed() + "\n")
            for number in range(rows):
                quoted = '"3,000(万)"' if number % 4 == 0 else f"{number}(万)"
                file.write(
                    f"甲公司{number},91500107MA5UF4UFXT,1999-01-01,N/A,N/A,{quoted},{scope},重庆,万州,路{number}号\n"
                )
        done = subprocess.run(
            [sys.executable, "-c", PEAK, str(path)], check=True, capture_output=True, text=True, cwd=Path.cwd()
        )
        read, kib = done.stdout.split()
        assert int(read) == rows
        return path.stat().st_size, int(kib)

    _, small = peak_of(20_000)
    size, large = peak_of(400_000)

    assert size > 200_000_000
    assert large - small < 8 * 1024
