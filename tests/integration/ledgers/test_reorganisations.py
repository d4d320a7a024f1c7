"""Founding, renaming, merging, dissolving: who may, what is refused, and that nobody is left without a home."""

import asyncio
from random import Random
from typing import Any
from uuid import UUID

import pytest

from contracts.events.ledgers.coverage import EVENTS as COVERAGES
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.organisations import (
    MembershipCounted,
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationFounded,
)
from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.events.ledgers.transfers import TransferMoved
from contracts.vocabulary import FormationMode, OrganisationState
from tests.integration.ledgers.desk import TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

GRID = "500111101001"


async def founded(desk: Desk, name: str, *entities: UUID, division: str = GRID, **changed: object) -> UUID:
    mode = "SINGLE" if len(entities) == 1 else "CATCH_ALL"
    body = {
        "name": name,
        "form": "BRANCH",
        "mode": mode,
        "divisionCode": division,
        "entityIds": list(map(str, entities)),
    }
    return await desk.made("/organisations", body | changed)


async def proposed(desk: Desk, kind: str, organisation: UUID | None = None, **facts: Any) -> UUID:
    body = {"kind": kind, **{name: str(value) if isinstance(value, UUID) else value for name, value in facts.items()}}
    if organisation is not None:
        body["organisationId"] = str(organisation)
    return await desk.made("/reorganisations", body)


async def step(desk: Desk, process: UUID, action: str, version: int, **options: Any) -> Any:
    facts = options.pop("facts", {})
    body = {"action": action, "expectedVersion": version, **facts}
    return await desk.send("POST", f"/reorganisations/{process}/steps", body, **options)


async def carried_out(desk: Desk, kind: str, organisation: UUID | None = None, **facts: Any) -> UUID:
    process = await proposed(desk, kind, organisation, **facts)
    for version, action in ((1, "APPROVE"), (2, "CARRY_OUT")):
        answer = await step(desk, process, action, version)
        assert answer.status_code == 200, answer.text
    return process


async def belonging(desk: Desk, member: UUID) -> tuple[str | None, str | None]:
    read = (await desk.send("GET", f"/members/{member}")).json()
    return read.get("relationOrganisationId"), read.get("managementOrganisationId")


async def test_a_merger_takes_members_entities_and_what_is_below_to_the_target_at_once(desk: Desk) -> None:
    first, second = await desk.knows_entity(0), await desk.knows_entity(1)
    source, target = await founded(desk, "甲", first), await founded(desk, "乙", second)
    lower = await founded(desk, "下级", superiorId=str(source))
    related = await desk.knows_member(first, relationOrganisationId=str(source))
    managed = await desk.knows_member(first, managementOrganisationId=str(source), relationOrganisationId=str(lower))
    stays = await desk.knows_member(second, relationOrganisationId=str(target))
    process = await carried_out(desk, "MERGE", source, targetId=target)

    assert await belonging(desk, related) == (str(target), None)
    assert await belonging(desk, managed) == (str(lower), str(target))
    assert await belonging(desk, stays) == (str(target), None)
    gone = (await desk.send("GET", f"/organisations/{source}")).json()
    assert (gone["state"], gone["entityIds"]) == ("DISSOLVED", [])
    there = (await desk.send("GET", f"/organisations/{target}")).json()
    assert (there["entityIds"], there["mode"]) == (sorted(map(str, (first, second))), "JOINT")
    assert (await desk.send("GET", f"/organisations/{lower}")).json()["superiorId"] == str(target)
    coverage = (await desk.send("GET", f"/coverages/{first}")).json()
    assert coverage["organisationIds"] == [str(target)]
    [dissolved] = await desk.told(OrganisationDissolved)
    assert (dissolved.organisation_id, dissolved.committee) == (source, None)
    newest = {one.organisation_id: one for one in await desk.told(MembershipCounted)}
    assert (newest[source].related, newest[source].managed) == (0, 0)
    assert (newest[target].related, newest[target].managed) == (2, 1)
    assert [(one.action, one.state) for one in await desk.told(ReorganisationMoved)] == [
        ("PROPOSE", "PROPOSED"),
        ("APPROVE", "APPROVED"),
        ("CARRY_OUT", "CARRIED_OUT"),
    ]
    read = (await desk.send("GET", f"/reorganisations/{process}")).json()
    assert (read["allowedActions"], len(read["steps"])) == ([], 3)


