"""The figures of the study, each beside what the graph says of it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.vocabulary import Demonstration, EntityKind
from demo.district.members import (
    OLD_SECRETARIES,
    OLDEST_SECRETARY,
    YOUNG_PLACES,
    YOUNG_SECRETARIES,
    YOUNGEST_SECRETARY,
)
from demo.district.study import Study
from demo.loading.asked import Found, ask
from demo.loading.doors import Doors

_TICK_SECONDS: Final = 0.5
_BRANCH_OF_SELF_EMPLOYED: Final = "个私协"
_KINDS: Final = (EntityKind.MICRO_SMALL_ENTERPRISE, EntityKind.SPECIALISED_MARKET, EntityKind.INDIVIDUAL_HOUSEHOLD)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it should be, and what the graph says."""

    name: str
    expected: int
    found: int

    @property
    def right(self) -> bool:
        """Whether the two are the same."""
        return self.expected == self.found


async def figures_of(doors: Doors, study: Study, as_of: date) -> Sequence[Figure]:
    """Ask the graph for each figure of a district.

    Raises:
        LoadError: as for `ask`.
    """
    return figures(study, await ask(doors, as_of))


async def settled(
    asking: Callable[[], Awaitable[Sequence[Figure]]], *, patience_seconds: float = 60
) -> Sequence[Figure]:
    """Ask until every figure is as expected, or nothing has moved for `patience_seconds`; return the figures.

    Raises:
        LoadError: what the asking raises.
    """
    loop = asyncio.get_running_loop()
    before: Sequence[Figure] = ()
    moved = loop.time()
    while True:
        found = await asking()
        if all(one.right for one in found) or loop.time() - moved > patience_seconds:
            return found
        if found != before:
            before, moved = found, loop.time()
        await asyncio.sleep(_TICK_SECONDS)


def coverage_expected(study: Study) -> dict[EntityKind, tuple[tuple[int, int, int, int], ...]]:
    """Return what the figures come to, by kind, over all entities, those with a member, those with three full ones.

    Each is: how many there are, have an organisation of their own, are covered by any, have a cadre assigned.
    """
    own, markets, households = study.own, len(study.market_members), study.managed_households
    worked = own + study.joined + study.must_found + study.contacted
    with_member = own + study.must_found + study.without_organisation
    at_market = markets + sum(count > 0 for count in study.market_members_without)
    return {
        EntityKind.MICRO_SMALL_ENTERPRISE: (
            (study.enterprises, own, own + study.joined, worked),
            (with_member, own, own + study.joined, worked),
            (own + study.must_found, own, own, own + study.must_found),
        ),
        EntityKind.SPECIALISED_MARKET: (
            (study.markets, markets, markets, study.markets),
            (at_market, markets, markets, at_market),
            (markets, markets, markets, markets),
        ),
        EntityKind.INDIVIDUAL_HOUSEHOLD: (
            (study.households, 0, households, households),
            (study.household_members, 0, households, households),
            (0, 0, 0, 0),
        ),
    }


def figures(study: Study, found: Found) -> Sequence[Figure]:
    """Return each figure of a district, expected and found."""
    return [*_entities(study, found), *_organisations(study, found), *_others(study, found)]


def _entities(study: Study, found: Found) -> list[Figure]:
    listed = []
    members = (study.enterprise_members, study.market_members_all, study.household_members)
    for kind, expected in zip(_KINDS, members, strict=True):
        listed.append(Figure(f"members by workplace, {kind.zh} 党员", expected, found.members[kind]))
    denominators = ("all 全部", "with a member 有党员", "≥ 3 full members 三名以上")
    for kind, over in coverage_expected(study).items():
        told = found.coverage.get(kind)
        shown = (None, None, None) if told is None else (told.all, told.with_member, told.with_three_full_members)
        for denominator, expected_figures, one in zip(denominators, over, shown, strict=True):
            found_figures = (
                (0, 0, 0, 0) if one is None else (one.entities, one.own_organisation, one.any_organisation, one.work)
            )
            names = ("entities 主体", "own 单独组建", "covered 组织覆盖", "work 工作覆盖")
            listed += [
                Figure(f"{kind.zh}, {denominator}: {name}", expected, figure)
                for name, expected, figure in zip(names, expected_figures, found_figures, strict=True)
            ]
    return listed


