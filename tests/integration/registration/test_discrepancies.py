"""What annual reports state against what the ledgers know: opened when filed, resolved by people or by the facts."""

import asyncio

import asyncpg
import pytest

from cli.comparison import compare
from cli.stores import comparisons
from contracts.events.registration.annual_reports import DiscrepancyMoved
from contracts.vocabulary import OrganisationCoverage
from kit.ids import new_id
from tests.conftest import MakeDatabase
from tests.integration.registration.annual import Ledgers, corrects, report, step
from tests.integration.registration.desk import HOUSEHOLD, A, B, Desk, pointers, problem

pytestmark = pytest.mark.servers


async def moved(front: Desk) -> list[tuple[str, int, str, str]]:
    return [
        (one.field.value, one.version, one.action.value, one.state.value) for one in await front.told(DiscrepancyMoved)
    ]


async def test_each_field_that_differs_from_the_ledgers_as_they_stand_is_opened(front: Desk) -> None:
    entity, ledgers = await front.registers(), Ledgers(front)
    await ledgers.tell(entity, 5, 1, covered=OrganisationCoverage.NONE)
    await front.made("/annual-reports", report(entity))
    told = {one.field.value: one for one in await front.told(DiscrepancyMoved)}
    assert set(told) == {"FULL_MEMBERS", "ORGANISATION"}
    full, organisation = told["FULL_MEMBERS"], told["ORGANISATION"]
    assert (full.state, full.stated_count, full.known_count, full.known_organisation) == ("OPEN", 3, 5, None)
    assert (organisation.stated_organisation, organisation.known_organisation) == (True, False)
    assert organisation.stated_count is None
    assert (full.year, full.entity_id, str(full.due_at)) == (2023, entity, "2024-03-29 16:00:00+00:00")


async def test_what_is_the_same_opens_nothing_and_an_entity_never_heard_of_has_nothing(front: Desk) -> None:
    same, bare = await front.registers(A), await front.registers(B)
    await Ledgers(front).tell(same, 3, 1)
    none = {"fullMembers": 0, "probationaryMembers": 0, "hasOrganisation": False, "hasSecretary": None}
    await front.made("/annual-reports", report(same))
    answers = {"employees": 4, "wishesGuidance": False} | none
    await front.made("/annual-reports", report(bare, partyBuilding=answers))
    assert await moved(front) == []
    third = await front.registers(HOUSEHOLD)
    await front.made("/annual-reports", report(third))
    assert sorted(one[0] for one in await moved(front)) == ["FULL_MEMBERS", "ORGANISATION", "PROBATIONARY_MEMBERS"]


async def test_one_is_explained_with_a_reason_and_closed_by_whoever_it_concerns(front: Desk) -> None:
    entity, ledgers = await front.registers(), Ledgers(front)
    await ledgers.tell(entity, 4, 1)
    await front.made("/annual-reports", report(entity))
    [one] = await front.told(DiscrepancyMoved)
    at = one.process_id
    assert pointers(await step(front, at, 1, "EXPLAIN")) == ["/note"]
    assert problem(await step(front, at, 1, "CLOSE")) == (409, "illegal-step")
    assert problem(await step(front, at, 1, "CORRECT")) == (409, "illegal-step")
    assert problem(await step(front, at, 1, "EXPLAIN", note="一名党员外派", role="TOWNSHIP")) == (403, "forbidden")
    assert (await step(front, at, 1, "EXPLAIN", note="一名党员外派", onBehalfOf="王小明")).status_code == 200
    assert (await step(front, at, 2, "CLOSE", role="ORGANISATION_DEPARTMENT")).status_code == 200
    assert pointers(await step(front, at, 3, "REOPEN")) == ["/note"]
    found = await front.read(f"/discrepancies/{at}", role="NON_PUBLIC_COMMITTEE")
    assert (found["state"], found["statedCount"], found["knownCount"]) == ("CLOSED", 3, 4)
    assert [one["action"] for one in found["allowedActions"]] == ["REOPEN"]
    explained = found["steps"][1]
    assert (explained["note"], explained["onBehalfOf"], explained["takenAs"]) == ("一名党员外派", "王小明", "BUREAU")
    outbox = b"".join(row["payload"] for row in await front.rows("SELECT payload FROM outbox")).decode()
    assert "外派" not in outbox
    assert "王小明" not in outbox
    assert (await step(front, at, 3, "REOPEN", note="说明有误")).status_code == 200
    assert (await front.told(DiscrepancyMoved))[-1].due_at is not None


