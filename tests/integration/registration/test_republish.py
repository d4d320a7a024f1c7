"""Telling again: every aggregate of registration, as it is."""

from uuid import UUID

import pytest

from contracts.events.registration import EntityRegistered
from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from contracts.events.registration.markets import MarketRecorded, StallOccupied
from kit.outbox import Told
from services.registration.handlers.republish import sources
from tests.integration.registration.desk import HOUSEHOLD, TOWNSHIP, Desk

pytestmark = pytest.mark.servers

MODELS = (EntityRegistered, FormMoved, CommitmentMoved, ApplicationMoved, MarketRecorded, StallOccupied)


async def test_everything_is_told_again_as_it_is(front: Desk) -> None:
    entity = await front.registers()
    holder = await front.registers(HOUSEHOLD)
    place = {"name": "市场", "operatorEntityId": str(entity), "divisionCode": TOWNSHIP}
    market = await front.made("/markets", place)
    await front.made("/stalls", {"marketId": str(market), "entityId": str(holder), "number": "1"})
    promise = {"entityId": str(entity), "kind": "PUBLIC", "promisedUntil": "2024-03-15"}
    await front.made("/commitments", promise)
    papers = {"name": "店", "applicant": {"name": "王小明", "telephone": "13800138000"}}
    await front.made("/applications", {"papers": papers, "divisionCode": TOWNSHIP})
    newest: dict[tuple[str, str], bytes] = {
        (row["topic"], row["key"]): row["payload"] for row in await front.rows("SELECT * FROM outbox ORDER BY id")
    }
    assert {topic for topic, _ in newest} == {model.topic for model in MODELS}

    again: dict[tuple[str, str], bytes] = {}
    for source in sources(front.clock):
        last = UUID(int=0)
        async with front.database.transaction() as transaction:
            expected = await source.count(transaction.connection)
            told: list[Told] = []
            while True:
                page, last = await source.page(transaction.connection, last, 1)
                if not page:
                    break
                told += page
        assert len(told) == expected
        again |= {
            (one.event.topic, one.event.key): one.event.model_dump_json(exclude_none=True).encode() for one in told
        }
    assert again == newest
