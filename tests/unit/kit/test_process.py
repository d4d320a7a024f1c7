"""A process of which one part fails ends, whatever its other parts do."""

import subprocess
import sys
from typing import Final

import orjson

_PROGRAM: Final = """
import asyncio, sys
from kit import process
from kit.settings import ServiceSettings

class Fails:
    async def run(self, stop):
        await asyncio.sleep(0.1)
        raise RuntimeError("no retry can mend it")

class Ends:
    async def run(self, stop):
        await stop.wait()

class GoesOn:
    async def run(self, stop):
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                pass

process.END_SECONDS = 0.5
settings = ServiceSettings.model_construct(log_level="INFO")
process.run("tested", settings, [globals()[name]() for name in sys.argv[1:]])
"""


def _ended(*components: str) -> tuple[int, list[dict[str, object]]]:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *components], capture_output=True, text=True, timeout=60, check=False
    )
    lines = [orjson.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    return done.returncode, lines


def test_what_fails_ends_the_others() -> None:
    code, lines = _ended("Fails", "Ends")
    assert code == 1
    assert [line["event"] for line in lines] == ["started", "component failed"]


def test_one_that_does_not_end_is_ended_and_named() -> None:
    code, lines = _ended("Fails", "GoesOn")
    assert code == 1
    assert [line["event"] for line in lines] == ["started", "component failed", "not ended in time"]
    [tasks] = [line["tasks"] for line in lines if "tasks" in line]
    assert isinstance(tasks, list)
    assert any(str(task).startswith("GoesOn ") for task in tasks)
