"""The commands that the documents show are run, as they stand there."""

import re
import shlex
from pathlib import Path

import pytest

from demo.registry import write_registry
from services.ledgers.intake.columns import ORGANISATIONS
from services.ledgers.intake.template import write_template
from tests.stack import Stack

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

ROOT = Path(__file__).parent.parent.parent


def _console(document: str) -> list[list[str]]:
    text = (ROOT / document).read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return [shlex.split(line.partition("#")[0]) for line in lines if line.strip()]


def test_the_readme_names_targets_that_make_knows() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    shown = [command[1] for command in _console("README.md") if command[0] == "make"]

    assert shown == ["demo", "test"]
    assert set(shown) <= set(targets)


def test_the_commands_of_the_readme_work_in_their_order(tmp_path: Path) -> None:
    register = tmp_path / "register"
    register.mkdir()
    write_registry(register, entities=50, seed=3)
    district = tmp_path / "district.csv"
    district.write_text("代码,名称\n500111,X区\n500111101,龙水镇\n", encoding="utf-8")
    workbook = tmp_path / "organisations.xlsx"
    write_template(ORGANISATIONS, workbook, force=False)
    stack = Stack(tmp_path / "data", {"LIANHE_DATA": str(tmp_path / "data")})
    shown = [command[1:] for command in _console("README.md") if command[0] == ".venv/bin/lianhe"]
    assert [command[0] for command in shown] == [
        "up",
        "import",
        "import",
        "divisions",
        "import-organisations",
        "status",
        "logs",
        "topics",
        "check",
        "republish",
        "down",
    ]

    try:
        for command in shown:
            places = {"FILES…": str(register), "FILE": str(district), "FILE.xlsx": str(workbook)}
            arguments = [places.get(one, one) for one in command]
            if command[0].startswith("import"):
                arguments += ["--rejects", str(tmp_path / "rejects.csv")]
            stack.run(*arguments)
    finally:
        stack.lianhe("down", "--wipe", "--yes").communicate(timeout=120)


def test_documents_link_to_what_is_there() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {link}"
        for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
        if "://" not in link and not (document.parent / link).exists()
    ]

    assert broken == []
