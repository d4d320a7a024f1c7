"""The borders between parts, read from the imports; the contracts are in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def _lint(directory: Path) -> subprocess.CompletedProcess[str]:
    script = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([script, "--no-cache"], cwd=directory, capture_output=True, text=True, check=False)


def test_every_border_is_kept() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


def test_no_file_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    found = [path for path in _sources() if path.stem in drawers or path.parent.name in drawers]
    assert found == []


def test_files_stay_small() -> None:
    long = {str(path.relative_to(ROOT)): count for path in _sources() if (count := _lines(path)) > 400}
    assert long == {}


def test_a_broken_border_is_seen(tmp_path: Path) -> None:
    for package in ("contracts", "kit", "services", "gateway", "embedded", "cli", "demo"):
        (tmp_path / package).symlink_to(ROOT / package)
    (tmp_path / "services").unlink()
    (tmp_path / "services").mkdir()
    for path in (ROOT / "services").iterdir():
        if path.name != "ledgers":
            (tmp_path / "services" / path.name).symlink_to(path)
    (tmp_path / "services" / "ledgers").mkdir()
    for path in (ROOT / "services" / "ledgers").iterdir():
        if path.name != "consumers.py":
            (tmp_path / "services" / "ledgers" / path.name).symlink_to(path)
    consumers = (ROOT / "services" / "ledgers" / "consumers.py").read_text()
    (tmp_path / "services" / "ledgers" / "consumers.py").write_text(
        consumers + "\nfrom services.registration.tables import Entity\n"
    )
    (tmp_path / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    result = _lint(tmp_path)
    assert result.returncode == 1, result.stdout
    assert "services.ledgers is not allowed to import services.registration" in result.stdout.replace("\n", " ")


def _sources() -> list[Path]:
    folders = ("contracts", "kit", "services", "gateway", "embedded", "cli", "demo", "tests")
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
