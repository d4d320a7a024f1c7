"""Development: from an application to a full member, stage by stage, by the quota of the year."""

import asyncio
from datetime import date
from uuid import UUID

import httpx
import pytest

from cli.derived import quotas_recounted
from contracts.events.ledgers.coverage import CoverageChanged, FoundingRequired
from contracts.events.ledgers.development import DevelopmentMoved, QuotaRecorded
from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.organisations import MembershipCounted
from services.ledgers.handlers.republish import sources
from tests.integration.ledgers.candidate import NAME, applies, branch, quota, steps
from tests.integration.ledgers.desk import TOWNSHIP, Desk, pointers, problem
from tests.integration.ledgers.people import found

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"


async def test_a_person_becomes_a_member_step_by_step(desk: Desk) -> None:
    home, shop = await branch(desk), await desk.knows_entity()
    await quota(desk, home, 1)
    one = await applies(desk, home, workplaceEntityId=str(shop), note="本人自愿申请")
    person = UUID((await one.now())["personId"])
    await one.comes_to("NAME_TARGET")
    assert await desk.told(MemberRecorded) == []
    assert await found(desk, name=NAME) == []

    await one.does("ADMIT", steps=steps(range(9, 18)))

    [member] = await desk.told(MemberRecorded)
    assert (member.member_id, member.standing, member.state) == (person, "PROBATIONARY", "ACTIVE")
    assert await found(desk, name=NAME) == [person], "an applicant is found by nothing, a member by their name"
    assert (member.masked_name, member.effective_on) == ("欧***", date(2022, 7, 20))
    assert (member.relation_organisation_id, member.management_organisation_id) == (home, home)
    assert (member.workplace_entity_id, member.relation_since) == (shop, date(2022, 7, 20))
    counted = (await desk.told(MembershipCounted))[-1]
    assert (counted.related, counted.full_related) == (1, 0)
    covered = (await desk.told(CoverageChanged, FoundingRequired))[-1]
    assert (covered.entity_id, covered.full_members, covered.probationary_members) == (shop, 0, 1)
    assert [(one.places, one.taken) for one in await desk.told(QuotaRecorded)] == [(1, 0), (1, 1)]
    assert (await one.now())["nextFrom"] == "2023-07-01", "a year from the vote"

    await one.does("CONFIRM", steps=steps(range(18, 25)))
    await one.does("FILE", steps=steps([25]))

    member = (await desk.told(MemberRecorded))[-1]
    assert (member.version, member.standing, member.effective_on) == (2, "FULL", date(2023, 7, 15))
    back = {"standing": "PROBATIONARY", "relationOrganisationId": str(home), "expectedVersion": 2}
    assert problem(await desk.send("PUT", f"/members/{person}", back)) == (409, "conflict"), "nobody becomes that again"
    assert (await desk.told(MembershipCounted))[-1].full_related == 1
    covered = (await desk.told(CoverageChanged, FoundingRequired))[-1]
    assert (covered.full_members, covered.probationary_members) == (1, 0)
    told = await desk.told(DevelopmentMoved)
    assert [(one.action, one.state, one.effective_on.isoformat()) for one in told] == [
        ("APPLY", "APPLICANT", "2021-01-10"),
        ("NAME_ACTIVIST", "ACTIVIST", "2021-03-01"),
        ("NAME_TARGET", "TARGET", "2022-03-10"),
        ("ADMIT", "PROBATIONARY", "2022-07-20"),
        ("CONFIRM", "FULL", "2023-07-15"),
        ("FILE", "FILED", "2023-08-01"),
    ]
    assert [one.next_from and one.next_from.isoformat() for one in told] == [
        None,
        "2022-03-01",
        None,
        "2023-07-01",
        None,
        None,
    ]
    assert [done.number for done in told[-1].done_steps] == list(range(1, 26))
    assert (told[2].quota_year, told[3].quota_year) == (None, 2022)
    outbox = b"".join(row["payload"] for row in await desk.outbox()).decode()
    assert NAME not in outbox
    assert "自愿" not in outbox
    assert NAME not in str(await desk.rows("SELECT * FROM person")) + str(await desk.rows("SELECT * FROM process_step"))


