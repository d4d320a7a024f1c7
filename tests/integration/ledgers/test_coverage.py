"""Members, organisations and cadres over the ledgers' front doors, and the coverage that follows from them."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.ledgers.coverage import CoverageChanged, FoundingRequired, FoundingSettled
from contracts.events.ledgers.members import MemberErased, MemberRecorded
from contracts.events.ledgers.organisations import MembershipCounted, OrganisationFounded
from contracts.events.pairing import AssignmentEnded, AssignmentMade
from contracts.vocabulary import (
    AssignmentRole,
    AssignmentState,
    AssignmentTarget,
    Bureau,
    CoverageDuty,
    EntityKind,
    EntityState,
    OrganisationCoverage,
)
from services.ledgers.handlers.assignments import AssignmentsHeard
from tests.integration.ledgers.desk import NOW, TODAY, TOWNSHIP, Desk, heard, problem

pytestmark = pytest.mark.servers

ROUNDS = 25
COVERAGES = (CoverageChanged, FoundingRequired, FoundingSettled)


def single(entity: UUID, **changed: object) -> dict[str, Any]:
    return {"name": "五金支部", "form": "BRANCH", "mode": "SINGLE", "entityIds": [str(entity)], **changed}


def assignment(
    target: UUID,
    *,
    organisation: bool = False,
    ended: bool = False,
    role: AssignmentRole = AssignmentRole.CONTACT_CADRE,
) -> AssignmentMade | AssignmentEnded:
    model = AssignmentEnded if ended else AssignmentMade
    return model(
        assignment_id=UUID(int=1),
        version=2 if ended else 1,
        cadre_id=uuid4(),
        role=role,
        target=AssignmentTarget.ORGANISATION if organisation else AssignmentTarget.ENTITY,
        target_id=target,
        state=AssignmentState.ENDED if ended else AssignmentState.ACTIVE,
        starts_on=TODAY,
        division_code=TOWNSHIP,
        bureau=Bureau.MARKET_REGULATION,
        effective_on=TODAY,
        recorded_at=NOW,
    )


async def test_the_third_full_member_makes_an_entity_found_one_and_an_organisation_settles_it(desk: Desk) -> None:
    entity, saga = await desk.knows_entity(), uuid4()
    await desk.knows_member(entity)
    await desk.knows_member(entity, "PROBATIONARY")
    await desk.knows_member(entity)
    assert await desk.told(FoundingRequired) == []
    body = {"name": "李四", "standing": "FULL", "workplaceEntityId": str(entity)}
    await desk.made("/members", body, saga=saga)
    organisation = await desk.made("/organisations", single(entity), saga=saga)

    told = await desk.told(*COVERAGES)
    assert [(type(one), one.full_members, one.probationary_members, one.duty) for one in told] == [
        (CoverageChanged, 1, 0, CoverageDuty.SHOULD_JOIN),
        (CoverageChanged, 1, 1, CoverageDuty.SHOULD_JOIN),
        (CoverageChanged, 2, 1, CoverageDuty.SHOULD_JOIN),
        (FoundingRequired, 3, 1, CoverageDuty.MUST_FOUND),
        (FoundingSettled, 3, 1, CoverageDuty.MET),
    ]
    assert [one.version for one in told] == [1, 2, 3, 4, 5]
    assert (told[3].must_found_since, told[4].must_found_since) == (TODAY, None)
    assert told[4].organisation_coverage is OrganisationCoverage.OWN
    assert told[4].organisation_ids == (organisation,)
    of_the_saga = [row["type"] for row in await desk.outbox() if row["correlation_id"] == saga]
    assert of_the_saga == [
        MemberRecorded.event_type,
        FoundingRequired.event_type,
        OrganisationFounded.event_type,
        MembershipCounted.event_type,
        FoundingSettled.event_type,
    ]


async def test_two_members_at_the_same_moment_make_it_found_one_once_and_never_miss(desk: Desk) -> None:
    for _ in range(ROUNDS):
        entity = await desk.knows_entity(entity_id=uuid4())
        await desk.rows("DELETE FROM outbox")
        await desk.knows_member(entity)
        await asyncio.gather(*(desk.knows_member(entity) for _ in range(2)))
        [required] = await desk.told(FoundingRequired)
        assert (required.full_members, required.entity_id) == (3, entity)
        assert [one.version for one in await desk.told(*COVERAGES)] == [1, 2, 3]
        await desk.rows("DELETE FROM entity")  # the code is used again


async def test_a_member_and_an_organisation_at_the_same_moment_end_covered(desk: Desk) -> None:
    for _ in range(ROUNDS):
        entity = await desk.knows_entity(entity_id=uuid4())
        await desk.rows("DELETE FROM outbox")
        for _member in range(2):
            await desk.knows_member(entity)
        await asyncio.gather(desk.knows_member(entity), desk.made("/organisations", single(entity)))
        last = (await desk.told(*COVERAGES))[-1]
        assert (last.full_members, last.organisation_coverage, last.duty) == (3, "OWN", CoverageDuty.MET)
        await desk.rows("DELETE FROM entity")


async def test_a_cadre_is_work_coverage_of_the_entity_and_of_those_of_their_organisation(desk: Desk) -> None:
    first, second = await desk.knows_entity(0), await desk.knows_entity(1, kind=EntityKind.INDIVIDUAL_HOUSEHOLD)
    joint = {"name": "联合支部", "form": "JOINT_BRANCH", "mode": "JOINT", "entityIds": [str(first), str(second)]}
    organisation = await desk.made("/organisations", joint)
    cause = heard(assignment(organisation, organisation=True), correlation_id=uuid4())
    await desk.hears(AssignmentsHeard(desk.clock), cause)
    await desk.hears(AssignmentsHeard(desk.clock), cause)  # the inbox is the consumer's; here nothing differs
    told = await desk.told(CoverageChanged)
    assert [(one.work_coverage, one.organisation_coverage) for one in told] == [(False, "COVERED")] * 2 + [
        (True, "COVERED")
    ] * 2
    assert {one.entity_id for one in told[2:]} == {first, second}
    rows = (await desk.outbox())[-2:]
    assert {(row["correlation_id"], row["causation_id"]) for row in rows} == {
        (cause.envelope.correlation_id, cause.envelope.id)
    }
    await desk.hears(AssignmentsHeard(desk.clock), heard(assignment(organisation, organisation=True, ended=True)))
    await desk.hears(AssignmentsHeard(desk.clock), heard(assignment(organisation, organisation=True)))  # late
    assert [one.work_coverage for one in (await desk.told(CoverageChanged))[4:]] == [False, False]


@pytest.mark.parametrize("role", AssignmentRole)
async def test_a_full_time_worker_is_a_contact_and_no_work_coverage(desk: Desk, role: AssignmentRole) -> None:
    shop = await desk.knows_entity()
    await desk.hears(AssignmentsHeard(desk.clock), heard(assignment(shop, role=role)))
    covers = role is not AssignmentRole.FULL_TIME_WORKER
    told = await desk.told(CoverageChanged)
    assert [one.work_coverage for one in told] == ([True] if covers else [])


async def test_an_assignment_that_comes_before_its_entity_counts_once_that_is_there(desk: Desk) -> None:
    entity = uuid4()
    await desk.hears(AssignmentsHeard(desk.clock), heard(assignment(entity)))
    assert await desk.told(CoverageChanged) == []
    await desk.knows_entity(entity_id=entity)
    [coverage] = await desk.told(CoverageChanged)
    assert (coverage.work_coverage, coverage.duty) == (True, CoverageDuty.MET)


async def test_a_deregistered_entity_counts_no_more_and_a_moved_one_takes_its_members_along(desk: Desk) -> None:
    entity = await desk.knows_entity()
    for _ in range(3):
        await desk.knows_member(entity)
    await desk.knows_entity(entity_id=entity, version=2, division="500111102000")
    members, coverage = (await desk.told(MemberRecorded))[3:], (await desk.told(*COVERAGES))[-1]
    assert [(one.version, one.division_code) for one in members] == [(2, "500111102000")] * 3
    assert (coverage.division_code, coverage.duty) == ("500111102000", CoverageDuty.MUST_FOUND)
    await desk.knows_entity(entity_id=entity, version=3, division="500111102000", state=EntityState.DEREGISTERED)
    [settled] = await desk.told(FoundingSettled)
    assert (settled.duty, settled.state, settled.full_members) == (CoverageDuty.OUTSIDE, EntityState.DEREGISTERED, 0)


async def test_who_worked_at_an_entity_that_is_deregistered_works_nowhere_from_that_day(desk: Desk) -> None:
    entity, other = await desk.knows_entity(0), await desk.knows_entity(1)
    branch = await desk.made(
        "/organisations", {"name": "支部", "form": "BRANCH", "mode": "CATCH_ALL", "divisionCode": TOWNSHIP}
    )
    managed = await desk.knows_member(entity, managementOrganisationId=str(branch))
    lonely = await desk.knows_member(entity)
    stays = await desk.knows_member(other)
    before = len(await desk.told(MemberRecorded))
    await desk.knows_entity(0, entity_id=entity, version=2, state=EntityState.DEREGISTERED)
    freed = {one.member_id: one for one in (await desk.told(MemberRecorded))[before:]}
    assert set(freed) == {managed, lonely}
    assert {(one.version, one.workplace_entity_id, one.workplace_since) for one in freed.values()} == {(2, None, None)}
    assert freed[managed].division_code == TOWNSHIP
    assert freed[managed].management_organisation_id == branch
    assert freed[lonely].division_code == "000000000000"
    assert (await desk.send("GET", f"/members/{stays}")).json()["version"] == 1
    again = len(await desk.told(MemberRecorded))
    await desk.knows_entity(0, entity_id=entity, version=3, state=EntityState.DEREGISTERED)
    assert len(await desk.told(MemberRecorded)) == again, "once"


async def test_the_three_facts_have_their_own_days_and_the_gap_is_counted(desk: Desk) -> None:
    entity, other = await desk.knows_entity(0), await desk.knows_entity(1)
    village = await desk.made("/organisations", {"name": "某村党总支", "form": "GENERAL_BRANCH", "external": True})
    branch = await desk.made("/organisations", single(entity))
    places = {"relationOrganisationId": str(village), "managementOrganisationId": str(branch)}
    member = await desk.knows_member(entity, **places, effectiveOn="2024-02-01")
    moved = {"standing": "FULL", "workplaceEntityId": str(other), **places, "expectedVersion": 1}
    assert (await desk.send("PUT", f"/members/{member}", moved)).status_code == 200

    read = (await desk.send("GET", f"/members/{member}")).json()
    assert (read["workplaceSince"], read["relationSince"], read["managementSince"]) == (
        "2024-02-28",
        "2024-02-01",
        "2024-02-01",
    )
    counted = {one.organisation_id: one for one in await desk.told(MembershipCounted)}
    assert (counted[village].related, counted[village].managed) == (1, 0)
    assert (counted[branch].related, counted[branch].managed, counted[branch].related_and_managed) == (0, 1, 0)
    nothing = await desk.send("PUT", f"/members/{member}", moved | {"expectedVersion": 2})
    assert nothing.json()["aggregates"] == []
    assert problem(await desk.send("PUT", f"/members/{member}", moved)) == (409, "version-conflict")


async def test_a_member_who_left_or_was_erased_counts_no_more(desk: Desk) -> None:
    entity = await desk.knows_entity()
    branch = await desk.made("/organisations", single(entity))
    leaver, erased = [
        await desk.knows_member(entity, managementOrganisationId=str(branch), relationOrganisationId=str(branch))
        for _ in range(2)
    ]
    assert problem(await desk.send("POST", f"/organisations/{branch}/dissolution", {"expectedVersion": 1})) == (
        409,
        "conflict",
    )
    left = {"expectedVersion": 1, "reason": "REMOVED"}
    assert (await desk.send("POST", f"/members/{leaver}/leaving", left)).status_code == 200
    again = await desk.send("POST", f"/members/{leaver}/leaving", left | {"expectedVersion": 2})
    assert problem(again) == (409, "conflict")
    assert (await desk.send("POST", f"/members/{erased}/erasure", {"expectedVersion": 1})).status_code == 200

    assert problem(await desk.send("GET", f"/members/{erased}")) == (404, "not-found")
    [told] = await desk.told(MemberErased)
    assert (told.member_id, told.version) == (erased, 2)
    kept = {
        table: [row["id"] for row in await desk.rows(f"SELECT {key} AS id FROM {table}")]  # noqa: S608 - our own names
        for table, key in (("person", "person_id"), ("member_history", "member_id"))
    }
    assert kept == {"person": [leaver], "member_history": [leaver, leaver]}
    membership, coverage = (await desk.told(MembershipCounted))[-1], (await desk.told(*COVERAGES))[-1]
    assert (membership.related, membership.managed, coverage.full_members) == (0, 0, 0)
    dissolved = await desk.send("POST", f"/organisations/{branch}/dissolution", {"expectedVersion": 1})
    assert dissolved.status_code == 200
    last = (await desk.told(*COVERAGES))[-1]
    assert (last.organisation_coverage, last.organisation_ids) == (OrganisationCoverage.NONE, ())


async def test_names_are_nowhere_but_sealed(desk: Desk) -> None:
    member = await desk.knows_member(await desk.knows_entity())
    [event] = await desk.told(MemberRecorded)
    assert event.masked_name == "王**"
    tables = [row["name"] for row in await desk.rows("SELECT relname AS name FROM pg_class WHERE relkind = 'r'")]
    own = [name for name in tables if not name.startswith(("pg_", "sql_"))]
    assert {"member", "person", "outbox", "command", "member_history"} <= set(own)
    for table in own:
        for row in await desk.rows(f"SELECT {table}::text AS text FROM {table}"):  # noqa: S608 - names of the server
            assert "小明" not in row["text"]
            assert "小明".encode().hex() not in row["text"]
    assert await desk.rows(f"SELECT FROM person WHERE person_id = '{member}'")
