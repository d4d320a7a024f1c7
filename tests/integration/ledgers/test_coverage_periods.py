"""Since when and until when an entity was covered by what, in whatever order the ledgers learn it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.ledgers.coverage import CoverageChanged, FoundingRequired, FoundingSettled, RecordedCoverage
from contracts.events.pairing import AssignmentEnded, AssignmentMade
from contracts.vocabulary import AssignmentRole, AssignmentState, AssignmentTarget, Bureau, EntityState
from services.ledgers.handlers.assignments import AssignmentsHeard
from tests.integration.ledgers.desk import NOW, TODAY, TOWNSHIP, Desk, heard

pytestmark = pytest.mark.servers

JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
YESTERDAY = TODAY - timedelta(days=1)
Row = tuple[str, str | None, int, int, str, bool]


def assigned(target: UUID, since: date, ended_on: date | None = None) -> AssignmentMade | AssignmentEnded:
    model = AssignmentMade if ended_on is None else AssignmentEnded
    return model(
        assignment_id=UUID(int=7),
        version=1 if ended_on is None else 2,
        cadre_id=uuid4(),
        role=AssignmentRole.INSTRUCTOR,
        target=AssignmentTarget.ORGANISATION,
        target_id=target,
        state=AssignmentState.ACTIVE if ended_on is None else AssignmentState.ENDED,
        starts_on=since,
        ended_on=ended_on,
        division_code=TOWNSHIP,
        bureau=Bureau.MARKET_REGULATION,
        effective_on=ended_on or since,
        recorded_at=NOW,
    )


async def last(desk: Desk, entity: UUID) -> RecordedCoverage:
    told = await desk.told(CoverageChanged, FoundingRequired, FoundingSettled)
    found: RecordedCoverage = [one for one in told if one.entity_id == entity][-1]
    return found


async def periods(desk: Desk, entity: UUID) -> list[Row]:
    """The periods as the owner answers them, which are those that were told last."""
    answer = await desk.send("GET", f"/coverages/{entity}")
    told = await last(desk, entity)
    assert told.periods is not None
    assert answer.json()["version"] == told.version
    assert [one["since"] for one in answer.json()["periods"]] == [str(one.since) for one in told.periods]
    return [
        (
            str(one.since),
            None if one.until is None else str(one.until),
            one.full_members,
            one.probationary_members,
            one.organisation_coverage.value,
            one.work_coverage,
        )
        for one in told.periods
    ]


async def branch(desk: Desk, day: date, *entities: UUID) -> UUID:
    body = {"name": "商圈支部", "form": "BRANCH", "mode": "CATCH_ALL", "entityIds": list(map(str, entities))}
    return await desk.made("/organisations", body | {"effectiveOn": str(day)})


async def place(desk: Desk, member: UUID, entity: UUID | None, day: date, version: int) -> None:
    body: dict[str, Any] = {"standing": "FULL", "expectedVersion": version, "effectiveOn": str(day)}
    if entity is not None:
        body["workplaceEntityId"] = str(entity)
    answer = await desk.send("PUT", f"/members/{member}", body)
    assert answer.status_code == 200, answer.text


async def test_a_fact_that_is_learnt_late_counts_from_its_own_day(desk: Desk) -> None:
    entity = await desk.knows_entity()
    organisation = await branch(desk, FEBRUARY, entity)
    await desk.knows_member(entity, effectiveOn=str(JANUARY))
    await desk.hears(AssignmentsHeard(desk.clock), heard(assigned(organisation, JANUARY)))
    assert await periods(desk, entity) == [
        ("2024-01-01", "2024-01-31", 1, 0, "NONE", False),
        ("2024-02-01", None, 1, 0, "COVERED", True),
    ]
    await desk.hears(AssignmentsHeard(desk.clock), heard(assigned(organisation, JANUARY, date(2024, 2, 10))))
    assert (await periods(desk, entity))[1:] == [
        ("2024-02-01", "2024-02-09", 1, 0, "COVERED", True),
        ("2024-02-10", None, 1, 0, "COVERED", False),
    ]
    assert (await last(desk, entity)).work_coverage is False


async def test_a_day_that_is_corrected_is_told_also_of_a_place_that_is_left_already(desk: Desk) -> None:
    first, second, third = [await desk.knows_entity(number, entity_id=uuid4()) for number in range(3)]
    member = await desk.knows_member(first, effectiveOn=str(JANUARY))
    await place(desk, member, second, YESTERDAY, 1)
    assert await periods(desk, first) == [("2024-01-01", "2024-02-26", 1, 0, "NONE", False)]
    await place(desk, member, third, FEBRUARY, 2)
    assert await periods(desk, first) == [("2024-01-01", "2024-01-31", 1, 0, "NONE", False)]
    assert await periods(desk, second) == []
    assert await periods(desk, third) == [("2024-02-01", None, 1, 0, "NONE", False)]


async def test_who_is_erased_counts_on_no_day_and_a_merged_record_never_beside_the_other(desk: Desk) -> None:
    entity = await desk.knows_entity()
    stays = await desk.knows_member(entity, effectiveOn=str(JANUARY))
    other = await desk.knows_member(entity, effectiveOn=str(FEBRUARY))
    both = [("2024-01-01", "2024-01-31", 1, 0, "NONE", False), ("2024-02-01", None, 2, 0, "NONE", False)]
    assert await periods(desk, entity) == both
    merge = {
        "otherId": str(other),
        "expectedVersion": 1,
        "otherExpectedVersion": 1,
        "standing": "FULL",
        "workplaceEntityId": str(entity),
    }
    merged = await desk.send("POST", f"/members/{stays}/merge", merge)
    assert merged.status_code == 200, merged.text
    assert await periods(desk, entity) == [("2024-01-01", None, 1, 0, "NONE", False)]
    version = (await desk.send("GET", f"/members/{stays}")).json()["version"]
    erased = await desk.send("POST", f"/members/{stays}/erasure", {"expectedVersion": version})
    assert erased.status_code == 200, erased.text
    assert await periods(desk, entity) == []


async def test_a_deregistration_ends_what_its_members_made(desk: Desk) -> None:
    entity = await desk.knows_entity()
    await desk.knows_member(entity, effectiveOn=str(JANUARY))
    await desk.knows_entity(entity_id=entity, version=2, state=EntityState.DEREGISTERED)
    assert await periods(desk, entity) == [("2024-01-01", "2024-02-27", 1, 0, "NONE", False)]


async def test_every_state_is_kept_with_its_periods(desk: Desk) -> None:
    entity = await desk.knows_entity()
    await desk.knows_member(entity, effectiveOn=str(JANUARY))
    await branch(desk, FEBRUARY, entity)
    kept = await desk.rows("SELECT version, jsonb_array_length(state -> 'periods') FROM coverage_history ORDER BY 1")
    assert [tuple(row) for row in kept] == [(1, 1), (2, 2)]
