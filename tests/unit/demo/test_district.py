"""The made-up district comes to the figures of the study, whatever the seed."""

from collections import Counter
from datetime import date
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from contracts.vocabulary import AssignmentTarget, Demonstration, EntityKind, FormationMode, MemberStanding, NamingKind
from demo.district import names
from demo.district.codes import made_up_id_number, made_up_uscc
from demo.district.district import District
from demo.district.entities import Entity, Register
from demo.district.organisations import MICRO, enterprise_key, market_key
from demo.district.study import AS_OF, DISTRICT_X, SMALL
from demo.loading.figures import coverage_expected
from demo.registry import is_made_up
from services.ledgers.domain.divisions import level_of, parent_of
from services.registration.domain.kind import kind_of
from services.registration.domain.uscc import uscc_fault

SEEDS = (2024, 0, 7)
SIX = (
    "个私协棠香分会",
    "个私协铁山分会",
    "个私协石马分会",
    "个私协万古分会",
    enterprise_key(1),
    MICRO,
)


@cache
def district(seed: int) -> District:
    return District(DISTRICT_X, seed, AS_OF)


@cache
def entities(seed: int) -> tuple[Entity, ...]:
    return tuple(district(seed).entities())


pytestmark = pytest.mark.parametrize("seed", SEEDS)


def test_entities_are_those_of_the_study(seed: int) -> None:
    kinds = Counter(kind_of(one.uscc, one.legal_form) for one in entities(seed))

    assert kinds == {
        EntityKind.MICRO_SMALL_ENTERPRISE: 438,
        EntityKind.SPECIALISED_MARKET: 16,
        EntityKind.INDIVIDUAL_HOUSEHOLD: 58_271,
    }
    assert len({one.uscc for one in entities(seed)}) == len({one.name for one in entities(seed)}) == 58_725


def test_every_code_is_valid_and_made_up(seed: int) -> None:
    assert [one for one in entities(seed) if uscc_fault(one.uscc) or not is_made_up(one.uscc)] == []
    assert all(uscc.is_valid(one.uscc) for one in entities(seed)[::97])
    members = district(seed).members
    assert len({one.id_number for one in members}) == 1_196
    for one in members:
        assert one.id_number.startswith("999999")
        assert ric.calc_check_digit(one.id_number) == one.id_number[-1]
        assert one.id_number[6:14] == f"{one.born:%Y%m%d}"


def test_nobody_has_a_name_that_somebody_may_have(seed: int) -> None:
    found = district(seed)
    made = [one.name for one in found.members] + [one.name for one in found.cadres]

    assert len(set(made)) == 1_196 + 165
    for name in made:
        assert name.startswith(names.MARK)
        assert (name[2] in names.STEMS, name[3] in names.BRANCHES, name[4:].isdigit()) == (True, True, True)
    others = [one.name for one in entities(seed)] + [one.name for one in found.organisations]
    others += [one.name for one in found.associations] + [one.name for one in found.units]
    assert [name for name in others if names.MARK not in name] == []


def test_members_by_workplace(seed: int) -> None:
    kind = {one.uscc: one.register for one in entities(seed)}

    assert Counter(kind[one.workplace] for one in district(seed).members) == {
        Register.ENTERPRISES: 433,
        Register.MARKETS: 55,
        Register.HOUSEHOLDS: 708,
    }


def test_organisations_by_what_they_were_founded_for(seed: int) -> None:
    register = {one.uscc: one.register for one in entities(seed)}
    ours = [one for one in district(seed).organisations if not one.external]
    single = Counter(register[one.entities[0]] for one in ours if one.mode is FormationMode.SINGLE)

    assert single == {Register.ENTERPRISES: 104, Register.MARKETS: 6}
    for_households = [one for one in ours if {register[uscc] for uscc in one.entities} == {Register.HOUSEHOLDS}]
    assert len(for_households) == 13
    assert all(one.mode is FormationMode.CATCH_ALL for one in for_households)
    assert [one.key for one in ours if one.mode is FormationMode.JOINT] == [MICRO]
    assert len(ours) == 104 + 6 + 13 + 1


