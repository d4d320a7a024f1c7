"""What every service keeps of who does the work: the newest of each, whatever the order; and what mandates refuse."""

from datetime import date
from itertools import permutations
from uuid import UUID

import asyncpg
import pytest

from contracts.catalogue import event_named
from contracts.events.base import EventData
from contracts.events.ledgers.lines import DivisionRecorded, MandateRecorded
from contracts.examples import examples
from contracts.vocabulary import Bureau, CallerRole, MandateState
from kit.callers import Caller
from kit.consumer import Heard
from kit.copying import CopyingEach
from kit.database import Database
from kit.lines import LINES
from kit.mandates import refuse_beyond_mandate
from kit.problems import Problem
from tests.conftest import MakeDatabase
from tests.integration.ledgers.desk import heard

pytestmark = pytest.mark.servers

TODAY = date(2024, 2, 28)
DISTRICT, TOWNSHIP = "500111000000", "500111101000"
KEEPERS = ("registration", "assessment", "pairing")


@pytest.fixture(params=KEEPERS)
async def url(request: pytest.FixtureRequest, make_database: MakeDatabase) -> str:
    return await make_database(str(request.param))


async def copy(url: str, *events: Heard[EventData]) -> None:
    database = Database(url, application_name="test")
    async with database.transaction() as transaction:
        await CopyingEach(LINES)(transaction, events)
    await database.close()


async def rows(url: str, table: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(f"SELECT * FROM {table}"))  # noqa: S608 - our own names
    finally:
        await connection.close()


async def test_every_example_is_kept_as_it_was_told(url: str) -> None:
    for line in LINES:
        [model] = line.events
        assert event_named(model.event_type) is model
        told = {one.key: one for one in (model.model_validate_json(each.raw) for each in examples(model.event_type))}
        await copy(url, *(heard(one) for one in told.values()))
        kept = [model.model_validate(dict(row)) for row in await rows(url, line.table)]
        assert {one.key: one for one in kept} == told


async def test_the_newest_is_kept_whatever_the_order_and_however_they_are_batched(make_database: MakeDatabase) -> None:
    url = await make_database("pairing")
    [first] = [one for one in examples(DivisionRecorded.event_type) if one.name == "district-minimal"]
    states = [
        DivisionRecorded.model_validate_json(first.raw).model_copy(update={"version": number, "name": f"第{number}"})
        for number in (1, 2, 3)
    ]
    for turn, order in enumerate(permutations(states)):
        code = f"50011{turn}000000"
        events = [heard(one.model_copy(update={"division_code": code})) for one in order]
        await copy(url, events[0], events[1])
        await copy(url, events[2], events[0])
    assert {row["name"] for row in await rows(url, "division")} == {"第3"}


def caller(role: CallerRole = CallerRole.STATION, division: str = TOWNSHIP, bureau: Bureau | None = None) -> Caller:
    return Caller(subject="zhao", role=role, division_code=division, bureau=bureau)


def mandate(number: int = 1, **changed: object) -> MandateRecorded:
    [revoked] = [one for one in examples(MandateRecorded.event_type) if one.name == "revoked-minimal"]
    facts = {
        "mandate_id": UUID(int=number),
        "subject": "zhao",
        "role": CallerRole.STATION,
        "division_code": TOWNSHIP,
        "state": MandateState.IN_FORCE,
        "valid_from": TODAY,
        "valid_until": TODAY,
    }
    return MandateRecorded.model_validate_json(revoked.raw).model_copy(update=facts | changed)


@pytest.mark.parametrize(
    ("mandates", "who", "refused"),
    [
        ([], caller(), False),
        ([mandate(subject="qian")], caller(), False),
        ([mandate()], caller(), False),
        ([mandate()], caller(division=DISTRICT), True),
        ([mandate(division_code=DISTRICT)], caller(), False),
        ([mandate()], caller(role=CallerRole.DISTRICT), True),
        ([mandate(valid_from=date(2024, 2, 29), valid_until=None)], caller(), True),
        ([mandate(valid_from=date(2024, 2, 1), valid_until=date(2024, 2, 27))], caller(), True),
        ([mandate(state=MandateState.REVOKED)], caller(), True),
        ([mandate(state=MandateState.REVOKED), mandate(2)], caller(), False),
        ([mandate(bureau=Bureau.CIVIL_AFFAIRS)], caller(), True),
        ([mandate(bureau=Bureau.CIVIL_AFFAIRS)], caller(bureau=Bureau.CIVIL_AFFAIRS), False),
    ],
)
async def test_whoever_was_given_a_mandate_acts_within_those_in_force(
    make_database: MakeDatabase, mandates: list[MandateRecorded], who: Caller, *, refused: bool
) -> None:
    url = await make_database("assessment")
    await copy(url, *(heard(one) for one in mandates))
    database = Database(url, application_name="test")
    try:
        async with database.transaction() as transaction:
            if refused:
                with pytest.raises(Problem, match="forbidden"):
                    await refuse_beyond_mandate(transaction.connection, who, TODAY)
            else:
                await refuse_beyond_mandate(transaction.connection, who, TODAY)
    finally:
        await database.close()
