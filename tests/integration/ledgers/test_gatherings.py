"""Gatherings: recorded, corrected, withdrawn; free text sealed; and what is owed follows from them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.events.ledgers.life import GatheringCorrected, GatheringRecorded, GatheringWithdrawn
from services.ledgers.handlers.republish import sources
from tests.integration.ledgers.desk import TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"


@dataclass
class Case:
    """A branch of a township, founded in 2020."""

    desk: Desk
    branch: UUID

    def facts(self, **changed: object) -> dict[str, object]:
        return {
            "kind": "MEMBERS_MEETING",
            "heldOn": "2024-02-20",
            "place": "ACTIVITY_ROOM",
            "topics": ["STUDY"],
            "expected": 5,
            "present": 4,
        } | changed

    async def record(self, role: str = "TOWNSHIP", division: str = TOWNSHIP, **changed: object) -> httpx.Response:
        body = self.facts(**changed) | {"organisationId": str(changed.get("organisationId", self.branch))}
        return await self.desk.send("POST", "/gatherings", body, role=role, division=division)

    async def correct(self, gathering: UUID, version: int, **changed: object) -> httpx.Response:
        body = self.facts(**changed) | {"expectedVersion": version}
        return await self.desk.send("PUT", f"/gatherings/{gathering}", body)

    async def state_of(self, duty: str, on: str) -> list[tuple[str, str]]:
        found = await self.desk.send("GET", f"/organisations/{self.branch}/life?on={on}")
        return [(one["first"], one["state"]) for one in found.json()["owed"] if one["duty"] == duty]


@pytest.fixture
async def case(desk: Desk) -> Case:
    body = {"name": "支部", "form": "BRANCH", "mode": "CATCH_ALL", "divisionCode": TOWNSHIP, "foundedOn": "2020-07-01"}
    return Case(desk, await desk.made("/organisations", body))


def made(answer: httpx.Response) -> UUID:
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["aggregates"][0]["id"])


async def test_what_is_owed_follows_from_what_was_held_and_still_counts(case: Case) -> None:
    assert await case.state_of("MEMBERS_MEETING", "2024-02-28") == [("2023-10-01", "OVERDUE"), ("2024-01-01", "DUE")]
    gathering = made(await case.record())
    assert await case.state_of("MEMBERS_MEETING", "2024-02-28") == [("2023-10-01", "OVERDUE"), ("2024-01-01", "DONE")]
    assert (await case.correct(gathering, 1, heldOn="2023-12-31")).status_code == 200
    assert await case.state_of("MEMBERS_MEETING", "2024-02-28") == [("2023-10-01", "DONE"), ("2024-01-01", "DUE")]
    withdrawal = {"expectedVersion": 2, "note": "重复记录"}
    answer = await case.desk.send("POST", f"/gatherings/{gathering}/withdrawal", withdrawal)
    assert answer.status_code == 200, answer.text
    assert await case.state_of("MEMBERS_MEETING", "2024-02-28") == [("2023-10-01", "OVERDUE"), ("2024-01-01", "DUE")]
    told = await case.desk.told(GatheringRecorded, GatheringCorrected, GatheringWithdrawn)
    assert [(type(one), one.version, str(one.held_on), one.state) for one in told] == [
        (GatheringRecorded, 1, "2024-02-20", "RECORDED"),
        (GatheringCorrected, 2, "2023-12-31", "RECORDED"),
        (GatheringWithdrawn, 3, "2023-12-31", "WITHDRAWN"),
    ]
    assert problem(await case.correct(gathering, 3)) == (409, "conflict"), "it was withdrawn"


async def test_free_text_is_sealed_and_opened_for_who_may_record(case: Case) -> None:
    gathering = made(await case.record(agenda="讨论王小明入党", onBehalfOf="李大力"))
    await case.correct(gathering, 1, present=5, note="王小明补签到")
    outbox = b"".join(row["payload"] for row in await case.desk.outbox()).decode()
    kept = str(await case.desk.rows("SELECT * FROM gathering_history"))
    for text in ("王小明", "李大力"):
        assert text not in outbox
        assert text not in kept
        assert text.encode().hex() not in kept
    path = f"/gatherings/{gathering}"
    seen = (await case.desk.send("GET", path, role="TOWNSHIP", division=TOWNSHIP)).json()
    assert [
        (one["version"], one.get("agenda"), one.get("onBehalfOf"), one.get("note")) for one in seen["statements"]
    ] == [
        (1, "讨论王小明入党", "李大力", None),
        (2, None, None, "王小明补签到"),
    ]
    assert (seen["present"], seen["version"]) == (5, 2)
    assert (await case.desk.send("GET", path, role="READER")).json()["statements"] == []
    assert problem(await case.desk.send("GET", path, division=ELSEWHERE)) == (403, "forbidden")


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"heldOn": "2024-02-29"}, ["/heldOn"]),
        ({"heldOn": "2020-06-30"}, ["/heldOn"]),
        ({"heldOn": "1848-02-21"}, ["/heldOn"]),
        ({"present": 6}, ["/present"]),
        ({"topics": ["STUDY", "STUDY"]}, ["/topics"]),
        ({"kind": "TRAINING"}, ["/audience"]),
        ({"termUntil": "2027-01-01"}, ["/termUntil"]),
        ({"postponedUntil": "2027-01-01"}, ["/postponedUntil"]),
        ({"kind": "ELECTION", "termUntil": "2024-02-20"}, ["/termUntil"]),
        ({"kind": "ELECTION", "postponedUntil": "2027-02-19"}, ["/postponedUntil"]),
        ({"kind": "ELECTION", "postponedUntil": "2028-02-20"}, ["/postponedUntil"]),
        ({"kind": "DINNER"}, ["/kind"]),
        ({"organisationId": str(UUID(int=1))}, ["/organisationId"]),
        ({"evidenceIds": [str(UUID(int=1))]}, ["/evidenceIds/0"]),
    ],
)
async def test_facts_that_do_not_fit_are_refused_whole(case: Case, changed: dict[str, Any], places: list[str]) -> None:
    refused = await case.record(**changed)
    assert (problem(refused), pointers(refused)) == ((422, "invalid"), places)
    assert await case.desk.told(GatheringRecorded) == []
    assert await case.desk.rows("SELECT * FROM gathering_history") == []


async def test_an_election_begins_a_term_by_the_rule_or_as_it_is_said(case: Case) -> None:
    made(await case.record(kind="ELECTION", heldOn="2023-06-01"))
    made(await case.record(kind="ELECTION", heldOn="2023-06-02", termUntil="2025-01-31", postponedUntil="2025-06-30"))
    told = await case.desk.told(GatheringRecorded)
    assert [(str(one.term_until), one.postponed_until and str(one.postponed_until)) for one in told] == [
        ("2026-05-31", None),
        ("2025-01-31", "2025-06-30"),
    ]
    assert await case.state_of("BRANCH_ELECTION", "2025-06-30") == [("2023-06-02", "DUE")]
    assert await case.state_of("BRANCH_ELECTION", "2025-07-01") == [("2023-06-02", "OVERDUE")]
    assert await case.state_of("BRANCH_ELECTION", "2023-06-01") == [("2023-06-01", "NOT_YET")]


async def test_only_who_may_record_does_and_only_for_their_own(case: Case) -> None:
    assert problem(await case.record(role="READER")) == (403, "forbidden")
    assert problem(await case.record(role="BUREAU", division="500111000000")) == (403, "forbidden")
    assert problem(await case.record(division=ELSEWHERE)) == (403, "forbidden")
    external = await case.desk.made(
        "/organisations", {"name": "村", "form": "BRANCH", "external": True, "divisionCode": TOWNSHIP}
    )
    assert pointers(await case.record(organisationId=str(external))) == ["/organisationId"]
    assert (await case.record(role="STATION")).status_code == 201


async def test_decisions_on_old_versions_are_refused_and_saying_the_same_again_changes_nothing(case: Case) -> None:
    gathering = made(await case.record())
    same = await case.correct(gathering, 1)
    assert (same.status_code, same.json()["aggregates"]) == (200, [])
    assert (await case.correct(gathering, 1, present=3)).status_code == 200
    refused = await case.correct(gathering, 1, present=2)
    assert (problem(refused), refused.json()["currentVersion"]) == ((409, "version-conflict"), 2)
    assert problem(await case.correct(UUID(int=1), 1)) == (404, "not-found")


async def test_gatherings_are_told_again_as_they_are(case: Case) -> None:
    gathering = made(await case.record())
    await case.correct(gathering, 1, present=3)
    told = []
    async with case.desk.database.transaction() as transaction:
        for source in sources(case.desk.clock):
            events, _ = await source.page(transaction.connection, UUID(int=0), 10)
            told += [one.event for one in events if isinstance(one.event, GatheringCorrected)]
    assert told == await case.desk.told(GatheringCorrected)
