"""A consumer that is cancelled ends, at whichever moment: what it waited for may come in the same one."""

import asyncio
from typing import Any

import pytest
from aiokafka import TopicPartition

from tests.conftest import Eventually
from tests.integration.kit.tally import Place, Replica

pytestmark = pytest.mark.servers


async def test_a_cancellation_that_comes_with_a_position_is_not_lost(place: Place, eventually: Eventually) -> None:
    replica = Replica(place)
    running = asyncio.create_task(replica.subscription.run(asyncio.Event()))

    async def is_ready() -> bool:
        return replica.progress.ready

    await eventually(is_ready)
    kafka = replica.subscription._kafka
    position = kafka.position

    async def and_cancels(of: TopicPartition) -> Any:
        running.cancel()
        return await position(of)

    kafka.position = and_cancels
    done, _ = await asyncio.wait([running], timeout=30)
    assert done == {running}
    assert running.cancelled()