def test_the_ten_markets_without_an_organisation_need_found_none(seed: int) -> None:
    full = Counter(one.workplace for one in district(seed).members if one.standing is MemberStanding.FULL)
    own = {one.entities[0] for one in district(seed).organisations if one.mode is FormationMode.SINGLE}
    markets = [one.uscc for one in entities(seed) if one.register is Register.MARKETS]

    without = [uscc for uscc in markets if uscc not in own]
    assert len(without) == 10
    assert max(full[uscc] for uscc in without) <= 2
    assert min(full[uscc] for uscc in markets if uscc in own) >= 3


def test_who_has_an_organisation_has_three_full_members(seed: int) -> None:
    full = Counter(one.workplace for one in district(seed).members if one.standing is MemberStanding.FULL)
    own = [one.entities[0] for one in district(seed).organisations if one.mode is FormationMode.SINGLE]

    assert min(full[uscc] for uscc in own) >= 3
    covered = Counter(uscc for one in district(seed).organisations for uscc in one.entities)
    assert max(covered.values()) == 1


def test_relation_and_management_are_as_the_study_tells(seed: int) -> None:
    related = Counter(one.relation for one in district(seed).members)
    managed = Counter(one.management for one in district(seed).members)
    both = Counter(one.relation for one in district(seed).members if one.relation == one.management)
    branches = [one.key for one in district(seed).organisations if one.key.startswith("个私协")]

    assert (managed["个私协龙水分会"], related["个私协龙水分会"]) == (80, 0)
    assert [one.employees for one in district(seed).organisations if one.key == "个私协龙水分会"] == [656]
    assert related[market_key(0)] == managed[market_key(0)] == both[market_key(0)] > 0
    for key in SIX:
        assert 0 < related[key] < managed[key], key
    others = [key for key in branches if key not in SIX]
    assert len(branches) == 13
    assert all(managed[key] > 0 and related[key] == 0 for key in others)


def test_secretaries_are_as_old_as_the_study_tells(seed: int) -> None:
    ages = {key: _age(district(seed).members[number].born, AS_OF) for key, number in district(seed).secretaries.items()}
    young = {"个私协棠香分会", "个私协龙水分会", "个私协铁山分会"}

    assert set(ages) == {one.key for one in district(seed).organisations if not one.external}
    assert ages.pop(enterprise_key(0)) == 28
    assert all(30 <= ages.pop(key) <= 40 for key in young)
    assert min(ages.values()) >= 50
    assert max(ages.values()) == 67
    assert all(one.born.month != AS_OF.month for one in district(seed).members), "the month alone must tell the age"
    for key, number in district(seed).secretaries.items():
        secretary = district(seed).members[number]
        assert (secretary.management, secretary.standing) == (key, MemberStanding.FULL)


def test_every_organisation_and_who_has_none_has_a_contact_cadre(seed: int) -> None:
    cadres = district(seed).cadres
    to_organisations = {one.assigned_to for one in cadres if one.target is AssignmentTarget.ORGANISATION}

    assert len(cadres) == len({one.assigned_to for one in cadres}) == 165
    assert to_organisations == {one.key for one in district(seed).organisations if not one.external}
    known = {one.uscc for one in entities(seed)}
    assert {one.assigned_to for one in cadres if one.target is AssignmentTarget.ENTITY} <= known


def test_some_organisations_are_held_up_and_some_members_developed(seed: int) -> None:
    members = district(seed).members
    organisations = {one.key for one in district(seed).organisations if not one.external}

    assert set(district(seed).demonstrations) <= organisations
    assert Counter(district(seed).demonstrations.values()) == {Demonstration.MUNICIPAL: 1, Demonstration.DISTRICT: 3}
    first_half = [date(2022, month, 1) for month in range(1, 7)]
    developed = [one for one in members if one.developed_on is not None and one.confirmed_on is not None]
    assert (
        sum(one.developed_on is not None and one.developed_on.replace(day=1) in first_half for one in developed) == 16
    )
    assert sum(one.confirmed_on is not None and one.confirmed_on.replace(day=1) in first_half for one in developed) == 1
    assert all(one.relation == one.management for one in developed), "where they were developed"


def test_nobody_has_the_id_number_of_another(seed: int) -> None:
    numbers = [one.id_number for one in district(seed).members]

    assert len(set(numbers)) == len(numbers)


def test_people_work_where_the_study_tells_how_many(seed: int) -> None:
    employees = district(seed).employees
    [covering] = [one for one in district(seed).organisations if one.employees is not None]

    assert (set(employees), sum(employees.values())) == (set(covering.entities), 656)
    assert all(district(seed).members_at()[uscc].total() <= count for uscc, count in employees.items())