async def test_what_takes_over_does_not_come_to_stand_below_itself(desk: Desk) -> None:
    top, source = await founded(desk, "上级"), await founded(desk, "甲", superiorId=None)
    await desk.send(
        "PUT",
        f"/organisations/{source}",
        {"name": "甲", "form": "BRANCH", "mode": "CATCH_ALL", "divisionCode": GRID, "superiorId": str(top)}
        | {"expectedVersion": 1},
    )
    between = await founded(desk, "中", superiorId=str(source))
    target = await founded(desk, "乙", superiorId=str(between))
    await carried_out(desk, "MERGE", source, targetId=target)
    above = {one: (await desk.send("GET", f"/organisations/{one}")).json()["superiorId"] for one in (between, target)}
    assert above == {between: str(target), target: str(top)}


async def test_nobody_is_left_without_a_home_when_an_organisation_is_dissolved(desk: Desk) -> None:
    entity = await desk.knows_entity()
    source, one, other = await founded(desk, "甲", entity), await founded(desk, "乙"), await founded(desk, "丙")
    members = [await desk.knows_member(entity, relationOrganisationId=str(source)) for _ in range(3)]
    named = [{"memberId": str(members[0]), "organisationId": str(one)}]
    process = await proposed(desk, "DISSOLVE", source, successors=named)
    await step(desk, process, "APPROVE", 1)
    before = len(await desk.outbox())
    refused = await step(desk, process, "CARRY_OUT", 2)
    assert problem(refused) == (409, "conflict")
    assert all(str(member) in refused.json()["detail"] for member in members[1:])
    assert str(members[0]) not in refused.json()["detail"]
    assert len(await desk.outbox()) == before

    returned = await step(desk, process, "RETURN", 2, facts={"note": "请补充接收党组织"})
    assert returned.status_code == 200, returned.text
    amended = await step(desk, process, "AMEND", 3, facts={"successorId": str(other)})
    assert amended.status_code == 200, amended.text
    for version, action in ((4, "APPROVE"), (5, "CARRY_OUT")):
        assert (await step(desk, process, action, version)).status_code == 200
    assert [(await belonging(desk, member))[0] for member in members] == [str(one), str(other), str(other)]
    assert (await desk.told(OrganisationDissolved))[0].state is OrganisationState.DISSOLVED
    assert (await desk.send("GET", f"/coverages/{entity}")).json()["organisationCoverage"] == "NONE"


async def test_what_is_under_way_about_members_goes_on_elsewhere(desk: Desk) -> None:
    source, target, third = [await founded(desk, name) for name in ("甲", "乙", "丙")]
    leaving, coming, arriving, out = [
        await desk.knows_member(relationOrganisationId=str(one)) for one in (source, third, source, third)
    ]
    for member, to in ((leaving, third), (coming, source), (arriving, target)):
        await desk.made("/transfers", {"memberId": str(member), "toOrganisationId": str(to)})
    floating = {"memberId": str(out), "toOrganisationId": str(source), "outSince": "2024-01-01", "reason": "WORK"}
    await desk.made("/floatings", floating)
    await carried_out(desk, "MERGE", source, targetId=target)

    last = {one.member_id: one for one in await desk.told(TransferMoved)}
    assert (last[leaving].action, last[leaving].from_organisation_id) == ("REDIRECT", target)
    assert (last[coming].action, last[coming].to_organisation_id) == ("REDIRECT", target)
    assert (last[arriving].action, last[arriving].state) == ("WITHDRAW", "WITHDRAWN"), "the merger brought them there"
    floated = (await desk.told(FloatingMoved))[-1]
    assert (floated.action, floated.to_organisation_id, floated.state) == ("REDIRECT", target, "REPORTED")
    for action, version in (("RELEASE", 2), ("ACCEPT", 3)):
        body = {"action": action, "expectedVersion": version}
        answer = await desk.send("POST", f"/transfers/{last[leaving].process_id}/steps", body)
        assert answer.status_code == 200, answer.text
    assert (await belonging(desk, leaving))[0] == str(third)