async def test_a_corrected_report_corrects_what_is_the_same_now_and_restates_what_still_differs(front: Desk) -> None:
    entity, ledgers = await front.registers(), Ledgers(front)
    await ledgers.tell(entity, 5, 0)
    filed = await front.made("/annual-reports", report(entity))
    changed = await corrects(front, filed, 1, fullMembers=5, probationaryMembers=2)
    assert changed.status_code == 200
    assert sorted(one["aggregate"] for one in changed.json()["aggregates"]) == [
        "registration-annual-report",
        "registration-discrepancy",
        "registration-discrepancy",
    ]
    assert sorted(await moved(front)) == [
        ("FULL_MEMBERS", 1, "OPEN", "OPEN"),
        ("FULL_MEMBERS", 2, "CORRECT", "CORRECTED"),
        ("PROBATIONARY_MEMBERS", 1, "OPEN", "OPEN"),
        ("PROBATIONARY_MEMBERS", 2, "RESTATE", "OPEN"),
    ]
    last = {one.field.value: one for one in await front.told(DiscrepancyMoved)}
    assert (last["FULL_MEMBERS"].stated_count, last["FULL_MEMBERS"].known_count) == (5, 5)
    assert (last["PROBATIONARY_MEMBERS"].stated_count, last["PROBATIONARY_MEMBERS"].known_count) == (2, 0)
    [row] = await front.rows(
        "SELECT count(DISTINCT correlation_id) FROM outbox WHERE topic = ANY($1) AND payload LIKE $2",
        ["registration-annual-report", "registration-discrepancy"],
        b"%CORRECT%",
    )
    assert row["count"] == 1


async def test_what_was_closed_is_looked_into_again_only_where_its_own_field_is_stated_anew(front: Desk) -> None:
    entity, ledgers = await front.registers(), Ledgers(front)
    await ledgers.tell(entity, 4, 1)
    filed = await front.made("/annual-reports", report(entity))
    at = (await front.told(DiscrepancyMoved))[0].process_id
    await step(front, at, 1, "EXPLAIN", note="外派")
    await step(front, at, 2, "CLOSE")
    await corrects(front, filed, 1, employees=20)
    assert len(await moved(front)) == 3
    await corrects(front, filed, 2, employees=20, fullMembers=2)
    assert (await moved(front))[-1] == ("FULL_MEMBERS", 4, "RESTATE", "OPEN")


async def test_a_later_fact_of_the_ledgers_corrects_what_it_makes_the_same_and_opens_nothing(front: Desk) -> None:
    entity, ledgers = await front.registers(), Ledgers(front)
    await ledgers.tell(entity, 5, 1)
    await front.made("/annual-reports", report(entity))
    await ledgers.tell(entity, 4, 0)  # nearer, not the same; and another field differs, which is of a later day
    assert len(await moved(front)) == 1
    saga = new_id()
    record = ledgers.record(ledgers.coverage(entity, 3, 0), correlation_id=saga)
    await ledgers.take([record])
    await ledgers.take([record])
    await ledgers.take([ledgers.record(ledgers.coverage(entity, 3, 0))])
    assert (await moved(front))[1:] == [("FULL_MEMBERS", 2, "CORRECT", "CORRECTED")]
    told = (await front.told(DiscrepancyMoved))[-1]
    assert (told.stated_count, told.known_count) == (3, 3)
    [row] = await front.rows("SELECT * FROM outbox ORDER BY id DESC LIMIT 1")
    assert (row["correlation_id"], row["topic"]) == (saga, "registration-discrepancy")
    found = await front.read(f"/discrepancies/{told.process_id}")
    assert "takenBy" not in found["steps"][-1]
    assert [one["action"] for one in found["allowedActions"]] == ["CLOSE"]
    assert (await step(front, told.process_id, 2, "CLOSE")).status_code == 200
    again = await step(front, told.process_id, 3, "REOPEN", note="再核")
    assert problem(again) == (409, "conflict")