async def test_a_stage_is_entered_only_when_its_steps_are_done_and_its_day_has_come(desk: Desk) -> None:
    home = await branch(desk)
    one = await applies(desk, home)
    refused = await one.tries("NAME_ACTIVIST", steps=steps([2]))
    assert problem(refused) == (409, "illegal-step")
    body = refused.json()
    assert [step["number"] for step in body["missingSteps"]] == [3]
    assert "3 Recommended and decided on as activist" in body["detail"]
    assert "3.推荐和确定入党积极分子" in body["detailZh"]
    assert problem(await one.tries("ADMIT")) == (409, "illegal-step"), "nothing skips a stage"
    assert problem(await one.tries("CONFIRM")) == (409, "illegal-step")
    assert pointers(await one.tries("RECORD")) == ["/steps"]
    assert pointers(await one.tries("RECORD", steps=steps([3, 2, 4]))) == ["/steps/0", "/steps/2"]
    assert pointers(await one.tries("RECORD", steps=[{"number": 26, "doneOn": "2021-02-01"}])) == ["/steps/0/number"]
    assert len(await desk.told(DevelopmentMoved)) == 1

    await one.does("NAME_ACTIVIST", steps=steps([2, 3]))
    early = [*steps([4, 5, 6]), {"number": 7, "doneOn": "2022-02-28"}]
    refused = await one.tries("RECORD", steps=early)
    assert pointers(refused) == ["/steps/3"]
    assert "2022-03-01" in refused.json()["errors"][0]["reason"]
    await one.does("RECORD", steps=steps([4, 5, 6]))
    refused = await one.tries("NAME_TARGET")
    assert (problem(refused), refused.json()["earliestOn"]) == ((409, "illegal-step"), "2022-03-01")
    refused = await one.tries("NAME_TARGET", steps=steps([7, 8]), effectiveOn="2022-03-09")
    assert (problem(refused), refused.json()["missingSteps"], refused.json()["earliestOn"]) == (
        (409, "illegal-step"),
        [],
        "2022-03-10",
    )
    assert problem(await one.tries("END")) == (422, "invalid"), "a reason is needed"
    await one.does("END", note="本人放弃")
    assert (await one.now())["allowedActions"] == []


async def test_only_the_organisation_department_sets_quotas_and_never_below_what_is_taken(desk: Desk) -> None:
    home = await branch(desk)
    body = {"organisationId": str(home), "year": 2022, "places": 1}
    for role in ("TOWNSHIP", "NON_PUBLIC_COMMITTEE"):
        assert problem(await desk.send("POST", "/quotas", body, role=role)) == (403, "forbidden")
    one, other = await applies(desk, home), await applies(desk, home)
    await one.comes_to("NAME_TARGET")
    refused = await one.tries("ADMIT", steps=steps(range(9, 18)))
    assert (problem(refused), refused.json()["places"]) == ((409, "conflict"), 0)
    assert (await one.now())["state"] == "TARGET", "nothing half-written"
    assert await desk.told(MemberRecorded) == []

    made = await quota(desk, home, 1)
    again = await desk.send("POST", "/quotas", body)
    assert (problem(again), again.json()["quotaId"]) == ((409, "conflict"), str(made))
    await quota(desk, home, 5, year=2023)
    await one.does("ADMIT", steps=steps(range(9, 18)))
    await other.comes_to("NAME_TARGET")
    refused = await other.tries("ADMIT", steps=steps(range(9, 18)))
    assert problem(refused) == (409, "conflict"), "the year of the vote counts"
    changed = {"places": 0, "expectedVersion": 2}
    assert problem(await desk.send("PUT", f"/quotas/{made}", changed)) == (409, "conflict")
    assert problem(await desk.send("PUT", f"/quotas/{made}", {"places": 2, "expectedVersion": 1})) == (
        409,
        "version-conflict",
    )
    assert (await desk.send("PUT", f"/quotas/{made}", {"places": 2, "expectedVersion": 2})).status_code == 200
    await other.does("ADMIT", steps=steps(range(9, 18)))
    found = (await desk.send("GET", f"/quotas/{made}")).json()
    assert (found["places"], found["taken"], found["version"]) == (2, 2, 4)
    assert pointers(await desk.send("POST", "/quotas", body | {"organisationId": str(UUID(int=1))})) == [
        "/organisationId"
    ]


@pytest.mark.parametrize("places", [1, 2, 3])
async def test_a_quota_is_never_exceeded_however_many_are_admitted_at_once(desk: Desk, places: int) -> None:
    home = await branch(desk)
    made = await quota(desk, home, places)
    candidates = [await applies(desk, home) for _ in range(6)]
    for one in candidates:
        await one.comes_to("NAME_TARGET")

    answers = await asyncio.gather(*(one.tries("ADMIT", steps=steps(range(9, 18))) for one in candidates))

    admitted = [answer for answer in answers if answer.status_code == httpx.codes.OK]
    assert len(admitted) == places
    assert {problem(answer) for answer in answers if answer not in admitted} == {(409, "conflict")}
    assert (await desk.send("GET", f"/quotas/{made}")).json()["taken"] == places
    assert len(await desk.told(MemberRecorded)) == places
    for side in quotas_recounted():
        assert [row["taken"] for row in await desk.rows(side.query(some=False))] == [places], "as lianhe check counts"
    assert (await desk.told(MembershipCounted))[-1].related == places


