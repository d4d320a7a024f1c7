"""What is promised of the demo with a register."""

import re
from pathlib import Path

import pytest

from cli.demo_registry import REAL
from tests.stack import Stack

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]


def test_the_registry_shows_the_same_entities_everywhere_and_stops(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "data")

    printed = stack.run("demo", "--registry", "--once")

    numbers = {line.split(" ")[0]: re.findall(r"[0-9][0-9,]*", line) for line in printed.splitlines() if line}
    read, taken_in, new, rejected = numbers["import"]
    assert taken_in == new == "17,945"
    assert numbers["counted"] == ["17,945"] * 3
    assert numbers["again"] == ["0", "0", "17,945"]
    if REAL.is_dir():
        assert (read, rejected) == ("17,974", "29")
    assert '"totalCount": 17945' in printed
    assert "curl -s http://127.0.0.1:" in printed
    status = stack.lianhe("status")
    assert status.wait(timeout=60) == 3
