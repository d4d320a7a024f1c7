"""One person recorded twice: found as such, merged into one member, and what each record said stays."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.events.ledgers.coverage import CoverageChanged
from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.organisations import MembershipCounted
from contracts.events.ledgers.posts import HonourRecorded, PostRecorded
from services.ledgers.handlers.republish import sources
from tests.id_numbers import id_number
from tests.integration.ledgers.desk import TOWNSHIP, Desk, pointers, problem
from tests.integration.ledgers.people import NUMBER, branch, change, found, person, revealed, version

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"
PHONE, OTHER_PHONE = "13800000000", "13900000000"


@pytest.fixture
async def place(desk: Desk) -> UUID:
    return await branch(desk)


async def merge(desk: Desk, member: UUID, other: UUID, **given: Any) -> httpx.Response:
    options = {name: given.pop(name) for name in ("role", "division", "key") if name in given}
    body = {"otherId": str(other), "standing": "FULL", **given}
    body.setdefault("expectedVersion", await version(desk, member))
    body.setdefault("otherExpectedVersion", await version(desk, other))
    return await desk.send("POST", f"/members/{member}/merge", body, **options)


async def duplicates(desk: Desk, **options: Any) -> list[tuple[UUID, UUID, list[str]]]:
    answer = await desk.send("GET", "/members/duplicates", **options)
    assert answer.status_code == 200, answer.text
    return [(UUID(one["memberId"]), UUID(one["otherId"]), one["reasons"]) for one in answer.json()["pairs"]]


async def test_who_may_be_one_person_is_told_and_why(desk: Desk, place: UUID) -> None:
    one = await person(desk, place, bornIn="1985-03", telephone=PHONE)
    same = await person(desk, place, name="王 小明", bornIn="1985-03", telephone=f"+86 {PHONE}")
    phone = await person(desk, place, name="李四", telephone=PHONE)
    await person(desk, place, bornIn="1985-04")
    await person(desk, place)
    expected = [
        (one, same, ["NAME_AND_BIRTH_MONTH", "TELEPHONE"]),
        (one, phone, ["TELEPHONE"]),
        (same, phone, ["TELEPHONE"]),
    ]
    assert await duplicates(desk) == expected
    pages, page = [], (await desk.send("GET", "/members/duplicates?limit=2")).json()
    while True:
        pages.append([(UUID(it["memberId"]), UUID(it["otherId"])) for it in page["pairs"]])
        if "next" not in page:
            break
        page = (await desk.send("GET", f"/members/duplicates?limit=2&after={page['next']}")).json()
    assert pages == [[(one, same), (one, phone)], [(same, phone)]]
    assert problem(await desk.send("GET", "/members/duplicates?after=x")) == (422, "invalid")


async def test_two_id_numbers_are_two_persons(desk: Desk, place: UUID) -> None:
    one = await person(desk, place, idNumber=NUMBER, telephone=PHONE)
    other = await person(desk, place, idNumber=id_number("19850308", 2), telephone=PHONE)
    unknown = await person(desk, place, bornIn="1985-03")
    assert [pair[:2] for pair in await duplicates(desk)] == [(one, unknown), (other, unknown)], "either may be it"


async def test_duplicates_are_told_to_who_keeps_both(desk: Desk, place: UUID) -> None:
    elsewhere = await branch(desk, ELSEWHERE)
    await person(desk, place, telephone=PHONE)
    await person(desk, elsewhere, telephone=PHONE)
    assert len(await duplicates(desk)) == 1
    for division in (TOWNSHIP, ELSEWHERE):
        assert await duplicates(desk, division=division) == []
    refused = await desk.send("GET", "/members/duplicates", role="TOWNSHIP", division=TOWNSHIP)
    assert problem(refused) == (403, "forbidden")


async def test_one_goes_on_with_places_and_numbers_and_is_counted_once(desk: Desk, place: UUID) -> None:
    entity, elsewhere = await desk.knows_entity(), await branch(desk, ELSEWHERE)
    member = await person(desk, place, telephone=PHONE, managementOrganisationId=str(place))
    other = await person(
        desk,
        elsewhere,
        name="王晓明",
        idNumber=NUMBER,
        telephone=OTHER_PHONE,
        standing="PROBATIONARY",
        workplaceEntityId=str(entity),
    )
    places = {"workplaceEntityId": str(entity), "relationOrganisationId": str(place)}
    merged = await merge(desk, member, other, **places)
    assert [(one["id"], one["version"]) for one in merged.json()["aggregates"]] == [(str(member), 2), (str(other), 2)]

    on, gone = (await desk.told(MemberRecorded))[-2:]
    assert (on.member_id, on.state, on.masked_name, on.born_in, on.standing) == (
        member,
        "ACTIVE",
        "王**",
        "1985-03",
        "FULL",
    )
    assert (on.workplace_entity_id, on.relation_organisation_id, on.management_organisation_id) == (entity, place, None)
    assert (gone.member_id, gone.state, gone.merged_into) == (other, "LEFT", member)
    counted = {one.organisation_id: (one.related, one.managed) for one in await desk.told(MembershipCounted)}
    assert counted == {place: (1, 0), elsewhere: (0, 0)}
    coverage = (await desk.told(CoverageChanged))[-1]
    assert (coverage.full_members, coverage.probationary_members) == (1, 0)

    assert await revealed(desk, member) == [
        {"memberId": str(member), "name": "王小明", "idNumber": NUMBER, "telephone": PHONE},
        {"memberId": str(other), "name": "王晓明", "idNumber": NUMBER, "telephone": OTHER_PHONE},
    ]
    for wanted in ({"name": "王晓明"}, {"idNumber": NUMBER}, {"telephone": OTHER_PHONE}, {"telephone": PHONE}):
        assert await found(desk, **wanted) == [member], wanted
    assert await duplicates(desk) == []
    histories = await desk.rows("SELECT member_id FROM member_history")
    assert sorted(row["member_id"] for row in histories) == [member, member, other, other], "both stay"


async def test_who_was_merged_goes_on_no_more(desk: Desk, place: UUID) -> None:
    member, other = await person(desk, place), await person(desk, place)
    third = await person(desk, place)
    assert (await merge(desk, member, other, relationOrganisationId=str(place))).status_code == 200
    placed = {"expectedVersion": 2, "standing": "FULL", "relationOrganisationId": str(place)}
    moved = {"memberId": str(other), "toOrganisationId": str(await branch(desk, ELSEWHERE))}
    for answer in (
        await change(desk, other, telephone=PHONE),
        await desk.send("PUT", f"/members/{other}", placed),
        await desk.send("POST", f"/members/{other}/leaving", {"expectedVersion": 2, "reason": "RESIGNED"}),
        await desk.send("POST", f"/members/{other}/erasure", {"expectedVersion": 2}),
        await desk.send("POST", "/transfers", moved, division=TOWNSHIP),
        await merge(desk, third, other),
        await merge(desk, other, third),
    ):
        assert problem(answer) == (409, "conflict"), answer.text


async def test_a_merged_record_that_takes_another_in_leads_all_to_who_goes_on(desk: Desk, place: UUID) -> None:
    first, second, third = [
        await person(desk, place, name=name, **facts)
        for name, facts in (("王一", {"idNumber": NUMBER}), ("王二", {}), ("王三", {"telephone": PHONE}))
    ]
    assert (await merge(desk, second, first, relationOrganisationId=str(place))).status_code == 200
    assert (await merge(desk, third, second, relationOrganisationId=str(place))).status_code == 200
    assert [one["memberId"] for one in await revealed(desk, third)] == [str(third), str(first), str(second)]
    for wanted in ({"name": "王一"}, {"name": "王二"}, {"idNumber": NUMBER}):
        assert await found(desk, **wanted) == [third]
    corrected = id_number("19850308", 7)
    assert (await change(desk, third, idNumber=corrected)).status_code == 200
    assert await found(desk, idNumber=NUMBER) == []
    assert await found(desk, idNumber=corrected) == [third]
    assert (await person(desk, place, name="赵六", idNumber=NUMBER)) is not None, "a corrected number is free"


async def test_what_is_taken_away_goes_from_what_was_merged_too(desk: Desk, place: UUID) -> None:
    member = await person(desk, place, telephone=PHONE)
    other = await person(desk, place, idNumber=NUMBER, telephone=OTHER_PHONE)
    assert (await merge(desk, member, other, relationOrganisationId=str(place))).status_code == 200
    assert (await change(desk, member, without=["TELEPHONE", "ID_NUMBER"])).status_code == 200
    assert await revealed(desk, member) == [{"memberId": str(one), "name": "王小明"} for one in (member, other)]
    assert await found(desk, telephone=OTHER_PHONE) == await found(desk, idNumber=NUMBER) == []


async def test_what_contradicts_is_refused_and_changes_nothing(desk: Desk, place: UUID) -> None:
    elsewhere = await branch(desk, ELSEWHERE)
    member, other = await person(desk, place, idNumber=NUMBER), await person(desk, elsewhere, telephone=PHONE)
    left = await person(desk, place)
    await desk.send("POST", f"/members/{left}/leaving", {"expectedVersion": 1, "reason": "RESIGNED"})
    another = await person(desk, place, idNumber=id_number("19900101"))
    before = len(await desk.outbox())
    same = await merge(desk, member, member)
    assert (problem(same), pointers(same)) == ((422, "invalid"), ["/otherId"])
    nowhere = await merge(desk, member, other, relationOrganisationId=str(UUID(int=1)))
    assert (problem(nowhere), pointers(nowhere)) == ((422, "invalid"), ["/relationOrganisationId"])
    body = {"otherId": str(UUID(int=1)), "standing": "FULL", "expectedVersion": 1, "otherExpectedVersion": 1}
    absent = await desk.send("POST", f"/members/{member}/merge", body)
    assert problem(absent) == (404, "not-found")
    for versions in ({"expectedVersion": 2}, {"otherExpectedVersion": 2}):
        assert problem(await merge(desk, member, other, **versions)) == (409, "version-conflict")
    assert problem(await merge(desk, member, another)) == (409, "conflict"), "two ID numbers"
    assert problem(await merge(desk, left, other)) == (409, "conflict"), "who goes on has left"
    for who in ({"role": "TOWNSHIP"}, {"division": TOWNSHIP}, {"division": ELSEWHERE}):
        assert problem(await merge(desk, member, other, **who)) == (403, "forbidden")
    assert len(await desk.outbox()) == before
    assert (await merge(desk, member, left, relationOrganisationId=str(place))).status_code == 200, "but not who has"


async def test_while_a_transfer_is_under_way_nobody_is_merged(desk: Desk, place: UUID) -> None:
    member, other = await person(desk, place), await person(desk, place)
    body = {"memberId": str(other), "toOrganisationId": str(await branch(desk, ELSEWHERE))}
    transfer = await desk.made("/transfers", body, division=TOWNSHIP)
    for pair in ((member, other), (other, member)):
        refused = await merge(desk, *pair)
        assert problem(refused) == (409, "conflict")
        assert refused.json()["processId"] == str(transfer)
    step = {"expectedVersion": 1, "action": "WITHDRAW"}
    assert (await desk.send("POST", f"/transfers/{transfer}/steps", step, division=TOWNSHIP)).status_code == 200
    assert (await merge(desk, member, other, relationOrganisationId=str(place))).status_code == 200


async def test_of_merging_and_a_transfer_at_once_one_is_refused(desk: Desk, place: UUID) -> None:
    elsewhere = await branch(desk, ELSEWHERE)
    outcomes = set()
    for _ in range(15):
        member, other = await person(desk, place), await person(desk, place)
        body = {"memberId": str(other), "toOrganisationId": str(elsewhere)}
        answers = await asyncio.gather(
            merge(desk, member, other, relationOrganisationId=str(place), expectedVersion=1, otherExpectedVersion=1),
            desk.send("POST", "/transfers", body, division=TOWNSHIP),
        )
        statuses = tuple(one.status_code for one in answers)
        assert statuses in {(200, 409), (409, 201)}, [one.text for one in answers]
        outcomes.add(statuses)
    under_way = await desk.rows(
        "SELECT FROM process JOIN member ON member_id::text = subject_id WHERE under_way AND member.state = 'LEFT'"
    )
    assert under_way == []


async def test_two_who_are_merged_into_each_other_at_once_are_one_afterwards(desk: Desk, place: UUID) -> None:
    for _ in range(10):
        one, other = await person(desk, place), await person(desk, place)
        versions = {"expectedVersion": 1, "otherExpectedVersion": 1, "relationOrganisationId": str(place)}
        answers = await asyncio.gather(merge(desk, one, other, **versions), merge(desk, other, one, **versions))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
    active = await desk.rows("SELECT FROM member WHERE state = 'ACTIVE'")
    assert len(active) == 10


async def test_a_retry_of_merging_is_answered_as_the_first_time(desk: Desk, place: UUID) -> None:
    member, other = await person(desk, place), await person(desk, place)
    given = {"relationOrganisationId": str(place), "expectedVersion": 1, "otherExpectedVersion": 1, "key": "k1"}
    first = await merge(desk, member, other, **given)
    assert first.status_code == 200
    assert (await merge(desk, member, other, **given)).json() == first.json()
    assert len(await desk.told(MemberRecorded)) == 4


async def test_merged_members_are_told_again_as_they_are(desk: Desk, place: UUID) -> None:
    member, other = await person(desk, place, bornIn="1985-03"), await person(desk, place)
    await merge(desk, member, other, relationOrganisationId=str(place))
    last = (await desk.told(MemberRecorded))[-2:]
    async with desk.database.transaction() as transaction:
        pages = [await source.page(transaction.connection, UUID(int=0), 10) for source in sources(desk.clock)]
    again = [one.event for told, _ in pages for one in told if isinstance(one.event, MemberRecorded)]
    assert again == last


async def test_posts_and_honours_go_on_with_the_one_who_does(desk: Desk, place: UUID) -> None:
    member, other = await person(desk, place), await person(desk, place)
    post = await desk.made("/posts", {"memberId": str(other), "kind": "QC_CIRCLE", "organisationId": str(place)})
    body = {"memberId": str(other), "kind": "GOOD_MEMBER", "level": "TOWNSHIP", "year": 2023, "awardedBy": "镇党委"}
    honour = await desk.made("/honours", body)
    assert (await merge(desk, member, other)).status_code == 200
    kept = [(await desk.send("GET", path)).json() for path in (f"/posts/{post}", f"/honours/{honour}")]
    assert [(one["memberId"], one["version"], one["state"]) for one in kept] == [
        (str(member), 2, "HELD"),
        (str(member), 2, "AWARDED"),
    ]
    told = (await desk.told(PostRecorded))[-1], (await desk.told(HonourRecorded))[-1]
    assert [one.member_id for one in told] == [member, member]


async def test_a_merged_record_says_why_it_counts_no_more_and_nobody_states_that(desk: Desk, place: UUID) -> None:
    member, other = await person(desk, place), await person(desk, place)
    stated = {"expectedVersion": 1, "reason": "MERGED"}
    assert pointers(await desk.send("POST", f"/members/{other}/leaving", stated)) == ["/reason"]
    assert (await merge(desk, member, other)).status_code == 200
    gone = (await desk.send("GET", f"/members/{other}")).json()
    assert (gone["state"], gone["leavingReason"], gone["mergedInto"]) == ("LEFT", "MERGED", str(member))
