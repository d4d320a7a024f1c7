"""Three brokers and two replicas of everything: what dies in the middle of an import is made up for by the others."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from tests.chaos.imported import check, finish
from tests.stack import Register, Stack, running

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(500)]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """Three brokers, two replicas."""
    with running(tmp_path / "data", options=("--brokers", "3", "--replicas", "2")) as stack:
        yield stack


async def test_a_broker_and_replicas_are_killed_and_others_take_over(stack: Stack, register: Register) -> None:
    topics = await _topics(stack)
    assert {len(partition["replicas"]) for partition in topics["ledgers-entity"]} == {3}

    importer = stack.lianhe("import", str(register.directory), "--json")
    await stack.reached("ledgers", "entity", 500)
    stack.kill("kafka-2")
    await stack.reached("ledgers", "entity", 2000)
    pid = stack.pid("ledgers-2")
    stack.kill("ledgers-2", signal.SIGSTOP)
    for victim in ("ledgers-relay", "gateway", "registration"):
        stack.kill(victim)

    result = finish(importer)

    assert result["new"] == register.answers.accepted
    stack.kill("ledgers-2", signal.SIGCONT)
    await check(stack, register)
    assert stack.pid("ledgers-2") == pid, "it was in the way of nobody, and goes on"
    assert len((await _topics(stack))["ledgers-entity"][0]["isr"]) == 3, "the broker that died has caught up"


async def _topics(stack: Stack) -> dict[str, list[dict[str, list[int]]]]:
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.environment["KAFKA_BOOTSTRAP_SERVERS"])
    await admin.start()
    try:
        described = await admin.describe_topics(["ledgers-entity"])
    finally:
        await admin.close()
    return {one["topic"]: one["partitions"] for one in described}