def _organisations(study: Study, found: Found) -> list[Figure]:
    branches = [one for one in found.organisations if one.name.startswith(_BRANCH_OF_SELF_EMPLOYED)]
    by_name = {one.name: one for one in found.organisations}
    listed = [
        Figure("organisations 党组织", study.organisations, len(found.organisations)),
        Figure("organisations for households 个体工商户党组织", len(study.branches), len(branches)),
        Figure(
            "个私协 branches that manage members 有管理党员的分会",
            len(study.branches),
            sum(one.managed > 0 for one in branches),
        ),
        Figure(
            "个私协 branches with no relation 组织关系为零的分会",
            sum(one.related == 0 for one in study.branches),
            sum(one.related == 0 for one in branches),
        ),
    ]
    for branch in study.branches:
        if branch.place is not None:
            name = f"个私协{branch.place}分会党支部（演示）"
            there = by_name.get(name)
            listed += [
                Figure(f"{name}: managed 管理", branch.managed, there.managed if there else 0),
                Figure(f"{name}: related 关系", branch.related, there.related if there else 0),
            ]
    market = study.market_members[0]
    managed_by_micro = 2 * study.joined
    builder = sum(one.related for one in found.organisations if one.name == "翔宇建筑党支部（演示）")
    for name, managed, related in (
        ("龙水五金市场有限公司支部（演示）", market, market),
        ("微企协会党支部（演示）", managed_by_micro, study.joined_related),
    ):
        there = by_name.get(name)
        listed += [
            Figure(f"{name}: managed 管理", managed, there.managed if there else 0),
            Figure(f"{name}: related 关系", related, there.related if there else 0),
        ]
    listed.append(Figure("翔宇建筑党支部（演示）: related 关系", study.builder_related, builder))
    return listed


def _others(study: Study, found: Found) -> list[Figure]:
    lonely = sum(count > 0 for count in study.market_members_without)
    should_join = study.without_organisation - study.joined + lonely + study.unmanaged
    return [
        Figure("members 党员", study.members, found.members.total()),
        Figure("contact cadres 联系干部", study.cadres, found.cadres),
        Figure("assigned 已选派", study.cadres, found.assignments),
        Figure("must found 应建未建", study.must_found, found.must_found),
        Figure("should join 应联合组建", should_join, found.should_join),
        Figure("entities visited 走访主体", study.visited, found.visited),
        Figure("“三亮” businesses “三亮”党员经营户", study.three_lights, found.three_displays),
        Figure("firms with 卓越绩效", study.excellence, found.excellence),
        Figure("questionnaires handed out 发放问卷", study.questionnaires, found.questionnaires),
        *_people(study, found),
    ]


def _people(study: Study, found: Found) -> list[Figure]:
    ages = Counter(found.secretaries.values())
    young = [one for name, one in found.secretaries.items() if any(place in name for place in YOUNG_PLACES)]
    others = Counter({age: count for age, count in ages.items() if age >= min(OLD_SECRETARIES)})
    secretaries, employees = study.organisations, sum(one.employees or 0 for one in study.branches)
    return [
        Figure("municipal demonstration sites 市级示范点", 1, found.demonstrations[Demonstration.MUNICIPAL]),
        Figure("district demonstration organisations 区级示范", 3, found.demonstrations[Demonstration.DISTRICT]),
        Figure("developed in 2022H1 发展党员", study.developed, found.admitted),
        Figure("confirmed in 2022H1 转正党员", study.confirmed, found.confirmed),
        Figure("secretaries with their age 已知年龄书记", secretaries, ages.total()),
        Figure("secretaries of 28 28岁书记", 1, ages[YOUNGEST_SECRETARY]),
        Figure("secretaries of 30–40 30至40岁书记", len(YOUNG_PLACES), sum(one in YOUNG_SECRETARIES for one in young)),
        Figure("all others of 50 and over 其余50岁及以上", secretaries - 1 - len(YOUNG_PLACES), others.total()),
        Figure("the oldest secretary 最大年龄", OLDEST_SECRETARY, max(ages, default=0)),
        Figure("employees at 个私协龙水分会 从业人员", employees, found.employees),
    ]
