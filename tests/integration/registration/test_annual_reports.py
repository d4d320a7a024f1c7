"""Annual reports: filed once a year, late or in time, corrected by filing again; and who has not filed."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from contracts.events.registration.annual_reports import AnnualReportRecorded
from kit.rotation import rotate
from kit.sealing import KeyRing, Sealer
from services.registration.handlers.annual_reports import filed as filings_of
from services.registration.handlers.rotation import SEALED
from tests.integration.registration.annual import YEAR, corrects, report
from tests.integration.registration.desk import (
    ANSWERS,
    DISTRICT,
    ELSEWHERE,
    HOUSEHOLD,
    KEY,
    NOW,
    TOWNSHIP,
    A,
    B,
    Desk,
    pointers,
    problem,
)

pytestmark = pytest.mark.servers

NEXT = SecretStr("ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=")
LAST_IN_TIME = datetime(2024, 6, 30, 15, 59, tzinfo=UTC)
FIRST_LATE = datetime(2024, 6, 30, 16, 0, tzinfo=UTC)


async def file(front: Desk, entity: UUID, **changed: object) -> httpx.Response:
    return await front.send("POST", "/annual-reports", report(entity, **changed))


def until(front: Desk, moment: datetime) -> None:
    """Let it become a moment."""
    front.clock.advance(moment - front.clock.now())


async def test_a_report_is_told_whole_and_shows_who_filed_it_for_whom_and_why(front: Desk) -> None:
    entity = await front.registers()
    filed = await front.made("/annual-reports", report(entity, onBehalfOf="王小明", note="窗口代报"))
    [told] = await front.told(AnnualReportRecorded)
    assert (told.version, told.state, told.year, told.late, told.edition) == (1, "FILED", 2023, False, "2024")
    assert (str(told.filed_on), str(told.due_on), told.division_code) == ("2024-02-28", "2024-06-30", TOWNSHIP)
    assert (told.employees, told.full_members, told.has_organisation) == (12, 3, True)
    found = await front.read(f"/annual-reports/{filed}", role="STATION", division=TOWNSHIP)
    [filing] = found["filings"]
    assert (filing["onBehalfOf"], filing["note"], filing["filedAs"]) == ("王小明", "窗口代报", "BUREAU")
    assert filing["partyBuilding"] == ANSWERS
    outbox = b"".join(row["payload"] for row in await front.rows("SELECT payload FROM outbox")).decode()
    assert "王小明" not in outbox
    kept = await front.rows("SELECT sealed_note, sealed_on_behalf_of FROM annual_report_filing")
    assert "王小明".encode() not in kept[0]["sealed_on_behalf_of"]
    for role, division in (("TOWNSHIP", TOWNSHIP), ("STATION", ELSEWHERE)):
        refused = await front.send("GET", f"/annual-reports/{filed}", role=role, division=division)
        assert problem(refused) == (403, "forbidden")
    assert problem(await front.send("GET", f"/annual-reports/{UUID(int=1)}")) == (404, "not-found")


@pytest.mark.parametrize(("now", "late"), [(LAST_IN_TIME, False), (FIRST_LATE, True)])
async def test_it_is_late_after_the_thirtieth_of_june_and_stays_so(front: Desk, now: datetime, *, late: bool) -> None:
    entity = await front.registers()
    until(front, now)
    filed = await front.made("/annual-reports", report(entity))
    until(front, datetime(2024, 9, 1, tzinfo=UTC))
    assert (await corrects(front, filed, 1, employees=13)).status_code == 200
    first, second = await front.told(AnnualReportRecorded)
    assert (first.late, second.late) == (late, late)
    assert (second.version, second.state, second.employees) == (2, "CORRECTED", 13)
    assert (second.filed_on, str(second.effective_on)) == (first.filed_on, "2024-09-01")


async def test_a_report_that_came_on_paper_counts_from_the_day_it_came(front: Desk) -> None:
    entity = await front.registers()
    until(front, FIRST_LATE)
    assert pointers(await file(front, entity, filedOn="2023-12-31")) == ["/filedOn"]
    assert pointers(await file(front, entity, filedOn="2024-07-02")) == ["/filedOn"]
    assert (await file(front, entity, filedOn="2024-06-30")).status_code == 201
    [told] = await front.told(AnnualReportRecorded)
    assert (str(told.filed_on), told.late) == ("2024-06-30", False)


async def test_the_same_again_changes_nothing_and_an_old_version_is_refused(front: Desk) -> None:
    filed = await front.made("/annual-reports", report(await front.registers()))
    same = await corrects(front, filed, 1)
    assert (same.status_code, same.json()["aggregates"]) == (200, [])
    assert (await corrects(front, filed, 1, employees=13)).status_code == 200
    assert problem(await corrects(front, filed, 1, employees=14)) == (409, "version-conflict")
    assert problem(await corrects(front, UUID(int=1), 1)) == (404, "not-found")
    assert pointers(await corrects(front, filed, 2, fullMembers=99)) == ["/partyBuilding/fullMembers"]
    found = await front.read(f"/annual-reports/{filed}")
    assert [one["partyBuilding"]["employees"] for one in found["filings"]] == [12, 13]


async def test_what_can_t_be_reported_is_refused(front: Desk) -> None:
    entity = await front.registers(registeredOn="2023-12-31")
    young = await front.registers(B, registeredOn="2024-01-01")
    assert pointers(await file(front, UUID(int=1))) == ["/entityId"]
    assert pointers(await file(front, young)) == ["/year"]
    for year in (2012, 2024, 2031):
        assert pointers(await file(front, entity, year=year)) == ["/year"], year
    assert pointers(await file(front, entity, partyBuilding={})) == [
        "/partyBuilding/employees",
        "/partyBuilding/fullMembers",
        "/partyBuilding/probationaryMembers",
        "/partyBuilding/hasOrganisation",
        "/partyBuilding/wishesGuidance",
    ]
    for role, division in (("TOWNSHIP", TOWNSHIP), ("ORGANISATION_DEPARTMENT", DISTRICT), ("STATION", ELSEWHERE)):
        refused = await front.send("POST", "/annual-reports", report(entity), role=role, division=division)
        assert problem(refused) == (403, "forbidden"), role
    assert await front.told(AnnualReportRecorded) == []


@pytest.mark.parametrize(("day", "filed"), [("2023-12-31", False), ("2024-01-01", True)])
async def test_who_was_deregistered_before_the_end_of_the_year_reports_nothing(
    front: Desk, day: str, *, filed: bool
) -> None:
    entity = await front.registers()
    body = {"expectedVersion": 1, "effectiveOn": day}
    assert (await front.send("POST", f"/entities/{entity}/deregistration", body)).status_code == 200
    answer = await file(front, entity)
    assert answer.status_code == (201 if filed else 422)
    assert filed or pointers(answer) == ["/year"]


async def test_an_entity_reports_once_a_year_however_many_file_at_once(front: Desk) -> None:
    entity = await front.registers()
    for year in (2020, 2021, YEAR):
        answers = await asyncio.gather(*(file(front, entity, year=year) for _ in range(6)))
        assert sorted(one.status_code for one in answers) == [201] + [409] * 5
        [first] = [one.json()["aggregates"][0]["id"] for one in answers if one.status_code == 201]
        again = await file(front, entity, year=year)
        assert (problem(again), again.json()["reportId"]) == ((409, "conflict"), first)
    assert len(await front.told(AnnualReportRecorded)) == 3


async def test_who_has_not_filed_is_listed_by_pages_within_a_division(front: Desk) -> None:
    one, two = await front.registers(A), await front.registers(B, divisionCode="000000000000")
    three = await front.registers(HOUSEHOLD)
    path = f"/annual-reports/missing?year={YEAR}"
    page = await front.read(f"{path}&limit=2")
    assert [row["entityId"] for row in page["missing"]] == [str(entity) for entity in sorted((one, two, three))[:2]]
    rest = await front.read(f"{path}&limit=2&after={page['next']}")
    assert ([row["entityId"] for row in rest["missing"]], "next" in rest) == (
        [str(sorted((one, two, three))[2])],
        False,
    )
    here = await front.read(f"{path}&division={TOWNSHIP}")
    assert [row["entityId"] for row in here["missing"]] == [str(entity) for entity in sorted((one, three))]
    await front.made("/annual-reports", report(one))
    station = await front.read(path, role="STATION", division=TOWNSHIP)
    assert [row["uscc"] for row in station["missing"]] == [HOUSEHOLD]
    outside = await front.send("GET", f"{path}&division={ELSEWHERE}", role="STATION", division=TOWNSHIP)
    assert problem(outside) == (403, "forbidden")
    assert pointers(await front.send("GET", "/annual-reports/missing?year=2012")) == ["/year"]


async def test_the_list_says_whether_they_are_late_in_time_still_or_not_asked_yet(front: Desk) -> None:
    entity = await front.registers()
    found = await front.read(f"/annual-reports/missing?year={NOW.year}")
    assert (found["reporting"], found["missing"], found["dueOn"]) == ("NOT_BEGUN", [], "2025-06-30")
    assert "尚未结束" in found["textZh"]
    running = await front.read(f"/annual-reports/missing?year={YEAR}")
    assert (running["reporting"], len(running["missing"])) == ("RUNNING", 1)
    until(front, FIRST_LATE)
    overdue = await front.read(f"/annual-reports/missing?year={YEAR}")
    assert (overdue["reporting"], len(overdue["missing"])) == ("OVERDUE", 1)
    assert "逾期未报" in overdue["textZh"]
    await front.made("/annual-reports", report(entity))
    done = await front.read(f"/annual-reports/missing?year={YEAR}")
    assert (done["missing"], done["textZh"]) == ([], "应报主体均已报送。")


async def test_what_came_with_a_filing_is_sealed_anew_by_a_rotation(front: Desk) -> None:
    filed = await front.made("/annual-reports", report(await front.registers(), note="窗口代报", onBehalfOf="王小明"))
    body = {"expectedVersion": 1, "partyBuilding": ANSWERS | {"employees": 13}, "note": "误报"}
    assert (await front.send("PUT", f"/annual-reports/{filed}", body)).status_code == 200
    renewed: list[str] = []
    done = await rotate(front.database, KeyRing(NEXT, (KEY,)), SEALED, lambda name, *_: renewed.append(name))
    assert (done.renewed, done.left, done.lost) == (3, {}, {})
    assert set(renewed) == {"annual_report_filing.sealed_note", "annual_report_filing.sealed_on_behalf_of"}
    async with front.database.transaction() as transaction:
        found = await filings_of(transaction.connection, Sealer(NEXT), filed)
    assert [(one.note, one.on_behalf_of) for one in found] == [("窗口代报", "王小明"), ("误报", None)]