def test_entities_are_visited_and_named_and_given_questionnaires(seed: int) -> None:
    brought = district(seed).outreach
    known = {one.uscc for one in entities(seed)}
    visited = [uscc for one in brought.rounds for uscc in one.entities]
    named = {
        kind: [uscc for one in brought.decisions if one.kind is kind for uscc in one.entities] for kind in NamingKind
    }

    assert len(set(visited) & known) == len(visited) > 2_700
    assert {one.cadre for one in brought.rounds} == set(range(165))
    assert len({(one.cadre, one.visited_on) for one in brought.rounds}) == len(brought.rounds)
    assert all(one.visited_on <= AS_OF for one in brought.rounds)
    assert len(named[NamingKind.THREE_DISPLAYS]) == len(set(named[NamingKind.THREE_DISPLAYS])) == 648
    assert set(named[NamingKind.THREE_DISPLAYS]) <= {one.workplace for one in district(seed).members}
    assert len(set(named[NamingKind.PERFORMANCE_EXCELLENCE])) == 10
    assert named[NamingKind.DEMONSTRATION_BUSINESS] == [], "the study tells no number of them"
    assert brought.questionnaires == 12_000


def test_everything_stands_in_a_division_that_is_stated(seed: int) -> None:
    stated = [one.code for one in district(seed).divisions()]
    known = set(stated)

    assert len(known) == len(stated) == 1 + 27 + 27 * 3
    for place, code in enumerate(stated):
        level_of(code)
        assert parent_of(code) in {None, *stated[:place]}
    assert {one.division_code for one in entities(seed)} <= known
    assert {one.division_code for one in district(seed).cadres} <= known
    assert {one.division_code for one in district(seed).units} <= known
    assert {one.division_code for one in district(seed).organisations if one.division_code} <= known


def test_days_are_up_to_the_day_of_the_study(seed: int) -> None:
    registered = {one.uscc: one.registered_on for one in entities(seed)}

    assert max(registered.values()) < AS_OF
    assert date(2000, 1, 1) < min(registered.values())
    for one in district(seed).organisations:
        assert one.founded_on < district(seed).counted_on < district(seed).assigned_on < AS_OF


def test_the_same_seed_gives_the_same_district_and_another_another(seed: int) -> None:
    def told(one: District) -> bytes:
        facts = (*one.entities(), *one.organisations, *one.members, *one.cadres, one.outreach)
        return sha256("\n".join(map(repr, facts)).encode()).digest()

    first = told(District(SMALL, seed, AS_OF))

    assert told(District(SMALL, seed, AS_OF)) == first
    assert told(District(SMALL, seed + 1, AS_OF)) != first
    codes = {one.uscc for one in District(SMALL, seed, AS_OF).entities()}
    assert codes.isdisjoint(one.uscc for one in District(SMALL, seed + 1, AS_OF).entities())


def test_the_figures_of_coverage_follow_from_the_district(seed: int) -> None:
    found = district(seed)
    full = Counter(one.workplace for one in found.members if one.standing is MemberStanding.FULL)
    with_member = {one.workplace for one in found.members}
    own = {one.entities[0] for one in found.organisations if one.mode is FormationMode.SINGLE}
    covered = {uscc for one in found.organisations for uscc in one.entities}
    worked = covered | {one.assigned_to for one in found.cadres if one.target is AssignmentTarget.ENTITY}

    for register, kind in zip(Register, coverage_expected(DISTRICT_X), strict=True):
        expected = coverage_expected(DISTRICT_X)[kind]
        of_kind = {one.uscc for one in entities(seed) if one.register is register}
        over = (of_kind, of_kind & with_member, {uscc for uscc in of_kind if full[uscc] >= 3})
        assert expected == tuple((len(one), len(one & own), len(one & covered), len(one & worked)) for one in over)


@given(number=st.integers(0, 31**5 - 1), other=st.integers(0, 960), born=st.dates(date(1930, 1, 1), AS_OF))
def test_codes_are_valid_for_any_number(seed: int, number: int, other: int, born: date) -> None:
    code = made_up_uscc("92", "H", other, number)

    assert uscc_fault(code) is None
    assert is_made_up(code)
    id_number = made_up_id_number(born, (number + seed) % 1000)
    assert ric.calc_check_digit(id_number) == id_number[-1]


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
