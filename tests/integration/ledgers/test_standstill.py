"""A week in which nothing ran: what was told before is taken in, retries are known, each timer fires once."""

from datetime import timedelta

import pytest

from contracts.events.ledgers.coverage import FoundingRequired
from contracts.events.ledgers.members import MemberRecorded
from contracts.events.pairing import AssignmentMade
from contracts.examples import examples
from kit.health import Progress
from kit.housekeeping import PROCESS, housekeeping
from services.ledgers.handlers.assignments import AssignmentsHeard
from tests.integration.ledgers.desk import Desk, heard, problem

pytestmark = pytest.mark.servers

WEEK = timedelta(days=7)


async def test_a_week_s_standstill_loses_nothing(desk: Desk) -> None:
    entity = await desk.knows_entity()
    body = {"name": "王小明", "standing": "FULL", "workplaceEntityId": str(entity)}
    first = [await desk.send("POST", "/members", body, key=f"member-{number}") for number in range(3)]
    mandate = {"subject": "zhao", "role": "ORGANISATION_DEPARTMENT", "divisionCode": "500111000000"}
    await desk.made("/mandates", mandate | {"validUntil": "2024-03-01"})
    timers = housekeeping("ledgers", desk.database, desk.clock, Progress("timers"))
    async with desk.database.transaction() as transaction:
        assert timers._begin is not None
        await timers._begin(transaction)

    desk.clock.advance(WEEK)

    [fired] = await timers.fire_due()
    assert (fired.process, fired.merged) == (PROCESS, 1), "once for the week, not once a day"
    assert await timers.fire_due() == []
    again = [await desk.send("POST", "/members", body, key=f"member-{number}") for number in range(3)]
    assert [one.content for one in again] == [one.content for one in first], "keys are remembered for longer"
    assert len(await desk.told(MemberRecorded)) == 3
    [required] = await desk.told(FoundingRequired)
    assert str(required.must_found_since) == "2024-02-28"
    ended = await desk.send("POST", "/members", body, subject="zhao")
    assert problem(ended) == (403, "forbidden"), "the mandate's last day went by meanwhile"

    [told] = [one for one in examples(AssignmentMade.event_type) if one.name == "to-an-entity-for-a-term-full"]
    made = AssignmentMade.model_validate_json(told.raw).model_copy(update={"target_id": entity})
    await desk.hears(AssignmentsHeard(desk.clock), heard(made))
    coverage = (await desk.send("GET", f"/coverages/{entity}")).json()
    assert (coverage["workCoverage"], coverage["duty"]) == (True, "MUST_FOUND")
    assert coverage["effectiveOn"] == "2024-02-20", "as it was told, a week ago or longer"
