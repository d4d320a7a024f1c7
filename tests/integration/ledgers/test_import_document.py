"""The commands that docs/import.md shows for organisations and members are given as they stand there."""

import re
import shlex
from pathlib import Path

import orjson
import pytest

from services.ledgers.intake.columns import MEMBERS, ORGANISATIONS, FileKind
from tests.integration.ledgers.desk import DISTRICT, Desk
from tests.integration.ledgers.files import Counter

pytestmark = pytest.mark.servers

DOCUMENT = Path(__file__).parents[3] / "docs" / "import.md"


def part() -> str:
    return DOCUMENT.read_text(encoding="utf-8").partition("\n# Importing organisations and members")[2]


async def test_the_commands_run_as_they_stand(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    district = {"divisions": [{"divisionCode": DISTRICT, "name": "X区"}]}
    assert (await desk.send("POST", "/divisions/batch", district)).status_code == 200
    (block,) = re.findall(r"```console\n(.*?)```", part(), re.DOTALL)
    commands = [shlex.split(line.partition("#")[0])[1:] for line in block.splitlines()]
    counter = Counter(tmp_path, desk.url)

    results = [
        await counter.run(*command, *(("--json",) if command[0].startswith("import") else ())) for command in commands
    ]

    assert [command[0] for command in commands] == ["template"] * 2 + ["import-organisations"] * 2 + ["import-members"]
    assert [result.exit_code for result in results] == [0] * 5, [result.stderr for result in results]
    nothing = {"read": 0, "new": 0, "changed": 0, "unchanged": 0, "rejected": 0}
    assert [orjson.loads(result.stdout) for result in results[2:]] == [nothing] * 3, "the examples alone"
    assert (tmp_path / "members-rejected.csv").exists()


@pytest.mark.parametrize("kind", [ORGANISATIONS, MEMBERS], ids=lambda kind: kind.name)
def test_every_column_is_told(kind: FileKind) -> None:
    assert [one.column for one in kind.columns if one.column not in part() or f"`{one.key}`" not in part()] == []
