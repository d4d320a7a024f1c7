"""What every store has is the same, and a row that isn't is named; told again, nothing changes."""

import json
from pathlib import Path

import pytest

from demo.registry import write_registry
from tests.stack import Stack, running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

ENTITIES = 1200


def checked(stack: Stack, *arguments: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """Run `lianhe check`; return its status and the differences of each comparison that has some."""
    process = stack.lianhe("check", "--json", *arguments)
    out, error = process.communicate(timeout=120)
    assert process.returncode in {0, 1}, error
    assert out, error
    found = json.loads(out)
    return process.returncode, {one["name"]: one["differences"] for one in found["comparisons"] if one["differences"]}


async def test_a_row_altered_in_any_store_is_named(tmp_path: Path) -> None:
    write_registry(tmp_path / "register", entities=ENTITIES, seed=5)
    with running(tmp_path / "data") as stack:
        assert checked(stack) == (0, {}), "also where nothing was taken in yet"
        stack.run("import", str(tmp_path / "register"))
        assert checked(stack) == (0, {})
        entities = await stack.settled((await stack.counts()).registered)

        for service in ("registration", "ledgers"):
            told = json.loads(stack.run("republish", service, "--json"))
            assert told == {"service": service, "told": entities.registered}
        await stack.reached("ledgers", "inbox", 2 * entities.registered)
        assert await stack.settled(entities.registered) == entities, "told again, nothing changes"
        assert checked(stack) == (0, {})

        async with stack.database("registration") as registration:
            victim = await registration.fetchval("SELECT id FROM entity ORDER BY id OFFSET 700 LIMIT 1")
        for service, statement, named in (
            (
                "gateway",
                "UPDATE model_1.entity SET name = '改' WHERE entity_id = $1",
                "registration.entity = gateway.entity",
            ),
            (
                "gateway",
                "DELETE FROM model_1.entity_ledger WHERE entity_id = $1",
                "ledgers.entity = gateway.entity_ledger",
            ),
            (
                "ledgers",
                "UPDATE entity_history SET kind = 'OTHER' WHERE entity_id = $1",
                "ledgers.entity = ledgers.entity_history",
            ),
            (
                "registration",
                "UPDATE entity SET division_code = '500999000000' WHERE id = $1",
                "registration.entity = ledgers.entity",
            ),
        ):
            async with stack.database(service) as connection:
                await connection.execute(statement, victim)
            status, differences = checked(stack, "--wait", "0")
            assert status == 1
            assert [one["id"] for one in differences[named]] == [str(victim)]
        printed, _ = stack.lianhe("check", "--wait", "0").communicate(timeout=120)
        assert "division_code: 500999000000 in registration.entity" in printed
