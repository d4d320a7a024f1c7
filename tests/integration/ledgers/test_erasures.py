"""Erasing: what named a person is gone at once from the ledgers, and by its term from the topic."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import catalogue
from contracts.events.ledgers.members import MemberErased
from kit.health import Progress
from kit.housekeeping import PROCESS, PRUNE
from kit.roles import Role
from kit.timers import Timers, set_timer
from services.ledgers.handlers.members import ERASURE, EndOfErasure
from services.ledgers.main import components
from services.ledgers.settings import LedgersSettings
from tests.integration.ledgers.desk import KEY, TOWNSHIP, Desk, problem
from tests.integration.ledgers.people import NUMBER, WHY, branch, found, person, revealed, version
from tests.tokens import ISSUER, Issuer

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"
PHONE = "13800000000"
DUE = datetime(2024, 4, 13, 16, tzinfo=UTC)
"""45 whole days after 28 February 2024 in Shanghai."""


@pytest.fixture
async def place(desk: Desk) -> UUID:
    return await branch(desk)


async def erase(desk: Desk, member: UUID) -> list[UUID]:
    body = {"expectedVersion": await version(desk, member)}
    answer = await desk.send("POST", f"/members/{member}/erasure", body)
    assert answer.status_code == 200, answer.text
    return [UUID(one["id"]) for one in answer.json()["aggregates"]]


async def erasures(desk: Desk, query: str = "", **options: Any) -> list[dict[str, Any]]:
    answer = await desk.send("GET", f"/erasures{query}", **options)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["erasures"]
    return found


async def test_nothing_of_a_person_is_kept_but_that_somebody_looked(desk: Desk, place: UUID) -> None:
    member = await person(desk, place, idNumber=NUMBER, telephone=PHONE)
    body = {"memberId": str(member), "toOrganisationId": str(await branch(desk, ELSEWHERE)), "note": "换了工作"}
    await desk.made("/transfers", body, division=TOWNSHIP)
    await revealed(desk, member)
    assert await erase(desk, member) == [member]
    for empty in (
        "SELECT FROM person",
        "SELECT FROM person_index",
        "SELECT FROM member_history",
        "SELECT FROM process_step WHERE sealed_note IS NOT NULL",
        "SELECT FROM person_look WHERE sealed_reason IS NOT NULL",
        "SELECT FROM member WHERE born_in IS NOT NULL OR masked_name IS NOT NULL",
    ):
        assert await desk.rows(empty) == [], empty
    [look] = (await desk.send("GET", f"/audit?memberId={member}")).json()["looks"]
    assert "reason" not in look
    assert await found(desk, idNumber=NUMBER) == []
    wanted = {"fields": ["NAME"], **WHY}
    assert problem(await desk.send("POST", f"/members/{member}/reveal", wanted)) == (404, "not-found")
    assert await person(desk, place, idNumber=NUMBER) != member, "the number is free"


async def test_who_was_merged_is_erased_with_who_went_on(desk: Desk, place: UUID) -> None:
    member, other = await person(desk, place), await person(desk, place, idNumber=NUMBER)
    body = {"otherId": str(other), "standing": "FULL", "expectedVersion": 1, "otherExpectedVersion": 1}
    assert (await desk.send("POST", f"/members/{member}/merge", body)).status_code == 200
    assert await erase(desk, member) == [member, other]
    assert [(one.member_id, one.version) for one in await desk.told(MemberErased)] == [(member, 3), (other, 3)]
    assert await desk.rows("SELECT FROM person UNION ALL SELECT FROM person_index") == []
    assert {one["memberId"] for one in await erasures(desk)} == {str(member), str(other)}


async def test_the_term_of_an_erasure_ends_and_is_noted(desk: Desk, place: UUID) -> None:
    assert catalogue.topics()["ledgers-member"].erased_within_days == 45
    member = await person(desk, place)
    await erase(desk, member)
    noted = {"memberId": str(member), "erasedAt": "2024-02-28T02:00:00Z", "dueAt": DUE.strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert await erasures(desk) == [noted]
    timers = Timers(
        service="ledgers",
        database=desk.database,
        clock=desk.clock,
        processes={ERASURE: EndOfErasure(desk.clock)},
        progress=Progress("timers"),
    )
    desk.clock.advance(DUE - desk.clock.now() - timedelta(seconds=1))
    assert await timers.fire_due() == []
    desk.clock.advance(timedelta(seconds=1))
    assert len(await timers.fire_due()) == 1
    assert await erasures(desk) == [noted | {"doneAt": noted["dueAt"]}]
    desk.clock.advance(timedelta(days=1))
    assert await timers.fire_due() == [], "once"


async def test_the_process_of_the_ledgers_ends_terms_and_forgets_old_looks(
    desk: Desk, place: UUID, tmp_path: Path
) -> None:
    first, second, gone = [await person(desk, place) for _ in range(3)]
    await revealed(desk, first)
    await revealed(desk, second)
    await erase(desk, gone)
    async with desk.database.transaction() as transaction:
        # The clock of a process is that of the machine.
        for member, days in ((first, 4 * 366), (second, 2 * 366)):
            await transaction.connection.execute(
                "UPDATE person_look SET looked_at = now() - $2::int * interval '1 day' "
                "WHERE member_ids = ARRAY[$1::uuid]",
                member,
                days,
            )
        await set_timer(transaction.connection, PROCESS, PRUNE, desk.clock.now())
    settings = LedgersSettings(
        kafka_bootstrap_servers="127.0.0.1:1",
        dead_letter_key=KEY,
        personal_data_key=KEY,
        database_url=desk.url,
        auth_issuer=ISSUER,
        auth_jwks=str(Issuer().publish(tmp_path)),
    )
    timers = [one for one in components(settings, Role.SERVICE) if isinstance(one, Timers)]
    assert len(timers) == 1
    await timers[0].fire_due()
    assert [("doneAt" in one) for one in await erasures(desk)] == [True]
    assert [row["member_ids"] for row in await desk.rows("SELECT member_ids FROM person_look")] == [[second]]


async def test_erasures_are_shown_by_pages_to_who_kept_the_members(desk: Desk, place: UUID) -> None:
    elsewhere = await branch(desk, ELSEWHERE)
    erased = []
    for where in (place, place, elsewhere):
        erased += await erase(desk, await person(desk, where))
    first = (await desk.send("GET", "/erasures?limit=2")).json()
    rest = (await desk.send("GET", f"/erasures?limit=2&after={first['next']}")).json()
    assert "next" not in rest
    assert [UUID(one["memberId"]) for one in first["erasures"] + rest["erasures"]] == sorted(erased)
    assert [UUID(one["memberId"]) for one in await erasures(desk, division=ELSEWHERE)] == erased[2:]
    refused = await desk.send("GET", "/erasures", role="TOWNSHIP", division=TOWNSHIP)
    assert problem(refused) == (403, "forbidden")


async def test_erasing_twice_is_refused(desk: Desk, place: UUID) -> None:
    member = await person(desk, place)
    await erase(desk, member)
    again = await desk.send("POST", f"/members/{member}/erasure", {"expectedVersion": 2})
    assert problem(again) == (404, "not-found")
    assert len(await erasures(desk)) == 1
