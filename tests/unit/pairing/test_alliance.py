"""The sides of an alliance: who may stand where, nobody twice, nobody missing."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import AllianceSide, Bureau, DivisionLevel
from services.pairing.domain.alliance import (
    FITS,
    KnownParty,
    Named,
    Party,
    PartyKind,
    gone,
    line_of,
    misfits,
    no_townships,
    unknown,
)

MASSES = Party(side=AllianceSide.MASSES, association_id=UUID(int=1))
ENTERPRISE = Party(side=AllianceSide.ENTERPRISE, entity_id=UUID(int=2))
SUBDISTRICT = Party(side=AllianceSide.SUBDISTRICT, division_code="500111101000")
THREE = (MASSES, ENTERPRISE, SUBDISTRICT)
IDS = st.one_of(st.none(), st.integers(1, 3).map(lambda number: UUID(int=number)))
PARTIES = st.lists(
    st.builds(
        Party,
        side=st.sampled_from(AllianceSide),
        entity_id=IDS,
        organisation_id=IDS,
        association_id=IDS,
        division_code=st.sampled_from([None, "500111101000"]),
    ),
    max_size=5,
)


def places(parties: tuple[Party, ...]) -> list[tuple[str, str]]:
    return [(one.pointer, one.reason_zh) for one in misfits(parties)]


def test_three_sides_are_an_alliance_and_an_organisation_may_stand_on_each() -> None:
    assert misfits(THREE) == []
    assert misfits([Party(side=side, organisation_id=UUID(int=place)) for place, side in enumerate(AllianceSide)]) == []


@pytest.mark.parametrize("missing", list(AllianceSide))
def test_a_side_without_anybody_is_named(missing: AllianceSide) -> None:
    there = tuple(one for one in THREE if one.side is not missing)
    assert places(there) == [("/parties", f"缺少“{missing.zh}”一方")]
    [found] = misfits(there)
    assert missing.value in found.reason


def test_without_parties_all_sides_are_missing() -> None:
    assert [zh for _, zh in places(())] == ["缺少“群众”一方", "缺少“企业”一方", "缺少“街道”一方"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        (Party(side=AllianceSide.MASSES), "/parties/3"),
        (Party(side=AllianceSide.MASSES, entity_id=UUID(int=7), association_id=UUID(int=8)), "/parties/3"),
        (Party(side=AllianceSide.MASSES, entity_id=UUID(int=7)), "/parties/3/entityId"),
        (Party(side=AllianceSide.ENTERPRISE, association_id=UUID(int=7)), "/parties/3/associationId"),
        (Party(side=AllianceSide.SUBDISTRICT, entity_id=UUID(int=7)), "/parties/3/entityId"),
        (Party(side=AllianceSide.ENTERPRISE, entity_id=UUID(int=2)), "/parties/3/entityId"),
    ],
)
def test_what_is_wrong_with_a_party_is_named_by_its_place(wrong: Party, pointer: str) -> None:
    assert [one for one, _ in places((*THREE, wrong))] == [pointer]


def test_nobody_is_a_party_twice_though_on_two_sides() -> None:
    both = [Party(side=side, organisation_id=UUID(int=7)) for side in (AllianceSide.MASSES, AllianceSide.ENTERPRISE)]
    assert places((*both, SUBDISTRICT)) == [("/parties/1/organisationId", "重复")]


@given(PARTIES)
def test_parties_are_accepted_if_and_only_if_each_rule_holds(parties: list[Party]) -> None:
    named = [one for party in parties for one in party.ids]
    rules = (
        all(len(party.ids) == 1 for party in parties),
        all(kind in FITS[party.side] for party in parties for kind, _ in party.ids),
        len(set(named)) == len(named),
        {party.side for party in parties} == set(AllianceSide),
    )
    assert (misfits(parties) == []) == all(rules)


def test_parties_must_be_known_and_active_and_the_subdistrict_a_township() -> None:
    known: dict[Named, KnownParty] = {
        (PartyKind.ASSOCIATION, UUID(int=1)): KnownParty(active=False, bureau=Bureau.CIVIL_AFFAIRS),
        (PartyKind.DIVISION, "500111101000"): KnownParty(active=True, level=DivisionLevel.GRID),
    }
    assert [one.pointer for one in unknown(THREE, known)] == ["/parties/1/entityId"]
    known[PartyKind.ENTITY, UUID(int=2)] = KnownParty(active=True, bureau=Bureau.AGRICULTURE)
    assert unknown(THREE, known) == []
    assert [one.pointer for one in gone(THREE, known)] == ["/parties/0/associationId"]
    assert [one.pointer for one in no_townships(THREE, known)] == ["/parties/2/divisionCode"]
    assert line_of(THREE, known) is Bureau.AGRICULTURE