async def test_a_probation_is_prolonged_once_and_voted_on_anew(desk: Desk) -> None:
    home = await branch(desk)
    await quota(desk, home, 1)
    one = await applies(desk, home)
    await one.comes_to("ADMIT")
    prolong = {"note": "表现不足", "effectiveOn": "2023-07-10"}
    assert problem(await one.tries("PROLONG", effectiveOn="2023-07-10", prolongedByMonths=6)) == (422, "invalid")
    assert pointers(await one.tries("PROLONG", **prolong, prolongedByMonths=5)) == ["/prolongedByMonths"]
    assert pointers(await one.tries("PROLONG", note="早了", effectiveOn="2023-06-30", prolongedByMonths=6)) == [
        "/effectiveOn"
    ]
    await one.does("RECORD", steps=steps(range(18, 23)), effectiveOn="2023-06-20")
    await one.does("PROLONG", **prolong, prolongedByMonths=6)
    now = await one.now()
    assert (now["state"], now["nextFrom"], now["prolongedByMonths"]) == ("PROLONGED", "2024-01-01", 6)
    assert [step["number"] for step in now["doneSteps"]] == list(range(1, 22)), "asked for and voted on anew"
    assert problem(await one.tries("PROLONG", **prolong, prolongedByMonths=6)) == (409, "illegal-step")
    days = {22: "2023-12-20", 23: "2023-12-31", 24: "2024-01-10"}
    again = [{"number": number, "doneOn": day} for number, day in days.items()]
    assert pointers(await one.tries("CONFIRM", steps=again)) == ["/steps/1", "/steps/2"]
    again[1]["doneOn"] = "2024-01-01"
    await one.does("CONFIRM", steps=again)
    assert (await desk.told(MemberRecorded))[-1].standing == "FULL"


async def test_who_is_disqualified_leaves_and_holds_no_post(desk: Desk) -> None:
    home = await branch(desk)
    await quota(desk, home, 1)
    one = await applies(desk, home)
    await one.comes_to("ADMIT")
    person = (await one.now())["personId"]
    post = await desk.made(
        "/posts",
        {"memberId": person, "kind": "QC_CIRCLE", "organisationId": str(home), "since": "2022-08-01"},
        division=TOWNSHIP,
    )
    await desk.made(
        "/floatings",
        {"memberId": person, "toDivisionCode": ELSEWHERE, "outSince": "2023-01-01", "reason": "WORK"},
        division=TOWNSHIP,
    )
    await one.does("END", note="不履行党员义务")
    member = (await desk.told(MemberRecorded))[-1]
    assert (member.state, member.leaving_reason, member.standing) == ("LEFT", "DISQUALIFIED", "PROBATIONARY")
    assert (await desk.send("GET", f"/posts/{post}")).json()["state"] == "ENDED"
    assert (await desk.rows("SELECT state FROM process WHERE topic = 'ledgers-floating'"))[0]["state"] == "ENDED"
    assert (await desk.told(MembershipCounted))[-1].related == 0


@pytest.mark.parametrize("reason", ["DEATH", "RESIGNED", "REMOVED", "EXPELLED", "TRANSFERRED_OUT"])
async def test_a_development_ends_with_the_member_whatever_the_reason(desk: Desk, reason: str) -> None:
    home = await branch(desk)
    await quota(desk, home, 1)
    one = await applies(desk, home)
    await one.comes_to("ADMIT")
    person = (await one.now())["personId"]
    assert pointers(await desk.send("POST", f"/members/{person}/leaving", {"expectedVersion": 1})) == ["/reason"]
    left = await desk.send("POST", f"/members/{person}/leaving", {"expectedVersion": 1, "reason": reason})
    assert left.status_code == 200
    assert (await desk.send("GET", f"/members/{person}")).json()["leavingReason"] == reason
    assert (await one.now())["state"] == "ENDED"
    assert (await desk.told(QuotaRecorded))[-1].taken == 1, "the place stays taken"


async def test_a_full_member_is_not_disqualified(desk: Desk) -> None:
    member = await desk.knows_member(relationOrganisationId=str(await branch(desk)))
    refused = await desk.send("POST", f"/members/{member}/leaving", {"expectedVersion": 1, "reason": "DISQUALIFIED"})
    assert pointers(refused) == ["/reason"]


