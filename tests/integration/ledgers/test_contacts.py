"""Contacts of entities: names sealed, masked on the topic; they follow their entity; erasing leaves nothing."""

from uuid import UUID

import pytest

from contracts.events.ledgers.contacts import ContactErased, ContactRecorded
from services.ledgers.handlers.republish import sources
from tests.integration.ledgers.desk import TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"


async def contact(desk: Desk, entity: UUID, **changed: object) -> UUID:
    body = {"name": "欧阳锋", "entityId": str(entity), "role": "INVESTOR", "partyMember": "YES", **changed}
    return await desk.made("/contacts", body)


async def test_a_name_is_told_masked_and_kept_sealed(desk: Desk) -> None:
    entity = await desk.knows_entity()
    made = await contact(desk, entity, since="2020-01-01")
    [told] = await desk.told(ContactRecorded)
    assert (told.masked_name, told.role, told.party_member, told.state) == ("欧**", "INVESTOR", "YES", "ACTIVE")
    assert (told.entity_id, told.division_code, str(told.since), told.version) == (entity, TOWNSHIP, "2020-01-01", 1)
    outbox = b"".join(row["payload"] for row in await desk.outbox()).decode()
    queries = ("SELECT * FROM contact", "SELECT * FROM contact_history", "SELECT * FROM person")
    kept = "".join([str(await desk.rows(query)) for query in queries])
    for text in ("欧阳锋", "欧阳锋".encode().hex()):
        assert text not in outbox
        assert text not in kept
    seen = (await desk.send("GET", f"/contacts/{made}")).json()
    assert (seen["maskedName"], seen["partyMember"]) == ("欧**", "YES")


@pytest.mark.parametrize("role", ["DISTRICT", "TOWNSHIP", "READER", "BUREAU"])
async def test_contacts_are_for_who_may_see_members(desk: Desk, role: str) -> None:
    entity = await desk.knows_entity()
    made = await contact(desk, entity)
    assert problem(await desk.send("GET", f"/contacts/{made}", role=role)) == (403, "forbidden")
    body = {"name": "王明", "entityId": str(entity), "role": "INVESTOR"}
    assert problem(await desk.send("POST", "/contacts", body, role=role)) == (403, "forbidden")
    assert problem(await desk.send("GET", f"/contacts/{made}", division=ELSEWHERE)) == (403, "forbidden")
    assert len(await desk.told(ContactRecorded)) == 1


async def test_a_contact_changes_ends_and_is_renamed(desk: Desk) -> None:
    entity = await desk.knows_entity()
    made = await contact(desk, entity)
    facts = {"entityId": str(entity), "role": "INVESTOR", "partyMember": "YES"}
    path = f"/contacts/{made}"
    same = await desk.send("PUT", path, facts | {"expectedVersion": 1, "name": "欧阳锋"})
    assert (same.status_code, same.json()["aggregates"]) == (200, [])
    renamed = await desk.send("PUT", path, facts | {"expectedVersion": 1, "name": "欧阳克"})
    assert renamed.json()["aggregates"][0]["version"] == 2, "the mask is the same, the name is not"
    ended = facts | {"expectedVersion": 2, "role": "PERSON_IN_CHARGE", "until": "2024-02-27"}
    assert (await desk.send("PUT", path, ended)).status_code == 200
    assert problem(await desk.send("PUT", path, ended)) == (409, "version-conflict")
    last = (await desk.told(ContactRecorded))[-1]
    assert (last.version, last.state, last.role, str(last.until)) == (3, "ENDED", "PERSON_IN_CHARGE", "2024-02-27")


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"until": "2024-02-29"}, ["/until"]),
        ({"since": "2024-02-02", "until": "2024-02-01"}, ["/until"]),
        ({"entityId": str(UUID(int=1))}, ["/entityId"]),
        ({"name": " "}, ["/name"]),
        ({"partyMember": "PERHAPS"}, ["/partyMember"]),
        ({"effectiveOn": "2024-03-01"}, ["/effectiveOn"]),
    ],
)
async def test_facts_that_do_not_fit_are_refused_whole(
    desk: Desk, changed: dict[str, object], places: list[str]
) -> None:
    entity = await desk.knows_entity()
    body = {"name": "王明", "entityId": str(entity), "role": "INVESTOR"} | changed
    refused = await desk.send("POST", "/contacts", body)
    assert (problem(refused), pointers(refused)) == ((422, "invalid"), places)
    assert await desk.rows("SELECT * FROM person") == []


async def test_a_contact_goes_with_their_entity(desk: Desk) -> None:
    entity = await desk.knows_entity()
    await contact(desk, entity)
    await desk.knows_entity(entity_id=entity, version=2, division=ELSEWHERE)
    told = await desk.told(ContactRecorded)
    assert [(one.version, one.division_code) for one in told] == [(1, TOWNSHIP), (2, ELSEWHERE)]
    await desk.knows_entity(entity_id=entity, version=3, division=ELSEWHERE)
    assert len(await desk.told(ContactRecorded)) == 2, "nothing about them changed"


async def test_erasing_leaves_id_and_version_and_is_told_again(desk: Desk) -> None:
    made = await contact(desk, await desk.knows_entity())
    kept = await contact(desk, await desk.knows_entity(1), name="王明")
    answer = await desk.send("POST", f"/contacts/{made}/erasure", {"expectedVersion": 1})
    assert answer.status_code == 200, answer.text
    assert problem(await desk.send("GET", f"/contacts/{made}")) == (404, "not-found")
    assert problem(await desk.send("POST", f"/contacts/{made}/erasure", {"expectedVersion": 2})) == (404, "not-found")
    [row] = [one for one in await desk.rows("SELECT * FROM contact") if one["contact_id"] == made]
    left = {name for name, value in row.items() if value is not None}
    assert left == {"contact_id", "version", "state", "recorded_at"}
    [history] = await desk.rows("SELECT contact_id FROM contact_history")
    assert history["contact_id"] == kept
    assert [row["person_id"] for row in await desk.rows("SELECT person_id FROM person")] == [kept]
    told = []
    async with desk.database.transaction() as transaction:
        for source in sources(desk.clock):
            events, _ = await source.page(transaction.connection, UUID(int=0), 10)
            told += [(type(one.event), one.event.key) for one in events if one.event.topic == "ledgers-contact"]
    assert sorted(told, key=str) == sorted([(ContactErased, str(made)), (ContactRecorded, str(kept))], key=str)
