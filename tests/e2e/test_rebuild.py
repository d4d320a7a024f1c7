"""`lianhe rebuild` on a whole stack: everything is the same before and after, and what changes later is seen."""

import json
from pathlib import Path

import pytest

from demo.registry import write_registry
from tests.stack import Stack, running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(500)]

ENTITIES = 1200
LATER = 300


async def _total(stack: Stack) -> object:
    data = await stack.graph("{ entities { totalCount } }")
    assert isinstance(data["entities"], dict)
    return data["entities"]["totalCount"]


def _differences(stack: Stack) -> object:
    return json.loads(stack.run("check", "--json", "--wait", "60"))["differences"]


async def test_rebuilt_it_is_the_same_and_goes_on(tmp_path: Path) -> None:
    first = write_registry(tmp_path / "register", entities=ENTITIES, seed=5)
    later = write_registry(tmp_path / "later", entities=LATER, seed=6)
    with running(tmp_path / "data") as stack:
        stack.run("import", str(tmp_path / "register"))
        entities = (await stack.settled(first.accepted)).registered
        assert _differences(stack) == 0

        built = json.loads(stack.run("rebuild", "--json"))
        assert (built["before"], built["build"], built["takenOver"]) == ("model_1", "model_2", True)
        assert built["rows"]["entity"] == built["rows"]["entity_ledger"] == {"before": entities, "build": entities}
        assert [table for table, counts in built["rows"].items() if counts["before"] != counts["build"]] == []
        assert await _total(stack) == entities
        assert _differences(stack) == 0

        stack.run("import", str(tmp_path / "later"))
        assert _differences(stack) == 0
        assert await _total(stack) == first.accepted + later.accepted
        assert all(process.ready for process in stack.state().processes)

        again = json.loads(stack.run("rebuild", "--json"))
        assert (again["before"], again["build"]) == ("model_2", "model_3")
        assert _differences(stack) == 0
        async with stack.database("gateway") as gateway:
            assert await gateway.fetchval("SELECT to_regnamespace('model_1')") is None
            await gateway.execute("ALTER TABLE model_3.entity DROP COLUMN address")
        process = stack.lianhe("check")
        _, error = process.communicate(timeout=120)
        assert process.returncode == 1
        assert "lacks: entity.address" in error
        assert "lianhe rebuild" in error
