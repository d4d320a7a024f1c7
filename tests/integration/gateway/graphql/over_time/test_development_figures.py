"""Quotas of a year beside the employees at its start and its end, against a plain recomputation."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.events.ledgers.development import QuotaRecorded
from contracts.events.registration import RegisteredEntity
from contracts.vocabulary import Bureau
from gateway.graphql.coverage.figures import COUNTED_KINDS
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.scope import Scope
from kit.clock import SystemClock, today
from tests.integration.gateway.graphql.district.makers import LONGSHUI, WANGU
from tests.integration.gateway.graphql.over_time.made_up import ENTITIES, FORMS, QUOTAS, REPORTS

pytestmark = pytest.mark.servers

PEOPLE = "employeesAtStart employeesAtEnd statedAtStart statedAtEnd employeeGrowth"
FIGURES = f"divisionCode bureau places taken left {PEOPLE}"
Group = tuple[str | None, str | None]


def stated(entity: UUID, day: date) -> int | None:
    """What an entity stated last by a day; of a year it is stated as of the year's end."""
    said = [
        *((date(one.year, 12, 31), one.employees) for one in REPORTS if one.entity_id == entity),
        *((one.effective_on, one.employees) for one in FORMS if one.entity_id == entity),
    ]
    known = [(on, number) for on, number in said if number is not None and on <= day]
    return max(known)[1] if known else None


def was_there(one: RegisteredEntity, day: date) -> bool:
    gone = one.state == "DEREGISTERED" and one.effective_on <= day
    return not gone and (one.registered_on is None or one.registered_on <= day)


def recomputed(year: int, group: Callable[[RegisteredEntity | QuotaRecorded], Group]) -> dict[Group, dict[str, int]]:
    found: dict[Group, dict[str, int]] = {}
    names = ("places", "taken", "left", *PEOPLE.split())
    for quota in QUOTAS:
        if quota.year == year:
            figures = found.setdefault(group(quota), dict.fromkeys(names, 0))
            figures["places"] += quota.places
            figures["taken"] += quota.taken
            figures["left"] += quota.places - quota.taken
    days = [min(date(one, 12, 31), today(SystemClock())) for one in (year - 1, year)]
    for entity in ENTITIES:
        if entity.kind not in COUNTED_KINDS:
            continue
        figures = found.setdefault(group(entity), dict.fromkeys(names, 0))
        there = [was_there(entity, day) for day in days]
        said = [stated(entity.entity_id, day) if here else None for here, day in zip(there, days, strict=True)]
        for name, number in zip(("Start", "End"), said, strict=True):
            figures[f"employeesAt{name}"] += number or 0
            figures[f"statedAt{name}"] += number is not None
        if all(number is not None or not here for here, number in zip(there, said, strict=True)):
            figures["employeeGrowth"] += (said[1] or 0) - (said[0] or 0)
    return found


async def asked(ask: Any, arguments: str, **more: Any) -> dict[Group, dict[str, Any]]:
    found = (await ask(f"{{ developmentFigures({arguments}) {{ {FIGURES} }} }}", **more))["developmentFigures"]
    keys = ("divisionCode", "bureau")
    return {
        tuple(one[key] for key in keys): {name: value for name, value in one.items() if name not in keys}
        for one in found
    }


def township(code: str) -> str:
    return f"{code[:9]}000"


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2030])
@pytest.mark.parametrize(
    ("by", "group"),
    [
        ("", lambda _: (None, None)),
        ("DIVISION", lambda one: (township(one.division_code), None)),
        ("BUREAU, DIVISION", lambda one: (township(one.division_code), one.bureau.value)),
    ],
)
async def test_places_and_people_stand_side_by_side(
    ask: Any, year: int, by: str, group: Callable[[RegisteredEntity | QuotaRecorded], Group]
) -> None:
    expected = recomputed(year, group)
    assert await asked(ask, f"year: {year}, by: [{by}], divisionLevel: TOWNSHIP") == expected
    grows = [one["employeeGrowth"] for one in expected.values()]
    assert any(grows) is (year in {2022, 2023, 2024})


async def test_a_filter_and_a_scope_cut_both(ask: Any) -> None:
    of_wangu = recomputed(2023, lambda one: (one.division_code, None))[(WANGU, None)]
    filtered = await asked(ask, f'year: 2023, by: [DIVISION], filter: {{division: {{under: "{WANGU}"}}}}')
    assert filtered == {(WANGU, None): of_wangu}
    scope = Scope(divisions=(DivisionRange.under(LONGSHUI[:9]),), members=True)
    assert {division for division, _ in await asked(ask, "year: 2023, by: [DIVISION]", scope=scope)} == {
        division for division, _ in recomputed(2023, lambda one: (one.division_code, None)) if division != WANGU
    }
    civil = await asked(ask, "year: 2023, by: [BUREAU], filter: {bureau: [CIVIL_AFFAIRS]}")
    assert civil == {
        (None, "CIVIL_AFFAIRS"): recomputed(2023, lambda one: (None, one.bureau.value))[
            (None, Bureau.CIVIL_AFFAIRS.value)
        ]
    }
    nothing = await asked(ask, 'year: 2023, by: [], filter: {division: {under: "999999"}}')
    assert set(nothing[(None, None)].values()) == {0}


async def test_one_or_two_admitted_are_not_told_to_who_may_not_see_members(ask: Any) -> None:
    arguments = "year: 2023, by: [DIVISION, BUREAU]"
    seen, told = await asked(ask, arguments), await asked(ask, arguments, scope=Scope())
    few = {key for key, one in seen.items() if one["taken"] in {1, 2}}
    assert few
    assert told == {key: one | ({"taken": None, "left": None} if key in few else {}) for key, one in seen.items()}


async def test_it_is_one_statement_and_a_year_that_is_none_is_refused(
    ask: Any, refused: Any, statements: list[str]
) -> None:
    await asked(ask, "year: 2023, by: [DIVISION]")
    assert len(statements) == 1
    error = await refused("{ developmentFigures(year: 0, by: []) { places } }")
    assert error["message"] == "0 is no year that can be asked for: give one from 1949 to 2999."
