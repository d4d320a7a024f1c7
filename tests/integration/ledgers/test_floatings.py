"""Floating members: both ends know, six months are a term, and the member is counted at home."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.organisations import MembershipCounted
from tests.integration.ledgers.candidate import branch
from tests.integration.ledgers.desk import TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"


@dataclass
class Case:
    """A member of one township who is out in another."""

    desk: Desk
    member: UUID
    home: UUID
    away: UUID

    async def report(self, **changed: object) -> httpx.Response:
        body: dict[str, object] = {
            "memberId": str(self.member),
            "toOrganisationId": str(self.away),
            "outSince": "2023-09-30",
            "reason": "BUSINESS",
            **changed,
        }
        stated = {name: value for name, value in body.items() if value is not None}
        return await self.desk.send("POST", "/floatings", stated, division=TOWNSHIP)

    async def step(
        self, floating: UUID, version: int, action: str, division: str = TOWNSHIP, **given: object
    ) -> httpx.Response:
        body = {"expectedVersion": version, "action": action, **given}
        return await self.desk.send("POST", f"/floatings/{floating}/steps", body, division=division)

    async def related(self) -> dict[UUID, int]:
        """Return how many are related to each organisation that has any, by what was told last."""
        told = await self.desk.told(MembershipCounted)
        last = {one.organisation_id: one.related for one in told}
        return {organisation: related for organisation, related in last.items() if related}


@pytest.fixture
async def case(desk: Desk) -> Case:
    home, away = await branch(desk), await branch(desk, ELSEWHERE, "龙水支部")
    member = await desk.knows_member(relationOrganisationId=str(home), managementOrganisationId=str(home))
    return Case(desk, member, home, away)


def made(answer: httpx.Response) -> UUID:
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["aggregates"][0]["id"])


async def test_both_ends_know_and_the_member_is_counted_at_home(case: Case) -> None:
    floating = made(await case.report(note="在外经商"))
    assert problem(await case.step(floating, 1, "RECEIVE")) == (403, "forbidden"), "that is the other end's"
    assert (await case.step(floating, 1, "RECEIVE", ELSEWHERE)).status_code == 200
    assert problem(await case.step(floating, 2, "RETURN", ELSEWHERE)) == (403, "forbidden"), "that is home's"
    assert await case.related() == {case.home: 1}
    by_away = (await case.desk.send("GET", f"/floatings/{floating}", division=ELSEWHERE)).json()
    assert (by_away["state"], by_away["allowedActions"]) == ("RECEIVED", [])
    assert (await case.step(floating, 2, "RETURN")).status_code == 200
    told = await case.desk.told(FloatingMoved)
    assert [(one.action, one.state) for one in told] == [
        ("REPORT", "REPORTED"),
        ("RECEIVE", "RECEIVED"),
        ("RETURN", "RETURNED"),
    ]
    due = datetime(2024, 3, 30, 16, tzinfo=UTC)
    assert [one.due_at for one in told] == [due, due, None], "six months from the first day out, not from a step"
    assert (told[0].organisation_id, told[0].to_organisation_id) == (case.home, case.away)
    assert (told[0].division_code, told[0].to_division_code) == (TOWNSHIP, ELSEWHERE)
    assert await case.related() == {case.home: 1}
    assert "经商" not in b"".join(row["payload"] for row in await case.desk.outbox()).decode()


async def test_a_member_may_be_out_in_a_division_of_which_no_organisation_is_known(case: Case) -> None:
    floating = made(await case.report(toOrganisationId=None, toDivisionCode="440300000000"))
    [told] = await case.desk.told(FloatingMoved)
    assert (told.to_organisation_id, told.to_division_code) == (None, "440300000000")
    assert problem(await case.step(floating, 1, "END")) == (422, "invalid"), "a reason is needed"
    assert (await case.step(floating, 1, "END", note="登记有误")).status_code == 200


async def test_what_can_not_be_is_refused_with_its_place(case: Case) -> None:
    assert pointers(await case.report(outSince="2024-02-29")) == ["/outSince"]
    assert pointers(await case.report(toOrganisationId=None)) == ["/toDivisionCode"]
    assert pointers(await case.report(toOrganisationId=str(case.home))) == ["/toOrganisationId"]
    assert pointers(await case.report(toOrganisationId=str(UUID(int=1)))) == ["/toOrganisationId"]
    assert pointers(await case.report(reason="FLIGHT")) == ["/reason"]
    assert problem(await case.report(memberId=str(UUID(int=1)))) == (404, "not-found")
    nowhere = await case.desk.knows_member(await case.desk.knows_entity())
    assert problem(await case.report(memberId=str(nowhere))) == (409, "conflict"), "no relation, no home"
    body = {"memberId": str(case.member), "toDivisionCode": ELSEWHERE, "outSince": "2024-01-01", "reason": "WORK"}
    assert problem(await case.desk.send("POST", "/floatings", body, division=ELSEWHERE)) == (403, "forbidden")
    assert problem(await case.desk.send("POST", "/floatings", body, role="TOWNSHIP")) == (403, "forbidden")
    assert await case.desk.told(FloatingMoved) == []


async def test_a_member_is_out_once_at_a_time_however_many_report_it(case: Case) -> None:
    answers = await asyncio.gather(*(case.report() for _ in range(6)))
    [floating] = [made(answer) for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert {(*problem(answer), answer.json()["processId"]) for answer in refused} == {(409, "conflict", str(floating))}
    assert (await case.step(floating, 1, "RETURN")).status_code == 200
    made(await case.report())


@pytest.mark.parametrize("how", ["transfer", "placing", "leaving", "erasure"])
async def test_it_ends_when_the_member_is_transferred_or_leaves(case: Case, how: str) -> None:
    floating = made(await case.report(note="在外经商"))
    desk, member = case.desk, f"/members/{case.member}"
    if how == "transfer":
        asked = {"memberId": str(case.member), "toOrganisationId": str(case.away)}
        transfer = await desk.made("/transfers", asked, division=TOWNSHIP)
        for version, action, side in ((1, "RELEASE", TOWNSHIP), (2, "ACCEPT", ELSEWHERE)):
            step = {"expectedVersion": version, "action": action}
            assert (await desk.send("POST", f"/transfers/{transfer}/steps", step, division=side)).status_code == 200
    elif how == "placing":
        body = {"standing": "FULL", "relationOrganisationId": str(case.away), "expectedVersion": 1}
        assert (await desk.send("PUT", member, body)).status_code == 200
    else:
        said = {"reason": "RESIGNED"} if how == "leaving" else {}
        assert (await desk.send("POST", f"{member}/{how}", {"expectedVersion": 1, **said})).status_code == 200
    found = (await desk.send("GET", f"/floatings/{floating}")).json()
    assert (found["state"], found["allowedActions"], "dueAt" in found) == ("ENDED", [], False)
    assert ("note" in found["steps"][0]) is (how != "erasure")
    assert "takenBy" not in found["steps"][-1], "nobody took it: it followed"
    if how in {"leaving", "erasure"}:
        assert await case.related() == {}


async def test_a_change_of_workplace_leaves_it_as_it_is(case: Case) -> None:
    floating = made(await case.report())
    shop = await case.desk.knows_entity()
    body = {"standing": "FULL", "workplaceEntityId": str(shop), "relationOrganisationId": str(case.home)}
    answer = await case.desk.send("PUT", f"/members/{case.member}", body | {"expectedVersion": 1})
    assert answer.status_code == 200
    assert (await case.desk.send("GET", f"/floatings/{floating}")).json()["version"] == 1
