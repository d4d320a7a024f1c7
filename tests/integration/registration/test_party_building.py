"""Party-building forms: asked with registering, changing and deregistering; answered at once, later, or corrected."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.events.registration.forms import FormMoved
from tests.conftest import MakeDatabase
from tests.integration.registration.desk import (
    ANSWERS,
    ELSEWHERE,
    HOUSEHOLD,
    TOWNSHIP,
    A,
    B,
    Desk,
    desk_on,
    pointers,
    problem,
)

pytestmark = pytest.mark.servers

IN_FORCE = "SELECT process_id, version FROM process WHERE subject_id = $1 AND under_way"
FACTS: dict[str, Any] = {"uscc": A, "name": "龙水五金", "divisionCode": TOWNSHIP}


async def moves(front: Desk) -> list[tuple[str, int, str, str]]:
    """Return what was told of forms: occasion, version, step, state."""
    return [(one.occasion, one.version, one.action, one.state) for one in await front.told(FormMoved)]


async def form_of(front: Desk) -> UUID:
    found: UUID = (await front.told(FormMoved))[-1].process_id
    return found


async def step(front: Desk, form: UUID, version: int, action: str, **given: object) -> httpx.Response:
    body = {"expectedVersion": version, "action": action, **given}
    return await front.send("POST", f"/party-building-forms/{form}/steps", body)


async def test_the_questions_of_a_day_are_given(front: Desk) -> None:
    edition = await front.read("/party-building-form", role="READER", division=TOWNSHIP)
    assert (edition["edition"], edition["validFrom"]) == ("2024", "2024-01-01")
    assert [one["name"] for one in edition["questions"]] == list(ANSWERS)
    assert edition["questions"][4] == {
        "name": "hasSecretary",
        "kind": "YES_NO",
        "text": "Has the organisation a secretary?",
        "textZh": "党组织是否配备书记？",
        "onlyAfter": "hasOrganisation",
    }
    assert problem(await front.send("GET", "/party-building-form?on=2023-12-31")) == (404, "not-found")


async def test_what_is_answered_at_once_is_answered(front: Desk) -> None:
    answer = await front.send("POST", "/entities", FACTS | {"partyBuilding": ANSWERS})
    entity, form = answer.json()["aggregates"]
    assert (form["aggregate"], form["version"]) == ("registration-form", 2)
    assert await moves(front) == [("REGISTRATION", 1, "ASK", "OPEN"), ("REGISTRATION", 2, "ANSWER", "ANSWERED")]
    told = (await front.told(FormMoved))[-1]
    assert (str(told.entity_id), str(told.process_id), told.edition) == (entity["id"], form["id"], "2024")
    assert (told.employees, told.full_members, told.probationary_members) == (12, 3, 1)
    assert (told.has_organisation, told.has_secretary, told.wishes_guidance) == (True, True, False)
    assert (told.due_at, told.division_code) == (None, TOWNSHIP)


async def test_what_is_not_answered_stays_to_be_done_until_a_day_and_is_answered_later(front: Desk) -> None:
    await front.registers()
    form = await form_of(front)
    found = await front.read(f"/party-building-forms/{form}", role="ORGANISATION_DEPARTMENT")
    assert (found["state"], found["dueAt"]) == ("OPEN", "2024-03-29T16:00:00Z")
    assert found["allowedActions"] == [{"action": "ANSWER", "labelZh": "填报", "needsNote": False}]
    assert (await step(front, form, 1, "ANSWER", partyBuilding=ANSWERS)).status_code == 200
    assert (await step(front, form, 2, "CORRECT", partyBuilding=ANSWERS | {"employees": 13})).status_code == 200
    last = (await front.told(FormMoved))[-1]
    assert (last.version, last.action, last.employees, last.due_at) == (3, "CORRECT", 13, None)
    assert problem(await step(front, form, 3, "ANSWER", partyBuilding=ANSWERS)) == (409, "illegal-step")
    assert problem(await step(front, form, 3, "SUPERSEDE", partyBuilding=ANSWERS)) == (409, "illegal-step")


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"employees": None}, ["employees"]),
        ({"wishesGuidance": None, "fullMembers": None}, ["fullMembers", "wishesGuidance"]),
        ({"employees": 2}, ["fullMembers"]),
        ({"employees": 3}, ["probationaryMembers"]),
        ({"hasOrganisation": False}, ["hasSecretary"]),
        ({"hasSecretary": None}, ["hasSecretary"]),
        ({"employees": -1}, ["employees"]),
        ({"employees": "12"}, ["employees"]),
        ({"hasOrganisation": 1}, ["hasOrganisation"]),
    ],
)
async def test_wrong_answers_are_refused_by_their_place_and_nothing_is_registered(
    front: Desk, changed: dict[str, object], places: list[str]
) -> None:
    answer = await front.send("POST", "/entities", FACTS | {"partyBuilding": ANSWERS | changed})
    assert problem(answer) == (422, "invalid")
    assert pointers(answer) == [f"/partyBuilding/{one}" for one in places]
    assert await front.rows("SELECT FROM outbox UNION ALL SELECT FROM entity") == []


async def test_without_an_organisation_there_is_no_secretary_to_ask_for(front: Desk) -> None:
    answers = ANSWERS | {"hasOrganisation": False, "hasSecretary": None}
    await front.registers(partyBuilding=answers)
    assert (await front.told(FormMoved))[-1].has_secretary is None


async def test_a_form_without_answers_is_not_answered(front: Desk) -> None:
    await front.registers()
    form = await form_of(front)
    refused = await step(front, form, 1, "ANSWER")
    assert (problem(refused), pointers(refused)) == ((422, "invalid"), ["/partyBuilding"])
    refused = await step(front, form, 1, "ANSWER", partyBuilding=ANSWERS | {"employees": 3})
    assert pointers(refused) == ["/partyBuilding/probationaryMembers"]
    assert await moves(front) == [("REGISTRATION", 1, "ASK", "OPEN")]


async def test_the_next_occasion_supersedes_the_form_before(front: Desk) -> None:
    entity = await front.registers(partyBuilding=ANSWERS)
    first = await form_of(front)
    change = FACTS | {"name": "改名", "expectedVersion": 1}
    assert (await front.send("PUT", f"/entities/{entity}", change)).status_code == 200
    gone = {"expectedVersion": 2, "partyBuilding": ANSWERS}
    assert (await front.send("POST", f"/entities/{entity}/deregistration", gone)).status_code == 200
    assert (await moves(front))[2:] == [
        ("REGISTRATION", 3, "SUPERSEDE", "SUPERSEDED"),
        ("CHANGE", 1, "ASK", "OPEN"),
        ("CHANGE", 2, "SUPERSEDE", "SUPERSEDED"),
        ("DEREGISTRATION", 1, "ASK", "OPEN"),
        ("DEREGISTRATION", 2, "ANSWER", "ANSWERED"),
    ]
    assert problem(await step(front, first, 3, "CORRECT", partyBuilding=ANSWERS)) == (409, "illegal-step")


async def test_a_change_that_changes_nothing_asks_nothing_unless_it_brings_answers(front: Desk) -> None:
    entity = await front.registers()
    same = FACTS | {"expectedVersion": 1}
    assert (await front.send("PUT", f"/entities/{entity}", same)).json()["aggregates"] == []
    answer = await front.send("PUT", f"/entities/{entity}", same | {"partyBuilding": ANSWERS})
    assert [one["aggregate"] for one in answer.json()["aggregates"]] == ["registration-form"]
    assert [one[0] for one in await moves(front)] == ["REGISTRATION", "REGISTRATION", "CHANGE", "CHANGE"]


async def test_a_batch_asks_each_entity_that_is_new_or_changed_or_brings_answers(front: Desk) -> None:
    await front.registers()
    batch = [
        FACTS,
        FACTS | {"uscc": B, "partyBuilding": ANSWERS},
        FACTS | {"uscc": HOUSEHOLD, "partyBuilding": ANSWERS | {"employees": 3}},
    ]
    answer = await front.send("POST", "/entities/batch", {"entities": batch})
    assert [one["outcome"] for one in answer.json()["outcomes"]] == ["UNCHANGED", "NEW", "REJECTED"]
    assert "/entities/2/partyBuilding/probationaryMembers" in answer.json()["outcomes"][2]["reason"]
    assert (await moves(front))[1:] == [("REGISTRATION", 1, "ASK", "OPEN"), ("REGISTRATION", 2, "ANSWER", "ANSWERED")]
    again = [FACTS | {"partyBuilding": ANSWERS}, FACTS | {"uscc": B, "name": "改名"}]
    answer = await front.send("POST", "/entities/batch", {"entities": again})
    assert [one["outcome"] for one in answer.json()["outcomes"]] == ["UNCHANGED", "CHANGED"]
    assert sorted((await moves(front))[3:]) == [
        ("CHANGE", 1, "ASK", "OPEN"),
        ("CHANGE", 1, "ASK", "OPEN"),
        ("CHANGE", 2, "ANSWER", "ANSWERED"),
        ("REGISTRATION", 2, "SUPERSEDE", "SUPERSEDED"),
        ("REGISTRATION", 3, "SUPERSEDE", "SUPERSEDED"),
    ]


async def test_a_batch_that_is_carried_over_asks_nobody_and_takes_answers_in(front: Desk) -> None:
    batch = [FACTS, FACTS | {"uscc": B, "partyBuilding": ANSWERS}]
    answer = await front.send("POST", "/entities/batch", {"entities": batch, "carriedOver": True})
    assert [one["outcome"] for one in answer.json()["outcomes"]] == ["NEW", "NEW"]
    assert await moves(front) == [("REGISTRATION", 1, "ASK", "OPEN"), ("REGISTRATION", 2, "ANSWER", "ANSWERED")]
    changed = await front.send("POST", "/entities/batch", {"entities": [FACTS | {"name": "改名"}]})
    assert [one["outcome"] for one in changed.json()["outcomes"]] == ["CHANGED"]
    assert (await moves(front))[2:] == [("CHANGE", 1, "ASK", "OPEN")]


async def test_of_answers_and_changes_at_once_one_form_stays_in_force(front: Desk) -> None:
    for number in range(6):
        name = f"第{number}家"
        uscc = (A, B, HOUSEHOLD)[number % 3]
        known = await front.rows("SELECT id, version FROM entity WHERE uscc = $1", uscc)
        entity, version = (known[0]["id"], known[0]["version"]) if known else (await front.registers(uscc), 1)
        forms = await front.rows(IN_FORCE, str(entity))
        batch = {"entities": [FACTS | {"uscc": uscc, "name": name + "批"}]}
        change = FACTS | {"uscc": uscc, "name": name, "expectedVersion": version}
        answers = await asyncio.gather(
            step(front, forms[0]["process_id"], forms[0]["version"], "ANSWER", partyBuilding=ANSWERS),
            front.send("PUT", f"/entities/{entity}", change),
            front.send("POST", "/entities/batch", batch),
        )
        assert all(one.status_code in {200, 409} for one in answers), [one.text for one in answers]
        assert len(await front.rows(IN_FORCE, str(entity))) == 1
    steps = await front.rows("SELECT process_id, version FROM process_step ORDER BY process_id, version")
    by_process: dict[UUID, list[int]] = {}
    for row in steps:
        by_process.setdefault(row["process_id"], []).append(row["version"])
    assert all(found == list(range(1, len(found) + 1)) for found in by_process.values())


async def test_who_may_see_and_answer_a_form(front: Desk) -> None:
    await front.registers()
    path = f"/party-building-forms/{await form_of(front)}"
    assert (await front.send("GET", path, role="NON_PUBLIC_COMMITTEE", division=TOWNSHIP)).status_code == 200
    assert problem(await front.send("GET", path, role="TOWNSHIP", division=TOWNSHIP)) == (403, "forbidden")
    assert problem(await front.send("GET", path, role="STATION", division=ELSEWHERE)) == (403, "forbidden")
    assert problem(await front.send("GET", f"/party-building-forms/{UUID(int=1)}")) == (404, "not-found")


async def test_before_the_first_edition_nothing_is_asked_and_answers_are_refused(
    make_database: MakeDatabase, tmp_path: Path
) -> None:
    before = datetime(2023, 12, 31, 15, 59, tzinfo=UTC)
    async with desk_on(await make_database("registration"), tmp_path, before) as front:
        await front.registers()
        assert await moves(front) == []
        refused = await front.send("POST", "/entities", FACTS | {"uscc": B, "partyBuilding": ANSWERS})
        assert pointers(refused) == ["/partyBuilding"]
        front.clock.advance(timedelta(minutes=1))
        await front.registers(B)
        assert [one[2] for one in await moves(front)] == ["ASK"]
