"""The figures of the two coverages, counted by hand on the made-up district."""

from typing import Any

import pytest

from contracts.vocabulary import Bureau
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.scope import Scope
from kit.clock import SystemClock, today
from tests.integration.gateway.graphql.district.makers import GRID, LONGSHUI, WANGU

pytestmark = pytest.mark.servers

FIGURES = (
    "{ kind divisionCode bureau all { ...F } withMember { ...F } withThreeFullMembers { ...F } } } "
    "fragment F on CoverageFigure { entities ownOrganisation anyOrganisation work }"
)
# entities, own organisation, any organisation, work: of all, of those with a member, with three full members
Row = tuple[str | None, list[int], list[int], list[int]]


async def _figures(ask: Any, arguments: str, key: str = "kind", **more: Any) -> list[Row]:
    found = (await ask(f"{{ coverageFigures({arguments}) {FIGURES}", **more))["coverageFigures"]
    names = ("all", "withMember", "withThreeFullMembers")
    return [(one[key], *(list(one[name].values()) for name in names)) for one in found]


async def test_one_group_has_active_entities_of_the_three_kinds(ask: Any) -> None:
    """Of the others, and of who is deregistered, neither the entity nor its organisation or members count."""
    assert await _figures(ask, "by: []") == [(None, [8, 1, 3, 3], [5, 1, 3, 2], [3, 1, 1, 2])]


async def test_by_kind(ask: Any) -> None:
    assert await _figures(ask, "by: [KIND]") == [
        ("INDIVIDUAL_HOUSEHOLD", [3, 0, 1, 1], [1, 0, 1, 0], [0, 0, 0, 0]),
        ("MICRO_SMALL_ENTERPRISE", [4, 1, 2, 1], [3, 1, 2, 1], [2, 1, 1, 1]),
        ("SPECIALISED_MARKET", [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, 1]),
    ]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("DISTRICT", [("500111000000", [8, 1, 3, 3], [5, 1, 3, 2], [3, 1, 1, 2])]),
        (
            "TOWNSHIP",
            [
                (LONGSHUI, [5, 1, 3, 2], [4, 1, 3, 2], [2, 1, 1, 2]),
                (WANGU, [3, 0, 0, 1], [1, 0, 0, 0], [1, 0, 0, 0]),
            ],
        ),
        (
            "GRID",
            [
                (LONGSHUI, [4, 1, 2, 2], [3, 1, 2, 2], [2, 1, 1, 2]),
                (GRID, [1, 0, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0]),
                (WANGU, [3, 0, 0, 1], [1, 0, 0, 0], [1, 0, 0, 0]),
            ],
        ),
    ],
)
async def test_by_division_at_each_level(ask: Any, level: str, expected: list[Row]) -> None:
    assert await _figures(ask, f"by: [DIVISION], divisionLevel: {level}", "divisionCode") == expected


async def test_by_bureau_and_filtered(ask: Any) -> None:
    assert await _figures(ask, "by: [BUREAU]", "bureau") == [
        ("CIVIL_AFFAIRS", [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]),
        ("MARKET_REGULATION", [7, 1, 3, 3], [5, 1, 3, 2], [3, 1, 1, 2]),
    ]
    given = 'by: [], filter: {kind: [INDIVIDUAL_HOUSEHOLD, OTHER], division: {under: "500111001"}}'
    assert await _figures(ask, given) == [(None, [2, 0, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0])]
    assert await _figures(ask, "by: [KIND], filter: {bureau: TRADE_UNION}") == []
    assert await _figures(ask, "by: [], filter: {bureau: TRADE_UNION}") == [(None, [0] * 4, [0] * 4, [0] * 4)]


async def test_groups_of_several_dimensions(ask: Any) -> None:
    found = (
        await ask(
            """query ($f: CoverageFigureFilter) {
              coverageFigures(by: [DIVISION, KIND, BUREAU], divisionLevel: TOWNSHIP, filter: $f) {
                divisionCode kind bureau all { entities } } }""",
            f={"division": {"under": "500111002"}},
        )
    )["coverageFigures"]
    assert found == [
        {"divisionCode": WANGU, "kind": kind, "bureau": bureau, "all": {"entities": 1}}
        for kind, bureau in (
            ("INDIVIDUAL_HOUSEHOLD", "MARKET_REGULATION"),
            ("MICRO_SMALL_ENTERPRISE", "CIVIL_AFFAIRS"),
            ("MICRO_SMALL_ENTERPRISE", "MARKET_REGULATION"),
        )
    ]


async def test_a_scope_counts_its_own_entities_and_coverages_alone(ask: Any) -> None:
    township = Scope(divisions=(DivisionRange.under("500111002"),), members=True)
    assert await _figures(ask, "by: []", scope=township) == [(None, [3, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0])]
    civil = Scope(bureaus=frozenset({Bureau.CIVIL_AFFAIRS}), members=True)
    assert await _figures(ask, "by: []", scope=civil) == [(None, [1, 0, 0, 0], [0] * 4, [0] * 4)]


async def test_figures_are_one_statement_and_cost_as_a_count(ask: Any, refused: Any, statements: list[str]) -> None:
    await _figures(ask, "by: [KIND, DIVISION, BUREAU]")
    assert len(statements) == 1
    eleven = " ".join(f"a{number}: coverageFigures(by: []) {{ all {{ work }} }}" for number in range(11))
    error = await refused(f"{{ {eleven} }}")
    assert error["message"] == "The query is too large: it may read 5500 rows of at most 5000."


@pytest.mark.parametrize("by", ["", "KIND", "DIVISION, BUREAU"])
async def test_the_figures_over_time_agree_on_today(ask: Any, by: str) -> None:
    """The coverages of this district were told without periods: each counts from its own day on."""
    now = (await ask(f"{{ coverageFigures(by: [{by}]) {FIGURES}"))["coverageFigures"]
    query = f'{{ coverageOverTime(by: [{by}], on: ["{today(SystemClock())}"]) {FIGURES}'
    assert (await ask(query))["coverageOverTime"] == now
    before = f'{{ coverageOverTime(by: [], on: ["2024-02-27"]) {FIGURES}'
    [one] = (await ask(before))["coverageOverTime"]
    assert (one["all"]["entities"], one["all"]["anyOrganisation"], one["all"]["work"]) == (9, 0, 0)
