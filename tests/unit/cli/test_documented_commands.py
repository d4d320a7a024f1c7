"""Every command and module that a document names is there, with the options it is shown with."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

from tests.command_line import accepts

ROOT: Final = Path(__file__).parents[3]
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("demo/*.md")])
_LINE: Final = re.compile(r"(?:^|[`/(]|--rm )lianhe ((?:[a-z][a-z-]*)(?: [^`#|\n;&)]*)?)", re.MULTILINE)
_MODULE: Final = re.compile(r"python -m ([a-z_.]+)")
_TARGET: Final = re.compile(r"(?:^\s*|`)make ([a-z][a-z0-9-]*)", re.MULTILINE)


def _shown(text: str) -> list[str]:
    """Return what stands behind `lianhe` where a command is meant: in code, and not in a sentence."""
    blocks = re.findall(r"```(?:console|sh|bash)\n(.*?)```", text, re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [found for part in [*blocks, *spans] for found in _LINE.findall(part)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_shows_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    code = "\n".join(re.findall(r"`[^`]+`|^    \S.*$|```.*?```", text, re.MULTILINE | re.DOTALL))
    assert [line for line in _shown(text) if not accepts(line.split())] == []
    assert [module for module in _MODULE.findall(code) if find_spec(module) is None] == []
    assert [target for target in _TARGET.findall(code) if target not in targets] == []


@pytest.mark.parametrize("line", ["restart gateway", "dead-letters mend", "check --harder"])
def test_a_command_that_is_not_there_would_be_found(line: str) -> None:
    assert _shown(f"Give `lianhe {line}` then.") == [line]
    assert not accepts(line.split())
