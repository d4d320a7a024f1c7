"""Elections: of a profile and of gatherings there is one last election, told as the organisation's."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.events.ledgers.organisations import OrganisationChanged
from services.ledgers.handlers import elections
from tests.integration.ledgers.desk import TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

HELD = {"kind": "ELECTION", "place": "ACTIVITY_ROOM", "topics": ["ELECTION"], "expected": 5, "present": 5}


@dataclass
class Case:
    """A branch, founded in 2015."""

    desk: Desk
    branch: UUID

    async def hold(self, on: str, **changed: object) -> UUID:
        body = HELD | {"heldOn": on, "organisationId": str(self.branch)} | changed
        return await self.desk.made("/gatherings", body)

    async def correct(self, gathering: UUID, version: int, on: str, **changed: object) -> Any:
        body = HELD | {"heldOn": on, "expectedVersion": version} | changed
        return (await self.desk.send("PUT", f"/gatherings/{gathering}", body)).json()["aggregates"]

    async def withdraw(self, gathering: UUID, version: int) -> Any:
        body = {"expectedVersion": version, "note": "重复记录"}
        return (await self.desk.send("POST", f"/gatherings/{gathering}/withdrawal", body)).json()["aggregates"]

    async def state(self, **facts: object) -> httpx.Response:
        version = (await self.desk.send("GET", f"/organisations/{self.branch}")).json()["version"]
        body = facts | {"expectedVersion": version}
        return await self.desk.send("PUT", f"/organisations/{self.branch}/profile", body)

    async def elections(self) -> tuple[str | None, str | None, str | None]:
        """Return the last election, when the next is due, and to when it was put off."""
        now: Any = (await self.desk.send("GET", f"/organisations/{self.branch}")).json()
        told = (await self.desk.told(OrganisationChanged))[-1]
        days = (told.last_elected_on, told.election_due_on, told.election_put_off_to)
        found = (now["lastElectedOn"], now["electionDueOn"], now["electionPutOffTo"])
        assert tuple(None if day is None else day.isoformat() for day in days) == found, "it is told as it is kept"
        return found


@pytest.fixture
async def case(desk: Desk) -> Case:
    body = {"name": "支部", "form": "BRANCH", "mode": "CATCH_ALL", "divisionCode": TOWNSHIP, "foundedOn": "2015-07-01"}
    return Case(desk, await desk.made("/organisations", body))


async def test_an_election_that_was_held_is_the_last_until_its_record_is_withdrawn(case: Case) -> None:
    assert (await case.state(lastElectedOn="2018-03-01", electionPutOffTo="2021-09-01")).status_code == 200
    first = await case.hold("2021-09-01")
    assert await case.elections() == ("2021-09-01", "2024-09-01", None)
    second = await case.hold("2023-06-15", termUntil="2026-12-31", postponedUntil="2027-03-31")
    assert await case.elections() == ("2023-06-15", "2027-01-01", "2027-03-31")

    changed = await case.correct(second, 1, "2023-06-20")
    assert [one["aggregate"] for one in changed] == ["ledgers-gathering", "ledgers-organisation"]
    assert await case.elections() == ("2023-06-20", "2026-06-20", None)
    await case.correct(second, 2, "2020-09-10")
    assert await case.elections() == ("2021-09-01", "2024-09-01", None), "corrected, it is no more the last"
    assert len(await case.withdraw(second, 3)) == 1, "what is not the last changes nothing"
    await case.withdraw(first, 1)
    assert await case.elections() == ("2018-03-01", "2021-03-01", "2021-09-01"), "what the profile stated holds again"


async def test_what_turns_out_to_be_no_election_elected_nobody(case: Case) -> None:
    meeting = await case.hold("2023-01-05", kind="MEMBERS_MEETING")
    assert await case.desk.told(OrganisationChanged) == []
    await case.correct(meeting, 1, "2023-01-05")
    assert await case.elections() == ("2023-01-05", "2026-01-05", None)
    await case.correct(meeting, 2, "2023-01-05", kind="THEME_DAY")
    assert await case.elections() == (None, None, None)


async def test_both_facts_are_kept_and_told_or_none(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(await case.desk.outbox())
    with monkeypatch.context() as patch:
        patch.setattr(elections, "write_organisation", fail)
        body = HELD | {"heldOn": "2023-01-05", "organisationId": str(case.branch)}
        assert (await case.desk.send("POST", "/gatherings", body)).status_code == 500
    assert len(await case.desk.outbox()) == before
    assert await case.desk.rows("SELECT FROM gathering") == []
    await case.hold("2023-01-05")
    assert len(await case.desk.outbox()) == before + 2


async def fail(*_: object) -> None:
    raise RuntimeError("a fault of ours")


async def test_a_profile_that_is_sent_back_as_read_states_nothing_of_its_own(case: Case) -> None:
    gathering = await case.hold("2023-01-05", postponedUntil="2026-03-01")
    same = {"lastElectedOn": "2023-01-05", "electionPutOffTo": "2026-03-01"}
    assert (await case.state(industry="HARDWARE", **same)).status_code == 200
    assert (await case.state(industry="OTHER")).status_code == 200
    assert await case.elections() == ("2023-01-05", "2026-01-05", "2026-03-01"), "left out, it stays as it was held"
    await case.withdraw(gathering, 1)
    assert await case.elections() == (None, None, None)


async def test_a_profile_that_contradicts_what_was_held_is_refused(case: Case) -> None:
    await case.hold("2023-01-05")
    earlier = await case.state(lastElectedOn="2022-12-01")
    assert (problem(earlier), pointers(earlier)) == ((422, "invalid"), ["/lastElectedOn"])
    assert "correct or withdraw that one" in earlier.text
    assert "请更正或撤回该记录" in earlier.text
    late = await case.state(lastElectedOn="2023-01-05", electionPutOffTo="2026-05-05")
    assert (problem(late), pointers(late)) == ((422, "invalid"), ["/electionPutOffTo"])
    assert (await case.state(lastElectedOn="2024-02-01")).status_code == 200
    assert await case.elections() == ("2024-02-01", "2027-02-01", None), "a later one may be stated"


async def test_the_term_that_was_told_stays_when_other_facts_change(case: Case) -> None:
    await case.hold("2023-01-05", termUntil="2025-06-30")
    facts = {"name": "党委", "form": "COMMITTEE", "mode": "CATCH_ALL", "divisionCode": TOWNSHIP, "expectedVersion": 2}
    assert (await case.desk.send("PUT", f"/organisations/{case.branch}", facts)).status_code == 200
    assert await case.elections() == ("2023-01-05", "2025-07-01", None)


async def test_a_dissolved_organisation_stays_as_it_was_told_last(case: Case) -> None:
    gathering = await case.hold("2023-01-05")
    end = {"expectedVersion": 2}
    await case.desk.send("POST", f"/organisations/{case.branch}/dissolution", end)
    assert [one["aggregate"] for one in await case.withdraw(gathering, 1)] == ["ledgers-gathering"]
