"""The figures of the two coverages on several days, against a plain recomputation of each entity on each day."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from contracts.events.registration import RegisteredEntity
from contracts.vocabulary import Bureau
from gateway.graphql.coverage.days import MOST_DAYS
from gateway.graphql.coverage.figures import COUNTED_KINDS
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.scope import Scope
from kit.clock import SystemClock, today
from tests.integration.gateway.graphql.district.makers import WANGU
from tests.integration.gateway.graphql.over_time.made_up import COVERAGES, ENTITIES

pytestmark = pytest.mark.servers

FIGURE = "entities ownOrganisation anyOrganisation work"
FIGURES = f"all {{ {FIGURE} }} withMember {{ {FIGURE} }} withThreeFullMembers {{ {FIGURE} }}"
GROUPS = "kind divisionCode bureau"
DAYS = [date(2021, 12, 31), *(date(2022 + month // 12, month % 12 + 1, 15) for month in range(0, 30, 3))]

Group = tuple[str | None, str | None, str | None]


def recomputed(
    day: date, group: Callable[[RegisteredEntity], Group], only: Callable[[RegisteredEntity], bool] = lambda _: True
) -> dict[Group, list[list[int]]]:
    """Count by looking at each entity as it was on a day."""
    periods = {one.entity_id: one.periods or () for one in COVERAGES}
    found: dict[Group, list[list[int]]] = {}
    for one in ENTITIES:
        gone = one.state == "DEREGISTERED" and one.effective_on <= day
        begun = one.registered_on is None or one.registered_on <= day
        if one.kind not in COUNTED_KINDS or gone or not begun or not only(one):
            continue
        on = [each for each in periods.get(one.entity_id, ()) if each.since <= day <= (each.until or day)]
        held = on[0] if on else None
        full = held.full_members if held else 0
        member = bool(held and (held.full_members or held.probationary_members))
        covered = [
            1,
            int(bool(held and held.organisation_coverage == "OWN")),
            int(bool(held and held.organisation_coverage != "NONE")),
            int(bool(held and held.work_coverage)),
        ]
        figures = found.setdefault(group(one), [[0] * 4 for _ in range(3)])
        for figure, counts in zip(figures, (True, member, full >= 3), strict=True):
            if counts:
                figure[:] = [known + more for known, more in zip(figure, covered, strict=True)]
    return found


async def asked(ask: Any, arguments: str, **more: Any) -> dict[tuple[str, Group], list[list[int]]]:
    found = (await ask(f"{{ coverageOverTime({arguments}) {{ on {GROUPS} {FIGURES} }} }}", **more))["coverageOverTime"]
    names = ("all", "withMember", "withThreeFullMembers")
    answer = {
        (one["on"], (one["kind"], one["divisionCode"], one["bureau"])): [list(one[name].values()) for name in names]
        for one in found
    }
    assert len(answer) == len(found)
    assert [one["on"] for one in found] == sorted(one["on"] for one in found)
    return answer


def listed(days: list[date]) -> str:
    return "[" + ", ".join(f'"{day}"' for day in days) + "]"


@pytest.mark.parametrize(
    ("by", "group"),
    [
        ("KIND", lambda one: (one.kind.value, None, None)),
        ("DIVISION", lambda one: (None, one.division_code, None)),
        ("BUREAU", lambda one: (None, None, one.bureau.value)),
        ("BUREAU, DIVISION, KIND", lambda one: (one.kind.value, one.division_code, one.bureau.value)),
    ],
)
async def test_each_day_has_what_was_there_and_covered_on_it(
    ask: Any, by: str, group: Callable[[RegisteredEntity], Group]
) -> None:
    expected = {(str(day), key): figures for day in DAYS for key, figures in recomputed(day, group).items()}
    assert await asked(ask, f"by: [{by}], on: {listed(DAYS)}") == expected
    assert len({str(figures) for figures in expected.values()}) > len(DAYS)


async def test_without_groups_each_day_has_figures_also_one_before_all(ask: Any) -> None:
    long_ago = date(1980, 1, 1)
    answer = await asked(
        ask, f"by: [], on: {listed([DAYS[4], long_ago, DAYS[4]])}, filter: {{bureau: [CIVIL_AFFAIRS]}}"
    )
    only_civil = recomputed(DAYS[4], lambda _: (None, None, None), lambda one: one.bureau is Bureau.CIVIL_AFFAIRS)
    undated = recomputed(long_ago, lambda _: (None, None, None), lambda one: one.bureau is Bureau.CIVIL_AFFAIRS)
    nobody: Group = (None, None, None)
    assert answer == {
        ("1980-01-01", nobody): undated.get(nobody, [[0] * 4] * 3),
        (str(DAYS[4]), nobody): only_civil[nobody],
    }
    none = await asked(ask, f"by: [], on: {listed([long_ago])}, filter: {{bureau: [TRADE_UNION]}}")
    assert none == {("1980-01-01", nobody): [[0] * 4] * 3}
    assert await asked(ask, f"by: [KIND], on: {listed([long_ago])}, filter: {{bureau: [TRADE_UNION]}}") == {}


async def test_months_are_their_last_days_and_the_one_under_way_is_today(ask: Any) -> None:
    by_months = await asked(ask, 'by: [], months: {first: "2023-12-09", last: "2024-02-01"}')
    assert [day for day, _ in by_months] == ["2023-12-31", "2024-01-31", "2024-02-29"]
    assert by_months == await asked(ask, 'by: [], on: ["2023-12-31", "2024-01-31", "2024-02-29"]')
    now = today(SystemClock())
    assert [day for day, _ in await asked(ask, f'by: [], months: {{first: "{now}"}}')] == [str(now)]


@pytest.mark.parametrize("by", ["", "KIND", "DIVISION, BUREAU"])
@pytest.mark.parametrize("scope", [Scope(members=True), Scope(divisions=(DivisionRange.under(WANGU),), members=True)])
async def test_today_agrees_with_the_figures_of_now(ask: Any, by: str, scope: Scope) -> None:
    query = f"{{ coverageFigures(by: [{by}]) {{ {GROUPS} {FIGURES} }} }}"
    now = (await ask(query, scope=scope))["coverageFigures"]
    query = f'{{ coverageOverTime(by: [{by}], on: ["{today(SystemClock())}"]) {{ {GROUPS} {FIGURES} }} }}'
    assert (await ask(query, scope=scope))["coverageOverTime"] == now
    assert now


async def test_one_or_two_with_a_member_are_not_told_to_who_may_not_see_members(ask: Any) -> None:
    arguments = f"by: [KIND, DIVISION, BUREAU], on: {listed(DAYS)}"
    seen, told = await asked(ask, arguments), await asked(ask, arguments, scope=Scope())
    assert any(0 < seen[key][1][0] < 3 for key in seen)
    for key, figures in seen.items():
        hidden: list[Any] = [None if 0 < figure < 3 else figure for figure in figures[1]]
        assert told[key] == [figures[0], hidden, figures[2]]


async def test_it_is_one_statement_and_costs_as_its_days(ask: Any, refused: Any, statements: list[str]) -> None:
    await asked(ask, f"by: [KIND, DIVISION], on: {listed(DAYS)}")
    assert len(statements) == 1
    year = 'months: {first: "2022-01-01", last: "2022-12-01"}'
    six = " ".join(f"a{number}: coverageOverTime(by: [], {year}) {{ on }}" for number in range(6))
    error = await refused(f"{{ {six} }}")
    assert error["message"] == "The query is too large: it may read 6000 rows of at most 5000."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("by: []", "Give either on or months."),
        ('by: [], on: ["2024-01-01"], months: {first: "2024-01-01"}', "Give either on or months."),
        ("by: [], on: []", f"The question is about 0 days: ask for 1 to {MOST_DAYS} at once."),
        (
            'by: [], months: {first: "0001-01-01", last: "9999-12-31"}',
            f"The question is about 119988 months: ask for 1 to {MOST_DAYS} at once.",
        ),
        ('by: [], months: {first: "2024-02-01", last: "2024-01-01"}', "The question is about 0 days"),
        ('by: [], on: ["9999-12-31"]', "9999-12-31 is in the future"),
        ('by: [], months: {first: "9999-12-01", last: "9999-12-31"}', "is in the future"),
    ],
)
async def test_what_cannot_be_answered_is_refused(refused: Any, arguments: str, message: str) -> None:
    assert message in (await refused(f"{{ coverageOverTime({arguments}) {{ on }} }}"))["message"]
