"""A copy of the contracts that a test may change, and the commands run in it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workshop:
    """A checkout with nothing in it but the contracts and their pages."""

    root: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `python …` in it."""
        environment = os.environ | {"PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def change(self, file: str, old: str, new: str) -> None:
        """Replace a text that is there exactly once."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has {text.count(old)} times {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def files(self) -> dict[Path, bytes]:
        """Every file of it."""
        return {path: path.read_bytes() for path in self.root.rglob("*") if path.is_file()}
