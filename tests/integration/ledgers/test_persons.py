"""What names members: sealed, found by exact values, one ID number for one member."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from contracts.events.ledgers.members import MemberRecorded
from tests.id_numbers import id_number
from tests.integration.ledgers.desk import TOWNSHIP, Desk, pointers, problem
from tests.integration.ledgers.people import NUMBER, branch, change, found, person, revealed

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"


@pytest.fixture
async def place(desk: Desk) -> UUID:
    return await branch(desk)


async def test_what_names_a_member_is_kept_and_only_the_month_is_told(desk: Desk, place: UUID) -> None:
    member = await person(desk, place, idNumber=f" {NUMBER.lower()}", telephone="+86 138-0000-0000")
    [told] = await desk.told(MemberRecorded)
    assert (told.masked_name, told.born_in) == ("王**", "1985-03")
    assert await revealed(desk, member) == [
        {"memberId": str(member), "name": "王小明", "idNumber": NUMBER, "telephone": "13800000000"}
    ]
    seen = (await desk.send("GET", f"/members/{member}")).json()
    assert seen["bornIn"] == "1985-03"
    assert "1985-03-08" not in str(seen)


async def test_a_month_may_be_stated_where_there_is_no_number(desk: Desk, place: UUID) -> None:
    member = await person(desk, place, bornIn="1979-04")
    assert (await change(desk, member, telephone="13800000000")).status_code == 200
    assert [one.born_in for one in await desk.told(MemberRecorded)] == ["1979-04", "1979-04"]
    assert pointers(await change(desk, member, idNumber=NUMBER, bornIn="1979-04")) == ["/bornIn"]
    assert (await change(desk, member, idNumber=NUMBER)).status_code == 200
    assert (await desk.told(MemberRecorded))[-1].born_in == "1985-03"


@pytest.mark.parametrize(
    ("facts", "places"),
    [
        ({"idNumber": NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")}, ["/idNumber"]),
        ({"idNumber": id_number("19850230")}, ["/idNumber"]),
        ({"telephone": "12345"}, ["/telephone"]),
        ({"bornIn": "1985-13"}, ["/bornIn"]),
        ({"idNumber": NUMBER, "bornIn": "1985-04"}, ["/bornIn"]),
        ({"name": " "}, ["/name"]),
    ],
)
async def test_what_is_no_fact_of_a_person_is_refused(
    desk: Desk, place: UUID, facts: dict[str, Any], places: list[str]
) -> None:
    body = {"name": "王小明", "standing": "FULL", "relationOrganisationId": str(place), **facts}
    refused = await desk.send("POST", "/members", body)
    assert (problem(refused), pointers(refused)) == ((422, "invalid"), places)
    assert await desk.rows("SELECT FROM person UNION ALL SELECT FROM person_index") == []


async def test_what_is_not_stated_stays_and_what_is_taken_away_goes(desk: Desk, place: UUID) -> None:
    member = await person(desk, place, idNumber=NUMBER, telephone="13800000000")
    assert (await change(desk, member, name="王晓明")).status_code == 200
    assert (await revealed(desk, member))[0]["idNumber"] == NUMBER
    assert (await change(desk, member, without=["TELEPHONE"])).status_code == 200
    assert "telephone" not in (await revealed(desk, member))[0]
    assert await found(desk, telephone="13800000000") == []
    assert await found(desk, name="王小明") == []
    assert await found(desk, name="王 晓明") == [member]
    same = await change(desk, member, name="王晓明", idNumber=NUMBER)
    assert same.json()["aggregates"] == [], "all was so already"
    assert pointers(await change(desk, member, without=["NAME"])) == ["/without"]
    assert pointers(await change(desk, member, without=["TELEPHONE"], telephone="13800000000")) == ["/telephone"]
    assert [one.version for one in await desk.told(MemberRecorded)] == [1, 2, 3]


async def test_who_decided_on_former_facts_is_refused(desk: Desk, place: UUID) -> None:
    member = await person(desk, place)
    assert (await change(desk, member, 1, telephone="13800000000")).status_code == 200
    assert problem(await change(desk, member, 1, telephone="13900000000")) == (409, "version-conflict")
    assert problem(await change(desk, UUID(int=1), 1, name="王")) == (404, "not-found")
    for role, division in (("TOWNSHIP", TOWNSHIP), ("ORGANISATION_DEPARTMENT", ELSEWHERE)):
        body = {"expectedVersion": 2, "name": "李"}
        refused = await desk.send("PUT", f"/members/{member}/person", body, role=role, division=division)
        assert problem(refused) == (403, "forbidden")


async def test_an_id_number_is_one_members_and_the_refusal_names_nobody(desk: Desk, place: UUID) -> None:
    elsewhere = await branch(desk, ELSEWHERE)
    member = await person(desk, place, idNumber=NUMBER)
    body = {"name": "李四", "standing": "FULL", "relationOrganisationId": str(elsewhere), "idNumber": NUMBER}
    refused = await desk.send("POST", "/members", body)
    assert (problem(refused), refused.json()["memberId"]) == ((409, "conflict"), str(member))
    assert NUMBER not in refused.text
    assert "王" not in refused.text
    hidden = await desk.send("POST", "/members", body, division=ELSEWHERE)
    assert problem(hidden) == (409, "conflict")
    assert "memberId" not in hidden.json(), "outside the caller's division"
    nobody = await desk.send("POST", "/members", body, role="TOWNSHIP")
    assert problem(nobody) == (403, "forbidden"), "who may not keep members learns nothing"
    other = await person(desk, elsewhere, name="李四")
    assert problem(await change(desk, other, idNumber=NUMBER)) == (409, "conflict")
    assert (await change(desk, member, without=["ID_NUMBER"])).status_code == 200
    assert (await change(desk, other, idNumber=NUMBER)).status_code == 200, "it is free again"


async def test_of_two_who_give_one_number_at_once_one_is_refused(desk: Desk, place: UUID) -> None:
    for order in range(12):
        number = id_number("19900101", order)
        body = {"name": "王小明", "standing": "FULL", "relationOrganisationId": str(place), "idNumber": number}
        known = await person(desk, place, name="李四")
        answers = await asyncio.gather(
            desk.send("POST", "/members", body),
            desk.send("POST", "/members", body),
            change(desk, known, 1, idNumber=number),
        )
        refused = [one for one in answers if one.status_code == 409]
        assert len(refused) == 2, [one.text for one in answers]
        assert {problem(one) for one in refused} == {(409, "conflict")}
        assert len(await found(desk, idNumber=number)) == 1


async def test_a_cadre_is_not_found_by_their_name(desk: Desk) -> None:
    await desk.made("/cadres", {"name": "王小明", "divisionCode": TOWNSHIP})
    assert len(await desk.rows("SELECT FROM person")) == 1
    assert await found(desk, name="王小明") == []