async def test_a_development_moves_with_the_relation_and_by_hand_only_before_there_is_one(desk: Desk) -> None:
    home, there = await branch(desk), await branch(desk, ELSEWHERE, "龙水支部")
    await quota(desk, home, 1)
    one, applicant = await applies(desk, home), await applies(desk, home)
    gone = await desk.send("POST", f"/organisations/{home}/dissolution", {"expectedVersion": 1})
    assert problem(gone) == (409, "conflict"), "persons are developed here"
    assert pointers(await applicant.tries("MOVE", organisationId=str(home))) == ["/organisationId"]
    await applicant.does("MOVE", organisationId=str(there))
    moved = await applicant.now()
    assert (moved["organisationId"], moved["divisionCode"], moved["state"]) == (str(there), ELSEWHERE, "APPLICANT")

    await one.comes_to("ADMIT")
    assert problem(await one.tries("MOVE", organisationId=str(there))) == (409, "conflict")
    person = (await one.now())["personId"]
    full = {"standing": "FULL", "relationOrganisationId": str(home), "expectedVersion": 1}
    assert problem(await desk.send("PUT", f"/members/{person}", full)) == (409, "conflict"), "by the process alone"
    asked = {"memberId": person, "toOrganisationId": str(there)}
    transfer = await desk.made("/transfers", asked, division=TOWNSHIP)
    for version, action, side in ((1, "RELEASE", TOWNSHIP), (2, "ACCEPT", ELSEWHERE)):
        step = {"expectedVersion": version, "action": action}
        assert (await desk.send("POST", f"/transfers/{transfer}/steps", step, division=side)).status_code == 200
    moved = await one.now()
    assert (moved["organisationId"], moved["divisionCode"], moved["state"]) == (str(there), ELSEWHERE, "PROBATIONARY")
    assert moved["action"] == "MOVE"


async def test_all_that_is_kept_of_an_applicant_is_erased(desk: Desk) -> None:
    home = await branch(desk)
    one = await applies(desk, home, note="父亲王大明是党员", onBehalfOf="王大明")
    await one.does("NAME_ACTIVIST", steps=steps([2, 3]))
    refused = await desk.send("POST", f"/developments/{one.process}/erasure", {"expectedVersion": 1})
    assert problem(refused) == (409, "version-conflict")
    erased = await desk.send("POST", f"/developments/{one.process}/erasure", {"expectedVersion": 2})
    assert erased.status_code == 200
    now = await one.now()
    assert (now["state"], now["doneSteps"], "maskedName" in now) == ("ENDED", [], False)
    assert not any("note" in step or "onBehalfOf" in step for step in now["steps"])
    assert await desk.rows("SELECT * FROM person") == []
    kept = str(await desk.rows("SELECT told FROM process_step")) + str(await desk.rows("SELECT told FROM process"))
    assert "欧" not in kept
    assert "2021-02-01" not in kept, "nor the days of their steps"
    assert (await desk.told(DevelopmentMoved))[-1].masked_name is None


async def test_an_erased_member_is_erased_in_their_development_too(desk: Desk) -> None:
    home = await branch(desk)
    await quota(desk, home, 1)
    one = await applies(desk, home)
    await one.comes_to("ADMIT")
    person = (await one.now())["personId"]
    refused = await desk.send("POST", f"/developments/{one.process}/erasure", {"expectedVersion": one.version})
    assert problem(refused) == (409, "conflict"), "erase the member"
    assert (await desk.send("POST", f"/members/{person}/erasure", {"expectedVersion": 1})).status_code == 200
    told = (await desk.told(DevelopmentMoved))[-1]
    assert (told.state, told.masked_name, told.done_steps) == ("ENDED", None, ())


async def test_developments_are_for_keepers_of_members_and_told_again(desk: Desk) -> None:
    home = await branch(desk)
    body = {"name": NAME, "organisationId": str(home)}
    assert problem(await desk.send("POST", "/developments", body, role="TOWNSHIP")) == (403, "forbidden")
    assert problem(await desk.send("POST", "/developments", body, division=ELSEWHERE)) == (403, "forbidden")
    external = await desk.made("/organisations", {"name": "某村党支部", "form": "BRANCH", "external": True})
    assert pointers(await desk.send("POST", "/developments", body | {"organisationId": str(external)})) == [
        "/organisationId"
    ]
    one = await applies(desk, home)
    read = await desk.send("GET", f"/developments/{one.process}", role="TOWNSHIP")
    assert problem(read) == (403, "forbidden")
    made = await quota(desk, home, 3)
    again: dict[str, str] = {}
    async with desk.database.transaction() as transaction:
        for source in sources(desk.clock):
            told, _ = await source.page(transaction.connection, UUID(int=0), 10)
            again |= {each.event.topic: each.event.key for each in told}
    assert (again["ledgers-development"], again["ledgers-quota"]) == (str(one.process), str(made))
