"""kill -9 in the middle of an import, at every place: the counts are the same, and nothing happened twice."""

import signal

import pytest

from tests.chaos.imported import check, finish
from tests.stack import Register, Stack

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

MIDDLE = 4000


async def test_the_importer_is_killed_and_goes_on(stack: Stack, register: Register) -> None:
    importer = stack.lianhe("import", str(register.directory), "--json")
    await stack.reached("registration", "entity", MIDDLE)
    importer.send_signal(signal.SIGKILL)
    importer.communicate(timeout=30)
    done = (await stack.counts()).registered
    assert MIDDLE <= done < register.answers.accepted

    result = finish(stack.lianhe("import", str(register.directory), "--json"))

    assert result["read"] == register.answers.read
    assert result["rejected"] == register.answers.rejected
    assert result["new"] + result["unchanged"] == register.answers.accepted
    assert result["changed"] == 0
    await check(stack, register)


async def test_everything_is_killed_in_turn(stack: Stack, register: Register) -> None:
    importer = stack.lianhe("import", str(register.directory), "--json")
    for rows, victim in enumerate(("ledgers", "registration-relay", "gateway", "ledgers-relay", "registration"), 1):
        await stack.reached("ledgers", "entity", rows * 500)
        stack.kill(victim)
    stack.kill("kafka")
    stack.kill("postgres", signal.SIGQUIT)

    result = finish(importer)

    assert result["new"] == register.answers.accepted
    await check(stack, register)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("victim", "number"),
    [
        ("registration", signal.SIGKILL),
        ("registration-relay", signal.SIGKILL),
        ("ledgers", signal.SIGKILL),
        ("ledgers-relay", signal.SIGKILL),
        ("gateway", signal.SIGKILL),
        ("kafka", signal.SIGKILL),
        ("postgres", signal.SIGKILL),
        ("postgres", signal.SIGQUIT),  # what `pg_ctl restart -m immediate` sends
    ],
)
async def test_a_process_is_killed(stack: Stack, register: Register, victim: str, number: signal.Signals) -> None:
    importer = stack.lianhe("import", str(register.directory), "--json")
    await stack.reached("ledgers", "entity", 1000)
    stack.kill(victim, number)

    result = finish(importer)

    assert result["new"] == register.answers.accepted
    await check(stack, register)