async def test_an_organisation_is_founded_and_renamed_as_it_was_approved(desk: Desk) -> None:
    entity = await desk.knows_entity()
    founding = {"form": "BRANCH", "mode": "SINGLE", "entityIds": [str(entity)], "foundedOn": "2024-02-28"}
    await carried_out(desk, "FOUND", name="五金支部", founding=founding)
    [told] = await desk.told(OrganisationFounded)
    moved = (await desk.told(ReorganisationMoved))[-1]
    assert (told.organisation_id, told.name, told.mode) == (moved.organisation_id, "五金支部", FormationMode.SINGLE)
    assert [one.organisation_coverage for one in await desk.told(*COVERAGES)] == ["OWN"]
    await carried_out(desk, "RENAME", told.organisation_id, name="五金党支部")
    [renamed] = await desk.told(OrganisationChanged)
    assert (renamed.name, renamed.version, renamed.entity_ids) == ("五金党支部", 2, (entity,))


async def test_the_superior_side_approves_and_the_other_carries_out(desk: Desk) -> None:
    organisation = await founded(desk, "甲")
    process = await proposed(desk, "RENAME", organisation, name="乙")
    below = {"role": "TOWNSHIP", "division": GRID}
    assert problem(await step(desk, process, "APPROVE", 1, **below)) == (403, "forbidden")
    assert problem(await step(desk, process, "APPROVE", 1, role="DISTRICT")) == (403, "forbidden")
    illegal = await step(desk, process, "CARRY_OUT", 1, role="TOWNSHIP", division=TOWNSHIP)
    assert problem(illegal) == (409, "illegal-step")
    assert {one["action"] for one in illegal.json()["allowedActions"]} == {"APPROVE", "RETURN", "AMEND", "WITHDRAW"}
    assert (await step(desk, process, "APPROVE", 1, role="TOWNSHIP", division=TOWNSHIP)).status_code == 200
    named = await step(desk, process, "CARRY_OUT", 2, facts={"name": "丙"}, **below)
    assert pointers(named) == ["/name"]
    assert (await step(desk, process, "CARRY_OUT", 2, **below)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "facts", "places"),
    [
        ("RENAME", {}, ["/name"]),
        ("RENAME", {"name": "乙", "targetId": str(UUID(int=1))}, ["/targetId"]),
        ("MERGE", {}, ["/targetId"]),
        ("MERGE", {"targetId": str(UUID(int=1))}, ["/targetId"]),
        ("DISSOLVE", {"successorId": str(UUID(int=1))}, ["/successorId"]),
    ],
)
async def test_what_does_not_go_with_its_kind_is_refused_by_its_place(
    desk: Desk, kind: str, facts: dict[str, Any], places: list[str]
) -> None:
    organisation = await founded(desk, "甲")
    answer = await desk.send("POST", "/reorganisations", {"kind": kind, "organisationId": str(organisation)} | facts)
    assert problem(answer) == (422, "invalid")
    assert pointers(answer) == places
    assert await desk.told(ReorganisationMoved) == []


async def test_founding_says_what_is_founded_and_fits(desk: Desk) -> None:
    answer = await desk.send("POST", "/reorganisations", {"kind": "FOUND", "organisationId": str(UUID(int=1))})
    assert pointers(answer) == ["/organisationId", "/name", "/founding"]
    founding = {"form": "JOINT_BRANCH", "mode": "SINGLE", "entityIds": [str(UUID(int=1))]}
    answer = await desk.send("POST", "/reorganisations", {"kind": "FOUND", "name": "甲", "founding": founding})
    assert pointers(answer) == ["/founding/form", "/founding/entityIds/0"]


async def test_an_organisation_takes_part_in_one_reorganisation_at_a_time(desk: Desk) -> None:
    first, second, third = [await founded(desk, name) for name in "甲乙丙"]
    process = await proposed(desk, "MERGE", first, targetId=second)
    for kind, organisation, target in (("MERGE", second, third), ("MERGE", third, second), ("DISSOLVE", first, None)):
        body = {"kind": kind, "organisationId": str(organisation)} | ({"targetId": str(target)} if target else {})
        answer = await desk.send("POST", "/reorganisations", body)
        assert problem(answer) == (409, "conflict")
        assert answer.json()["processId"] == str(process)
    dissolution = await desk.send("POST", f"/organisations/{first}/dissolution", {"expectedVersion": 1})
    assert problem(dissolution) == (409, "conflict")
    assert (await step(desk, process, "WITHDRAW", 1)).status_code == 200
    await proposed(desk, "MERGE", second, targetId=third)