async def test_an_older_fact_that_comes_late_says_nothing(front: Desk) -> None:
    entity, ledgers = await front.registers(), Ledgers(front)
    older, newer = ledgers.coverage(entity, 3, 1), ledgers.coverage(entity, 5, 1)
    await ledgers.take([ledgers.record(newer)])
    await front.made("/annual-reports", report(entity))
    await ledgers.take([ledgers.record(older)])
    assert [one[2] for one in await moved(front)] == ["OPEN"]


async def test_who_files_and_who_hears_of_the_ledgers_at_once_leave_no_difference_open_that_is_none(
    front: Desk,
) -> None:
    """Filed before the fact it is opened and corrected; after it nothing is opened. Never is it left open."""
    ledgers, entity = Ledgers(front), await front.registers()
    for year in range(2013, 2024):
        await ledgers.tell(entity, 9, 1)
        record = ledgers.record(ledgers.coverage(entity, 3, 1))
        await asyncio.gather(front.made("/annual-reports", report(entity, year=year)), ledgers.take([record]))
        last = {one.process_id: one.state for one in await front.told(DiscrepancyMoved) if one.year == year}
        assert set(last.values()) <= {"CORRECTED"}, year


@pytest.mark.parametrize(("known", "shown"), [(0, 0), (1, None), (2, None), (4, 4)])
async def test_one_or_two_members_whom_the_ledgers_know_are_shown_to_who_may_see_members_alone(
    front: Desk, known: int, shown: int | None
) -> None:
    entity = await front.registers()
    await Ledgers(front).tell(entity, known, 1)
    await front.made("/annual-reports", report(entity))
    [one] = await front.told(DiscrepancyMoved)
    registrar = await front.read(f"/discrepancies/{one.process_id}")
    assert (registrar["statedCount"], registrar.get("knownCount")) == (3, shown)
    keeper = await front.read(f"/discrepancies/{one.process_id}", role="ORGANISATION_DEPARTMENT")
    assert keeper["knownCount"] == known


async def test_a_check_holds_what_registration_knows_of_the_ledgers_against_them(
    front: Desk, make_database: MakeDatabase
) -> None:
    entity, ledgers = await front.registers(), Ledgers(front)
    told = ledgers.coverage(entity, 5, 1)
    await ledgers.take([ledgers.record(told)])
    [held] = [one for one in comparisons("model_1", None) if one.name == "ledgers.coverage = registration.coverage"]
    owner = await asyncpg.connect(await make_database("ledgers"))
    copy = await asyncpg.connect(front.url)
    try:
        columns = {"periods": "[]"} | {name: value for name, value in told.model_dump().items() if value is not None}
        names, places = ", ".join(columns), ", ".join(f"${place}" for place in range(1, len(columns) + 1))
        await owner.execute(f"INSERT INTO coverage ({names}) VALUES ({places})", *columns.values())  # noqa: S608
        sessions = {"ledgers": owner, "registration": copy}
        same = await compare(held, sessions, sessions)
        assert (same.rows, list(same.differences)) == (1, [])
        for column, value in (("full_members", "4"), ("organisation_ids", "'[]'")):
            await copy.execute(f"UPDATE coverage SET {column} = {value}")  # noqa: S608 - names of this test
            assert len((await compare(held, sessions, sessions)).differences) == 1, column
            await ledgers.take([ledgers.record(told)])
    finally:
        await owner.close()
        await copy.close()
