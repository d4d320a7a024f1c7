"""Telling again, and checking: every aggregate of registration, as it is."""

from uuid import UUID

import asyncpg
import pytest

from cli.comparison import compare
from cli.stores import comparisons
from contracts.events.registration import EntityChanged, EntityRegistered
from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from contracts.events.registration.markets import MarketRecorded, StallOccupied
from gateway.projection.consumers import SCHEMA
from kit.outbox import Told
from services.registration.handlers.republish import sources
from tests.conftest import MakeDatabase
from tests.integration.gateway.hearing import Projection
from tests.integration.registration.desk import ANSWERS, HOUSEHOLD, TOWNSHIP, Desk

pytestmark = pytest.mark.servers

MODELS = (EntityRegistered, FormMoved, CommitmentMoved, ApplicationMoved, MarketRecorded, StallOccupied)


async def everything(front: Desk) -> None:
    """Let there be something of each kind."""
    entity = await front.registers(partyBuilding=ANSWERS)
    holder = await front.registers(HOUSEHOLD)
    place = {"name": "市场", "operatorEntityId": str(entity), "divisionCode": TOWNSHIP}
    market = await front.made("/markets", place)
    await front.made("/stalls", {"marketId": str(market), "entityId": str(holder), "number": "1"})
    promise = {"entityId": str(entity), "kind": "PUBLIC", "promisedUntil": "2024-03-15"}
    await front.made("/commitments", promise)
    papers = {"name": "店", "applicant": {"name": "王小明", "telephone": "13800138000"}}
    await front.made("/applications", {"papers": papers, "divisionCode": TOWNSHIP})


async def test_everything_is_told_again_as_it_is(front: Desk) -> None:
    await everything(front)
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


async def test_a_check_holds_everything_against_the_read_model(front: Desk, make_database: MakeDatabase) -> None:
    await everything(front)
    url = await make_database("gateway")
    projection = Projection(url)
    try:
        await projection.hears(*await front.told(*MODELS, EntityChanged))
        assert await differences(front.url, url) == {}
        for table, column, value in (
            ("market", "name", "'改'"),
            ("stall", "until", "'2024-03-01'"),
            ("party_building_form", "employees", "13"),
            ("credit_commitment", "promised_until", "'2024-04-01'"),
            ("household_application", "state", "'ACCEPTED'"),
        ):
            await projection.rows(f"UPDATE {SCHEMA}.{table} SET {column} = {value}")  # noqa: S608 - names of this test
        assert await differences(front.url, url) == {
            "registration.market = gateway.market": 1,
            "registration.stall = gateway.stall": 1,
            "registration.process registration-form = gateway.party_building_form": 2,
            "registration.process registration-commitment = gateway.credit_commitment": 1,
            "registration.process registration-application = gateway.household_application": 1,
        }
    finally:
        await projection.close()


async def differences(registration: str, gateway: str) -> dict[str, int]:
    """Return how many rows of registration are not the same in the read model, by comparison."""
    held = [
        one for one in comparisons(SCHEMA, None) if (one.left.service, one.right.service) == ("registration", "gateway")
    ]
    assert len(held) == 6
    sessions = {"registration": await asyncpg.connect(registration), "gateway": await asyncpg.connect(gateway)}
    try:
        compared = [await compare(one, sessions, sessions) for one in held]
    finally:
        for session in sessions.values():
            await session.close()
    assert all(one.rows for one in compared)
    return {one.name: len(one.differences) for one in compared if one.differences}
