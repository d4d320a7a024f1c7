from collections.abc import Callable
from pathlib import Path

import pytest

from kit.files.outcomes import Rejected
from services.registration.intake.columns import Column
from services.registration.intake.outcomes import Accepted
from services.registration.intake.reader import read_file

REGISTRY = Path(__file__).parents[3].parent / "shared" / "data" / "registry"

SOUND = {
    Column.NAME: "重庆市鑫和化工实业有限公司",
    Column.USCC: "915001012079647987",
    Column.REGISTERED_ON: "1999-01-01",
    Column.LEGAL_FORM: "有限责任公司",
    Column.LEGAL_REPRESENTATIVE: "N/A",
    Column.CAPITAL: "100(万)",
    Column.BUSINESS_SCOPE: "批发兼零售预包装食品",
    Column.PROVINCE: "重庆",
    Column.DISTRICT: "万州",
    Column.ADDRESS: "重庆市万州区王牌路291号",
}

WriteFile = Callable[..., Path]
ReadRow = Callable[[dict[Column, str]], Accepted | Rejected]


@pytest.fixture
def registry() -> Path:
    """The real registers, which are no part of the repository."""
    if not REGISTRY.is_dir():
        pytest.skip(f"the real registers are not on this machine: {REGISTRY}")
    return REGISTRY


@pytest.fixture
def write_file(tmp_path: Path) -> WriteFile:
    """Writes a file of the usual header and the given lines; returns its path."""

    def write(*lines: str, encoding: str = "utf-8", end: str = "\n", name: str = "register.csv") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(line + end for line in (Column.listed(), *lines)).encode(encoding))
        return path

    return write


@pytest.fixture
def read_row(write_file: WriteFile) -> ReadRow:
    """Reads one row that is sound but for the given cells, which stand in quotes."""

    def read(cells: dict[Column, str]) -> Accepted | Rejected:
        quoted = ['"' + (SOUND | cells)[column].replace('"', '""') + '"' for column in Column]
        (outcome,) = read_file(write_file(",".join(quoted)))
        return outcome

    return read


@pytest.fixture
def sound_cells() -> dict[Column, str]:
    """The cells of a row that can be taken in."""
    return SOUND


@pytest.fixture
def sound_line() -> Callable[[str], str]:
    """Makes a line that can be taken in, of the given name."""

    def line(name: str) -> str:
        return ",".join((SOUND | {Column.NAME: name}).values())

    return line
