"""Transfers: two sides, a deadline, and a member who is counted once at every moment."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.organisations import MembershipCounted
from contracts.events.ledgers.transfers import TransferMoved
from kit.health import Progress
from kit.processes import Lapses
from kit.sealing import Sealer
from kit.timers import Timers
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.republish import sources
from tests.integration.ledgers.desk import KEY, TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"


@dataclass
class Case:
    """A member of one township who is to go to another."""

    desk: Desk
    member: UUID
    giving: UUID
    receiving: UUID

    async def request(self, **changed: object) -> httpx.Response:
        body = {"memberId": str(self.member), "toOrganisationId": str(self.receiving), **changed}
        return await self.desk.send("POST", "/transfers", body, division=TOWNSHIP)

    async def step(
        self, transfer: UUID, version: int, action: str, division: str = TOWNSHIP, **given: object
    ) -> httpx.Response:
        body = {"expectedVersion": version, "action": action, **given}
        return await self.desk.send("POST", f"/transfers/{transfer}/steps", body, division=division)

    async def placed(self) -> tuple[str, str]:
        found = (await self.desk.send("GET", f"/members/{self.member}")).json()
        return found["relationOrganisationId"], found["managementOrganisationId"]

    async def related(self) -> dict[UUID, int]:
        """Return how many are related to each organisation, by what was told last."""
        return {one.organisation_id: one.related for one in await self.desk.told(MembershipCounted)}


@pytest.fixture
async def case(desk: Desk) -> Case:
    def branch(division: str) -> dict[str, object]:
        return {"name": "支部", "form": "BRANCH", "mode": "CATCH_ALL", "entityIds": [], "divisionCode": division}

    giving = await desk.made("/organisations", branch(TOWNSHIP))
    receiving = await desk.made("/organisations", branch(ELSEWHERE))
    member = await desk.knows_member(relationOrganisationId=str(giving), managementOrganisationId=str(giving))
    return Case(desk, member, giving, receiving)


def made(answer: httpx.Response) -> UUID:
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["aggregates"][0]["id"])


async def test_the_relation_stays_until_the_other_side_accepts(case: Case) -> None:
    transfer = made(await case.request(note="换了工作", onBehalfOf="王小明"))
    assert (await case.step(transfer, 1, "RELEASE")).status_code == 200
    assert await case.placed() == (str(case.giving), str(case.giving))
    assert await case.related() == {case.giving: 1, case.receiving: 0}
    assert problem(await case.step(transfer, 2, "ACCEPT")) == (403, "forbidden"), "not the giving side"

    assert (await case.step(transfer, 2, "ACCEPT", ELSEWHERE)).status_code == 200

    assert await case.placed() == (str(case.receiving), str(case.receiving))
    assert await case.related() == {case.giving: 0, case.receiving: 1}
    told = await case.desk.told(TransferMoved)
    assert [(one.version, one.action, one.state) for one in told] == [
        (1, "REQUEST", "REQUESTED"),
        (2, "RELEASE", "RELEASED"),
        (3, "ACCEPT", "COMPLETED"),
    ]
    assert [one.due_at for one in told] == [None, datetime(2024, 5, 28, 16, tzinfo=UTC), None]
    outbox = b"".join(row["payload"] for row in await case.desk.outbox()).decode()
    assert "换了工作" not in outbox
    assert "王小明" not in outbox
    kept = str(await case.desk.rows("SELECT * FROM process_step"))
    assert "换了工作".encode().hex() not in kept
    assert "王小明" not in kept


async def test_who_reads_a_transfer_sees_its_steps_and_what_they_may_do(case: Case) -> None:
    transfer = made(await case.request(note="换了工作", onBehalfOf="王小明"))
    await case.step(transfer, 1, "RELEASE")
    by_giving = (await case.desk.send("GET", f"/transfers/{transfer}", division=TOWNSHIP)).json()
    by_receiving = (await case.desk.send("GET", f"/transfers/{transfer}", division=ELSEWHERE)).json()
    assert by_giving["allowedActions"] == [{"action": "WITHDRAW", "labelZh": "撤回", "needsNote": False}]
    assert [(one["action"], one["needsNote"]) for one in by_receiving["allowedActions"]] == [
        ("ACCEPT", False),
        ("RETURN", True),
    ]
    first = by_receiving["steps"][0]
    assert (first["note"], first["onBehalfOf"], first["takenBy"]) == ("换了工作", "王小明", "clerk-17")
    elsewhere = await case.desk.send("GET", f"/transfers/{transfer}", division="500112101000")
    assert problem(elsewhere) == (403, "forbidden")
    assert problem(await case.desk.send("GET", f"/transfers/{transfer}", role="TOWNSHIP")) == (403, "forbidden")
    assert problem(await case.desk.send("GET", f"/transfers/{UUID(int=1)}")) == (404, "not-found")


async def test_an_illegal_step_is_refused_with_the_legal_ones(case: Case) -> None:
    transfer = made(await case.request())
    refused = await case.step(transfer, 1, "ACCEPT", ELSEWHERE)
    assert problem(refused) == (409, "illegal-step")
    assert (refused.json()["state"], refused.json()["allowedActions"]) == ("REQUESTED", [])
    refused = await case.step(transfer, 1, "RETURN", note="不符合条件")
    assert [one["action"] for one in refused.json()["allowedActions"]] == ["RELEASE", "WITHDRAW"]
    assert "可办理：同意转出、撤回" in refused.json()["detailZh"]
    assert problem(await case.step(transfer, 1, "LAPSE")) == (409, "illegal-step"), "that is the clock's"
    assert problem(await case.step(transfer, 7, "RELEASE")) == (409, "version-conflict")
    await case.step(transfer, 1, "RELEASE")
    assert pointers(await case.step(transfer, 2, "RETURN", ELSEWHERE)) == ["/note"]
    assert pointers(await case.step(transfer, 2, "WITHDRAW", effectiveOn="2024-02-27")) == ["/effectiveOn"]
    assert pointers(await case.step(transfer, 2, "WITHDRAW", effectiveOn="2024-03-01")) == ["/effectiveOn"]
    assert pointers(await case.step(transfer, 2, "FLY")) == ["/action"]
    assert len(await case.desk.told(TransferMoved)) == 2


async def test_a_member_is_transferred_once_at_a_time_and_nowhere_else_meanwhile(case: Case) -> None:
    transfer = made(await case.request())
    again = await case.request()
    assert (problem(again), again.json()["processId"]) == ((409, "conflict"), str(transfer))
    version = (await case.desk.send("GET", f"/members/{case.member}")).json()["version"]
    moving = {"standing": "FULL", "relationOrganisationId": str(case.receiving), "expectedVersion": version}
    assert problem(await case.desk.send("PUT", f"/members/{case.member}", moving)) == (409, "conflict")
    await case.step(transfer, 1, "WITHDRAW")
    assert (await case.desk.send("PUT", f"/members/{case.member}", moving)).status_code == 200
    assert problem(await case.request()) == (422, "invalid"), "there already"


@pytest.mark.parametrize(("path", "said"), [("leaving", {"reason": "DEATH"}), ("erasure", {})])
async def test_a_transfer_ends_with_the_member(case: Case, path: str, said: dict[str, str]) -> None:
    transfer = made(await case.request(note="换了工作"))
    await case.step(transfer, 1, "RELEASE")
    ended = await case.desk.send("POST", f"/members/{case.member}/{path}", {"expectedVersion": 1, **said})
    assert ended.status_code == 200
    found = (await case.desk.send("GET", f"/transfers/{transfer}")).json()
    assert (found["state"], found["allowedActions"]) == ("WITHDRAWN", [])
    assert ("note" in found["steps"][0]) is (path == "leaving")
    assert "takenBy" not in found["steps"][-1]


async def test_what_is_not_accepted_in_time_goes_back_once_and_may_be_released_again(case: Case) -> None:
    desk = case.desk
    transfer = made(await case.request())
    await case.step(transfer, 1, "RELEASE")
    lapses = Lapses(AboutMembers(Sealer(SecretStr(KEY.get_secret_value()))).transfers, desk.clock)
    timers = Timers(
        service="ledgers",
        database=desk.database,
        clock=desk.clock,
        processes={TransferMoved.topic: lapses},
        progress=Progress("timers"),
    )
    desk.clock.advance(timedelta(days=89))
    assert await timers.fire_due() == []
    desk.clock.advance(timedelta(days=8))
    assert len(await timers.fire_due()) == 1
    assert await timers.fire_due() == []
    lapsed = (await desk.told(TransferMoved))[-1]
    assert (lapsed.action, lapsed.state, lapsed.version, lapsed.due_at) == ("LAPSE", "RETURNED", 3, None)
    rows = await desk.rows("SELECT correlation_id FROM outbox WHERE topic = 'ledgers-transfer' ORDER BY id")
    assert rows[-1]["correlation_id"] == rows[0]["correlation_id"], "the saga of its request"
    assert (await case.step(transfer, 3, "RELEASE")).status_code == 200
    assert (await case.step(transfer, 4, "ACCEPT", ELSEWHERE)).status_code == 200
    desk.clock.advance(timedelta(days=100))
    assert len(await timers.fire_due()) == 1, "the timer of the second release"
    assert (await desk.told(TransferMoved))[-1].state == "COMPLETED", "and it finds nothing to do"


async def test_transfers_are_told_again(case: Case) -> None:
    transfer = made(await case.request())
    source = sources(case.desk.clock)[-1]
    async with case.desk.database.transaction() as transaction:
        assert await source.count(transaction.connection) == 1
        [told], last = await source.page(transaction.connection, UUID(int=0), 10)
        assert (told.event.key, last) == (str(transfer), transfer)
        assert await source.page(transaction.connection, last, 10) == ([], last)


async def test_the_organisation_that_is_gone_accepts_nothing(case: Case) -> None:
    transfer = made(await case.request())
    await case.step(transfer, 1, "RELEASE")
    dissolved = await case.desk.send("POST", f"/organisations/{case.receiving}/dissolution", {"expectedVersion": 1})
    assert dissolved.status_code == 200
    assert problem(await case.step(transfer, 2, "ACCEPT", ELSEWHERE)) == (409, "conflict")
    assert await case.placed() == (str(case.giving), str(case.giving))
    assert len(await case.desk.told(MemberRecorded)) == 1