async def test_of_two_mergers_that_cross_one_is_proposed(desk: Desk) -> None:
    for _ in range(10):
        first, second = await founded(desk, "甲"), await founded(desk, "乙")
        bodies = [
            {"kind": "MERGE", "organisationId": str(one), "targetId": str(other)}
            for one, other in ((first, second), (second, first))
        ]
        answers = await asyncio.gather(*(desk.send("POST", "/reorganisations", body) for body in bodies))
        assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_members_placed_while_a_merger_is_carried_out_are_counted_once_and_at_home(desk: Desk) -> None:
    target = await founded(desk, "乙")
    for _ in range(8):
        source = await founded(desk, "甲")
        await desk.knows_member(relationOrganisationId=str(source))
        process = await proposed(desk, "MERGE", source, targetId=target)
        await step(desk, process, "APPROVE", 1)
        newcomer = {"name": "李四", "standing": "FULL", "relationOrganisationId": str(source)}
        merged, placed = await asyncio.gather(
            step(desk, process, "CARRY_OUT", 2), desk.send("POST", "/members", newcomer)
        )
        assert merged.status_code == 200, merged.text
        assert placed.status_code in {201, 422}, placed.text
    homeless = await desk.rows(
        "SELECT FROM member JOIN organisation ON organisation_id IN (relation_organisation_id, "
        "management_organisation_id) WHERE member.state = 'ACTIVE' AND organisation.state = 'DISSOLVED'"
    )
    assert homeless == []
    [recount] = await desk.rows("SELECT count(*) FROM member WHERE state = 'ACTIVE'")
    [counted] = await desk.rows("SELECT sum(related) FROM membership")
    assert recount[0] == counted[0]


async def test_a_post_ends_with_belonging(desk: Desk) -> None:
    source, target = await founded(desk, "甲"), await founded(desk, "乙")
    stays, leaves, moves = [await desk.knows_member(relationOrganisationId=str(source)) for _ in range(3)]
    posts = [
        {"memberId": str(member), "post": post, "since": "2024-01-01"}
        for member, post in ((stays, "SECRETARY"), (leaves, "DEPUTY_SECRETARY"), (moves, "COMMITTEE_MEMBER"))
    ]
    await desk.send("PUT", f"/organisations/{source}/profile", {"committee": posts, "expectedVersion": 1})
    await desk.send("POST", f"/members/{leaves}/erasure", {"expectedVersion": 1})
    place = {"standing": "FULL", "relationOrganisationId": str(target), "expectedVersion": 1}
    assert (await desk.send("PUT", f"/members/{moves}", place)).status_code == 200
    told = [one for one in await desk.told(OrganisationChanged) if one.organisation_id == source]
    assert [[post.member_id for post in one.committee] for one in told] == [
        [stays, leaves, moves],
        [stays, moves],
        [stays],
    ]
    left = {"expectedVersion": 1, "reason": "DEATH"}
    assert (await desk.send("POST", f"/members/{stays}/leaving", left)).status_code == 200
    assert (await desk.told(OrganisationChanged))[-1].committee is None


@pytest.mark.parametrize("seed", range(4))
async def test_after_any_mergers_and_dissolutions_everybody_has_a_home_and_is_counted_there(
    desk: Desk, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    entities = [await desk.knows_entity(number) for number in range(3)]
    there = [await founded(desk, f"支部{number}", *entities[number : number + 1]) for number in range(6)]
    members = {
        await desk.knows_member(
            relationOrganisationId=str(random.choice(there)), managementOrganisationId=str(random.choice(there))
        )
        for _ in range(8)
    }
    while len(there) > 1:
        source, heir, other = random.choice(there), *random.choices(there, k=2)
        if source in {heir, other}:
            continue
        if random.random() < 0.5:
            await carried_out(desk, "MERGE", source, targetId=heir)
        else:
            named = [
                {"memberId": str(one), "organisationId": str(other)} for one in random.sample(sorted(members), k=4)
            ]
            await carried_out(desk, "DISSOLVE", source, successorId=heir, successors=named)
        there.remove(source)
        states = {one: await belonging(desk, one) for one in members}
        assert {home for state in states.values() for home in state} <= set(map(str, there))
        counted = {one.organisation_id: one for one in await desk.told(MembershipCounted)}
        for organisation in there:
            related = sum(state[0] == str(organisation) for state in states.values())
            managed = sum(state[1] == str(organisation) for state in states.values())
            known = counted.get(organisation)
            assert ((known and known.related) or 0, (known and known.managed) or 0) == (related, managed)
