"""An organisation whose entities are all deregistered: its dissolution is proposed by the system, exactly once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.envelope import Envelope
from contracts.events.dead_letters import LedgersDeadLetterRecorded
from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.events.registration import EntityChanged, EntityRegistered, RegisteredEntity
from contracts.vocabulary import Bureau, EntityKind, EntityState
from kit.consumer import BatchConsumer, Heard
from kit.dead_letters import DeadLetters
from kit.decoding import Decoder
from kit.health import Progress
from kit.ids import new_id
from kit.sealing import Sealer
from tests.integration.gateway.hearing import OnTopic
from tests.integration.ledgers.desk import DISTRICT, KEY, NOW, TODAY, TOWNSHIP, USCCS, Desk, heard

pytestmark = pytest.mark.servers

ROUNDS = 10
VILLAGE = "500111101201"


def gone(entity: UUID, number: int = 0, version: int = 2) -> Heard[Any]:
    """What registration tells of a deregistration, months after its day."""
    return heard(
        EntityChanged(
            entity_id=entity,
            version=version,
            uscc=USCCS[number],
            name=f"龙水五金{number}（{version}）",
            kind=EntityKind.MICRO_SMALL_ENTERPRISE,
            state=EntityState.DEREGISTERED,
            division_code=VILLAGE,
            bureau=Bureau.MARKET_REGULATION,
            effective_on=TODAY - timedelta(days=90),
            recorded_at=NOW,
        )
    )


async def founded(desk: Desk, mode: str, *entities: UUID, **facts: object) -> UUID:
    form = "JOINT_BRANCH" if mode == "JOINT" else "BRANCH"
    body = {"name": "五金支部", "form": form, "mode": mode, "entityIds": list(map(str, entities))}
    return await desk.made("/organisations", body | facts)


async def proposed(desk: Desk) -> list[tuple[str, str, UUID]]:
    return [(one.kind, one.state, one.organisation_id) for one in await desk.told(ReorganisationMoved)]


async def test_the_end_of_its_only_entity_proposes_the_end_of_an_organisation(desk: Desk) -> None:
    entity = await desk.knows_entity(division=VILLAGE)
    organisation = await founded(desk, "SINGLE", entity)
    cause = gone(entity)
    await desk.hears(desk.ledger, cause)
    [told] = await desk.told(ReorganisationMoved)
    assert (told.kind, told.state, told.action, told.version) == ("DISSOLVE", "PROPOSED", "PROPOSE", 1)
    assert (told.organisation_id, told.successor_id, told.successors) == (organisation, None, ())
    assert (told.division_code, told.superior_division_code) == (VILLAGE, TOWNSHIP)
    # it is proposed today, whenever the entity ended: thirty days for the answer, to the end of the last in Shanghai
    assert (told.effective_on, told.due_at) == (TODAY, datetime(2024, 3, 29, 16, 0, tzinfo=UTC))
    [row] = [one for one in await desk.outbox() if one["type"] == ReorganisationMoved.event_type]
    assert (row["causation_id"], row["correlation_id"]) == (cause.envelope.id, cause.envelope.id)
    read = (await desk.send("GET", f"/reorganisations/{told.process_id}", role="TOWNSHIP", division=TOWNSHIP)).json()
    assert [one["action"] for one in read["allowedActions"]] == ["AMEND", "APPROVE", "RETURN", "WITHDRAW"]
    assert [one.get("takenBy") for one in read["steps"]] == [None]
    assert (await desk.send("GET", f"/organisations/{organisation}")).json()["state"] == "ACTIVE"


async def test_it_is_carried_out_once_its_members_have_a_home(desk: Desk) -> None:
    entity, other = await desk.knows_entity(0), await desk.knows_entity(1)
    organisation, home = await founded(desk, "SINGLE", entity), await founded(desk, "SINGLE", other)
    member = await desk.knows_member(entity, relationOrganisationId=str(organisation))
    await desk.hears(desk.ledger, gone(entity))
    [told] = await desk.told(ReorganisationMoved)
    for version, action, facts, status in (
        (1, "APPROVE", {}, 200),
        (2, "CARRY_OUT", {}, 409),
        (2, "RETURN", {"note": "请先落实接收党组织"}, 200),
        (3, "AMEND", {"successorId": str(home)}, 200),
        (4, "APPROVE", {}, 200),
        (5, "CARRY_OUT", {}, 200),
    ):
        body = {"action": action, "expectedVersion": version, **facts}
        answer = await desk.send("POST", f"/reorganisations/{told.process_id}/steps", body)
        assert answer.status_code == status, answer.text
    assert (await desk.send("GET", f"/organisations/{organisation}")).json()["state"] == "DISSOLVED"
    assert (await desk.send("GET", f"/members/{member}")).json()["relationOrganisationId"] == str(home)


async def test_a_joint_one_is_proposed_with_the_last_of_its_entities_alone(desk: Desk) -> None:
    first, second = await desk.knows_entity(0), await desk.knows_entity(1)
    organisation = await founded(desk, "JOINT", first, second)
    await desk.hears(desk.ledger, gone(first))
    assert await proposed(desk) == []
    await desk.hears(desk.ledger, gone(second, 1))
    assert await proposed(desk) == [("DISSOLVE", "PROPOSED", organisation)]


async def test_the_last_two_in_one_batch_or_in_two_at_once_propose_it_once(desk: Desk) -> None:
    for at_once in range(ROUNDS):
        first, second = [await desk.knows_entity(number, entity_id=uuid4()) for number in range(2)]
        organisation = await founded(desk, "JOINT", first, second)
        await desk.rows("DELETE FROM outbox")
        if at_once:
            await asyncio.gather(desk.hears(desk.ledger, gone(first)), desk.hears(desk.ledger, gone(second, 1)))
        else:
            await desk.hears(desk.ledger, gone(second, 1), gone(first))
        assert await proposed(desk) == [("DISSOLVE", "PROPOSED", organisation)]
        await desk.rows("DELETE FROM entity")  # the codes are used again


async def test_what_is_of_a_place_and_what_is_being_reorganised_is_left_alone(desk: Desk) -> None:
    first, second = await desk.knows_entity(0), await desk.knows_entity(1)
    await founded(desk, "CATCH_ALL", first)
    await founded(desk, "BUSINESS_DISTRICT", first)
    single = await founded(desk, "SINGLE", second)
    rename = {"kind": "RENAME", "organisationId": str(single), "name": "新名"}
    await desk.made("/reorganisations", rename)
    await desk.hears(desk.ledger, gone(first), gone(second, 1))
    assert await proposed(desk) == [("RENAME", "PROPOSED", single)]


async def test_the_superior_organisation_approves_where_there_is_one(desk: Desk) -> None:
    entity = await desk.knows_entity(division=VILLAGE)
    above = await founded(desk, "CATCH_ALL", divisionCode=DISTRICT)
    await founded(desk, "SINGLE", entity, superiorId=str(above))
    await desk.hears(desk.ledger, gone(entity))
    [told] = await desk.told(ReorganisationMoved)
    assert told.superior_division_code == DISTRICT


async def test_who_withdraws_it_has_decided_though_it_is_told_again(desk: Desk) -> None:
    entity = await desk.knows_entity()
    organisation = await founded(desk, "SINGLE", entity)
    await desk.hears(desk.ledger, gone(entity))
    [told] = await desk.told(ReorganisationMoved)
    withdrawn = await desk.send(
        "POST", f"/reorganisations/{told.process_id}/steps", {"action": "WITHDRAW", "expectedVersion": 1}
    )
    assert withdrawn.status_code == 200, withdrawn.text
    await desk.hears(desk.ledger, gone(entity))  # registration tells everything anew
    await desk.hears(desk.ledger, gone(entity, version=3))  # a file corrects a fact of it
    assert [state for _, state, _ in await proposed(desk)] == ["PROPOSED", "WITHDRAWN"]
    assert (await desk.send("GET", f"/organisations/{organisation}")).json()["state"] == "ACTIVE"


async def test_a_record_that_is_delivered_twice_proposes_it_once(desk: Desk) -> None:
    entity = await desk.knows_entity()
    await founded(desk, "SINGLE", entity)
    consumer = BatchConsumer(
        name="ledgers.entity",
        decoder=Decoder[RegisteredEntity](EntityRegistered, EntityChanged),
        handler=desk.ledger,
        database=desk.database,
        dead_letters=DeadLetters(LedgersDeadLetterRecorded, Sealer(KEY), desk.clock),
        progress=Progress("ledgers.entity"),
    )
    event = gone(entity).event
    envelope = Envelope(id=new_id(), source="/lianhe/registration", type=event.event_type, time=NOW, subject=event.key)
    value = event.model_dump_json(exclude_none=True).encode()
    for offset in (7, 7, 8):  # the last: sent twice by its relay
        await consumer.take([OnTopic(event.topic, offset, event.key.encode(), value, tuple(envelope.encode()))])
    assert len(await proposed(desk)) == 1
    assert [tuple(row) for row in await desk.rows("SELECT count(*) FROM inbox")] == [(1,)]
    assert await desk.rows("SELECT 1 FROM dead_letter") == []
