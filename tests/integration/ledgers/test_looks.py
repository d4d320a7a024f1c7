"""Looking at what is sealed: who may, what for, and what is noted of it for how long."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.vocabulary import LookPurpose
from kit.housekeeping import PRUNE, Housekeeping
from kit.timers import Due
from services.ledgers.handlers.looking import forget_old_looks
from tests.integration.ledgers.desk import DISTRICT, TOWNSHIP, Desk, pointers, problem
from tests.integration.ledgers.people import ALL, NUMBER, WHY, branch, person

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"
PHONE = "13800000000"


@pytest.fixture
async def place(desk: Desk) -> UUID:
    return await branch(desk)


@pytest.fixture
async def member(desk: Desk, place: UUID) -> UUID:
    return await person(desk, place, idNumber=NUMBER, telephone=PHONE)


async def reveal(desk: Desk, member: UUID, **options: Any) -> httpx.Response:
    body = {"fields": ALL, **WHY, **options.pop("body", {})}
    return await desk.send("POST", f"/members/{member}/reveal", body, **options)


async def audit(desk: Desk, query: str = "", **options: Any) -> list[dict[str, Any]]:
    answer = await desk.send("GET", f"/audit{query}", **options)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["looks"]
    return found


async def test_what_was_asked_for_is_shown_and_noted(desk: Desk, member: UUID) -> None:
    saga = uuid4()
    answer = await reveal(desk, member, body={"fields": ["TELEPHONE", "TELEPHONE"]}, saga=saga)
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["correlationId"] == str(saga)
    assert [{key: one for key, one in record.items() if key != "recordedAt"} for record in told["records"]] == [
        {"memberId": str(member), "telephone": PHONE}
    ]
    assert await audit(desk) == [
        {
            "lookId": told["lookId"],
            "kind": "REVEAL",
            "lookedBy": "clerk-17",
            "lookedAs": "ORGANISATION_DEPARTMENT",
            "divisionCode": DISTRICT,
            "purpose": "VERIFICATION",
            "reason": "核对组织关系介绍信",
            "fields": ["TELEPHONE"],
            "memberIds": [str(member)],
            "correlationId": str(saga),
            "lookedAt": "2024-02-28T02:00:00Z",
        }
    ]
    kept = await desk.rows("SELECT person_look::text AS whole FROM person_look")
    assert "介绍信" not in kept[0]["whole"]
    assert "介绍信".encode().hex() not in kept[0]["whole"], "the reason is sealed"


async def test_a_search_finds_exact_values_of_all_kinds_given_and_keeps_none_of_them(
    desk: Desk, place: UUID, member: UUID
) -> None:
    namesake = await person(desk, place, telephone="13900000000")
    searched: list[tuple[Mapping[str, str], list[UUID]]] = [
        ({"name": "王 小明"}, [member, namesake]),
        ({"idNumber": NUMBER.lower()}, [member]),
        ({"telephone": "+86 138 0000 0000"}, [member]),
        ({"name": "王小明", "telephone": PHONE}, [member]),
        ({"name": "王小明", "telephone": "13700000000"}, []),
        ({"name": "王小"}, []),
        ({"name": PHONE}, []),
    ]
    for wanted, expected in searched:
        answer = (await desk.send("POST", "/members/search", {**wanted, **WHY})).json()
        assert [UUID(one["memberId"]) for one in answer["members"]] == expected, wanted
        assert answer["more"] is False
        assert {one["maskedName"] for one in answer["members"]} <= {"王**"}
    noted = (await audit(desk))[::-1]
    assert [(one["fields"], one["memberIds"]) for one in noted[2:4]] == [
        (["TELEPHONE"], [str(member)]),
        (["NAME", "TELEPHONE"], [str(member)]),
    ]
    assert len(noted) == len(searched), "also where nobody was found"
    kept = str(await desk.rows("SELECT person_look::text FROM person_look"))
    for value in ("王小明", NUMBER, PHONE):
        assert value not in kept
        assert value.encode().hex() not in kept


async def test_more_than_are_told_at_once_are_said_to_be_more(desk: Desk, place: UUID) -> None:
    for _ in range(51):
        await person(desk, place)
    answer = (await desk.send("POST", "/members/search", {"name": "王小明", **WHY})).json()
    assert (len(answer["members"]), answer["more"]) == (50, True)


@pytest.mark.parametrize(
    ("role", "division"),
    [("TOWNSHIP", TOWNSHIP), ("READER", DISTRICT), ("BUREAU", DISTRICT), ("ORGANISATION_DEPARTMENT", ELSEWHERE)],
)
async def test_who_may_not_sees_nothing_and_nothing_is_noted(
    desk: Desk, member: UUID, role: str, division: str
) -> None:
    assert problem(await reveal(desk, member, role=role, division=division)) == (403, "forbidden")
    searched = await desk.send("POST", "/members/search", {"idNumber": NUMBER, **WHY}, role=role, division=division)
    if role == "ORGANISATION_DEPARTMENT":
        assert searched.json()["members"] == [], "outside their divisions"
    else:
        assert problem(searched) == (403, "forbidden")
    assert [one["kind"] for one in await audit(desk)] == (["SEARCH"] if role == "ORGANISATION_DEPARTMENT" else [])


async def test_a_mandate_narrows_who_may_look(desk: Desk, member: UUID) -> None:
    mandate = {
        "subject": "clerk-17",
        "role": "ORGANISATION_DEPARTMENT",
        "divisionCode": ELSEWHERE,
        "validFrom": "2024-01-01",
    }
    await desk.made("/mandates", mandate, subject="chief")
    for answer in (
        await reveal(desk, member),
        await desk.send("POST", "/members/search", {"idNumber": NUMBER, **WHY}),
        await desk.send("GET", "/audit"),
        await desk.send("GET", "/members/duplicates"),
        await desk.send("GET", "/erasures"),
    ):
        assert problem(answer) == (403, "forbidden")
    assert (await reveal(desk, member, subject="chief")).status_code == 200


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"purpose": "CURIOSITY"}, ["/purpose"]),
        ({"reason": "核对"}, ["/reason"]),
        ({"reason": "     核对     "}, ["/reason"]),
        ({"fields": []}, ["/fields"]),
        ({"fields": ["ADDRESS"]}, ["/fields/0"]),
    ],
)
async def test_without_a_purpose_and_a_reason_nothing_is_shown(
    desk: Desk, member: UUID, body: dict[str, object], places: list[str]
) -> None:
    refused = await reveal(desk, member, body=body)
    assert (problem(refused), pointers(refused)) == ((422, "invalid"), places)
    assert await audit(desk) == []


async def test_a_search_for_nothing_and_a_member_who_is_not_there_are_refused(desk: Desk) -> None:
    refused = await desk.send("POST", "/members/search", WHY)
    assert (problem(refused), pointers(refused)) == ((422, "invalid"), ["/"])
    assert problem(await reveal(desk, UUID(int=1))) == (404, "not-found")
    assert await audit(desk) == []


async def test_who_keeps_members_may_look_but_the_organisation_department_alone_reads_who_did(
    desk: Desk, member: UUID
) -> None:
    assert (await reveal(desk, member, role="NON_PUBLIC_COMMITTEE")).status_code == 200
    for role in ("NON_PUBLIC_COMMITTEE", "SYSTEM", "DISTRICT", "READER"):
        assert problem(await desk.send("GET", "/audit", role=role)) == (403, "forbidden")
    assert [one["lookedAs"] for one in await audit(desk)] == ["NON_PUBLIC_COMMITTEE"]


async def test_audit_records_are_asked_for_by_filters_and_pages(desk: Desk, place: UUID, member: UUID) -> None:
    other = await person(desk, place, name="李四")
    start = desk.clock.now()
    for number, purpose in enumerate(LookPurpose):
        subject = f"clerk-{number % 2}"
        await reveal(desk, member if number < 3 else other, body={"purpose": purpose.value}, subject=subject)
        desk.clock.advance(timedelta(hours=1))
    await desk.send("POST", "/members/search", {"name": "李四", **WHY}, division=TOWNSHIP)
    everything = await audit(desk)
    assert [one["kind"] for one in everything] == ["SEARCH"] + ["REVEAL"] * 5
    since = (start + timedelta(hours=2)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for query, expected in (
        (f"?memberId={member}", 3),
        (f"?memberId={other}", 3),
        ("?kind=SEARCH", 1),
        ("?purpose=TRANSFER", 1),
        ("?lookedBy=clerk-1", 2),
        (f"?since={since}", 4),
        (f"?until={since}", 2),
        (f"?kind=REVEAL&memberId={other}&lookedBy=clerk-0", 1),
    ):
        assert len(await audit(desk, query)) == expected, query
    pages = []
    page = (await desk.send("GET", "/audit?limit=4")).json()
    while True:
        pages.append([one["lookId"] for one in page["looks"]])
        if "next" not in page:
            break
        page = (await desk.send("GET", f"/audit?limit=4&before={page['next']}")).json()
    assert [len(one) for one in pages] == [4, 2]
    assert [one for page in pages for one in page] == [one["lookId"] for one in everything]
    assert len(await audit(desk, division=TOWNSHIP)) == 1, "those of callers of the reader's divisions"
    wrong = await desk.send("GET", f"/audit?since={since}&until={since}")
    assert problem(wrong) == (422, "invalid")


async def test_audit_records_are_kept_for_three_years_and_then_forgotten(desk: Desk, member: UUID) -> None:
    await reveal(desk, member)
    housekeeping = Housekeeping(desk.clock, {"looks": forget_old_looks})

    async def a_day_passes(days: int) -> int:
        desk.clock.advance(timedelta(days=days))
        async with desk.database.transaction() as transaction:
            await housekeeping(transaction, Due("housekeeping", PRUNE, desk.clock.now(), 1))
        return len(await audit(desk))

    three_years = (datetime(2027, 2, 28, tzinfo=UTC) - datetime(2024, 2, 28, tzinfo=UTC)).days
    assert await a_day_passes(three_years) == 1
    assert await a_day_passes(3) == 0
