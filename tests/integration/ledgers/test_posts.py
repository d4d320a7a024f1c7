"""Posts and honours of members: where and since when, by whom and for which year, and gone with the member's data."""

from uuid import UUID

import pytest

from contracts.events.ledgers.posts import HonourRecorded, PostRecorded
from services.ledgers.handlers.republish import sources
from tests.integration.ledgers.candidate import branch
from tests.integration.ledgers.desk import TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers


async def test_a_member_takes_up_a_post_and_leaves_it(desk: Desk) -> None:
    home, shop = await branch(desk), await desk.knows_entity()
    member = await desk.knows_member(relationOrganisationId=str(home))
    body = {"memberId": str(member), "kind": "QUALITY_POST", "since": "2024-01-05"}
    assert pointers(await desk.send("POST", "/posts", body)) == ["/"]
    both = {"organisationId": str(home), "entityId": str(shop)}
    assert pointers(await desk.send("POST", "/posts", body | both)) == ["/"]
    assert pointers(await desk.send("POST", "/posts", body | {"entityId": str(home)})) == ["/entityId"]
    assert problem(await desk.send("POST", "/posts", body | {"entityId": str(shop)}, role="TOWNSHIP")) == (
        403,
        "forbidden",
    )
    stranger = body | {"entityId": str(shop), "memberId": str(UUID(int=1))}
    assert problem(await desk.send("POST", "/posts", stranger)) == (404, "not-found")

    post = await desk.made("/posts", body | {"entityId": str(shop)})
    ending = {"expectedVersion": 1, "until": "2024-01-04"}
    assert pointers(await desk.send("POST", f"/posts/{post}/ending", ending)) == ["/until"]
    ending["until"] = "2024-02-01"
    assert (await desk.send("POST", f"/posts/{post}/ending", ending)).status_code == 200
    assert problem(await desk.send("POST", f"/posts/{post}/ending", ending)) == (409, "version-conflict")
    assert problem(await desk.send("POST", f"/posts/{post}/ending", ending | {"expectedVersion": 2})) == (
        409,
        "conflict",
    )
    first, last = await desk.told(PostRecorded)
    assert (first.member_id, first.kind, first.entity_id, first.state) == (member, "QUALITY_POST", shop, "HELD")
    assert (first.division_code, str(first.since), first.until) == (TOWNSHIP, "2024-01-05", None)
    assert (last.state, str(last.until), last.version) == ("ENDED", "2024-02-01", 2)
    read = await desk.send("GET", f"/posts/{post}", division="500112101000")
    assert problem(read) == (403, "forbidden")


async def test_a_member_is_honoured_and_the_honour_may_be_withdrawn(desk: Desk) -> None:
    member = await desk.knows_member(relationOrganisationId=str(await branch(desk)))
    body = {"memberId": str(member), "kind": "GOOD_SECRETARY", "level": "DISTRICT", "awardedBy": " 区委组织部 "}
    assert pointers(await desk.send("POST", "/honours", body | {"year": 2025})) == ["/year"]
    honour = await desk.made("/honours", body | {"year": 2023})
    taken = await desk.send("POST", f"/honours/{honour}/withdrawal", {"expectedVersion": 1})
    assert taken.status_code == 200
    again = await desk.send("POST", f"/honours/{honour}/withdrawal", {"expectedVersion": 2})
    assert problem(again) == (409, "conflict")
    first, last = await desk.told(HonourRecorded)
    assert (first.kind, first.level, first.year, first.awarded_by) == ("GOOD_SECRETARY", "DISTRICT", 2023, "区委组织部")
    assert (first.state, last.state, last.version) == ("AWARDED", "WITHDRAWN", 2)
    found = (await desk.send("GET", f"/honours/{honour}")).json()
    assert (found["state"], found["divisionCode"]) == ("WITHDRAWN", TOWNSHIP)


async def test_who_leaves_holds_no_post_keeps_honours_and_takes_up_none(desk: Desk) -> None:
    home = await branch(desk)
    member = await desk.knows_member(relationOrganisationId=str(home))
    body = {"memberId": str(member), "kind": "VOLUNTEER_TEAM", "organisationId": str(home)}
    post = await desk.made("/posts", body)
    honour = {
        "memberId": str(member),
        "kind": "MODEL_WORKER",
        "level": "MUNICIPAL",
        "year": 2020,
        "awardedBy": "市政府",
    }
    kept = await desk.made("/honours", honour)
    left = {"expectedVersion": 1, "reason": "TRANSFERRED_OUT"}
    assert (await desk.send("POST", f"/members/{member}/leaving", left)).status_code == 200
    found = (await desk.send("GET", f"/posts/{post}")).json()
    assert (found["state"], found["until"]) == ("ENDED", "2024-02-28")
    assert problem(await desk.send("POST", "/posts", body)) == (409, "conflict")
    assert (await desk.send("GET", f"/honours/{kept}")).json()["state"] == "AWARDED"
    await desk.made("/honours", honour | {"year": 2021})


async def test_posts_and_honours_of_an_erased_member_name_nobody(desk: Desk) -> None:
    home = await branch(desk)
    member = await desk.knows_member(relationOrganisationId=str(home))
    post = await desk.made("/posts", {"memberId": str(member), "kind": "QC_CIRCLE", "organisationId": str(home)})
    body = {"memberId": str(member), "kind": "GOOD_MEMBER", "level": "TOWNSHIP", "year": 2023, "awardedBy": "镇党委"}
    honour = await desk.made("/honours", body)
    assert (await desk.send("POST", f"/members/{member}/erasure", {"expectedVersion": 1})).status_code == 200
    told = (await desk.told(PostRecorded))[-1], (await desk.told(HonourRecorded))[-1]
    assert [(one.version, one.state, one.member_id) for one in told] == [(2, "ERASED", None)] * 2
    kept = await desk.rows("SELECT member_id FROM post UNION ALL SELECT member_id FROM honour")
    assert [row["member_id"] for row in kept] == [None, None]
    again: dict[str, str] = {}
    async with desk.database.transaction() as transaction:
        for source in sources(desk.clock):
            page, _ = await source.page(transaction.connection, UUID(int=0), 10)
            again |= {each.event.topic: each.event.key for each in page}
    assert (again["ledgers-post"], again["ledgers-honour"]) == (str(post), str(honour))
