"""Points and reasons of each part: exact figures, and what holds for all."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.assessment import Evidence as ToldEvidence
from contracts.vocabulary import AssessedPart
from services.assessment.domain.scoring import MOST_SEEN, CoveredEntities, Facts, Membership, Seen, assess
from tests.unit.assessment.facts import (
    COUNTED,
    JOINT,
    NO_ORGANISATION,
    NO_WORK,
    ORGANISATION,
    OWN,
    UNKNOWN,
    any_facts,
    facts,
    members,
    part,
)

COVERAGE, GAP, SIZE = AssessedPart.COVERAGE, AssessedPart.RELATION_GAP, AssessedPart.SIZE


@pytest.mark.parametrize(
    ("entities", "points", "reason", "reason_zh"),
    [
        ([], "0.00", "It covers no entity.", "未覆盖任何市场主体。"),
        ([OWN], "40.00", "1 of 1 entity has both coverages.", "1个主体中1个“两个覆盖”齐全。"),
        ([NO_WORK], "0.00", "0 of 1 entity has both coverages.", "1个主体中0个“两个覆盖”齐全。"),
        ([NO_ORGANISATION], "0.00", "0 of 1 entity has both coverages.", "1个主体中0个“两个覆盖”齐全。"),
        ([OWN, JOINT, NO_WORK], "26.67", "2 of 3 entities have both coverages.", "3个主体中2个“两个覆盖”齐全。"),
        (
            [OWN, UNKNOWN, UNKNOWN],
            "13.33",
            "1 of 3 entities have both coverages. Of 2 the coverage is not known yet.",
            "3个主体中1个“两个覆盖”齐全。其中2个的覆盖情况尚不清楚。",
        ),
        (
            [replace(OWN, entities=100)],
            "40.00",
            "100 of 100 entities have both coverages. The 99 of the highest version are named here.",
            "100个主体中100个“两个覆盖”齐全。此处列出其中版本最高的99个。",
        ),
        (
            [replace(OWN, entities=99), UNKNOWN],
            "39.60",
            "99 of 100 entities have both coverages. Of 1 the coverage is not known yet.",
            "100个主体中99个“两个覆盖”齐全。其中1个的覆盖情况尚不清楚。",
        ),
    ],
)
def test_coverage(entities: list[CoveredEntities], points: str, reason: str, reason_zh: str) -> None:
    known = facts(*entities)
    evidence = assess(part(COVERAGE), known)
    assert (str(evidence.points), evidence.reason, evidence.reason_zh) == (points, reason, reason_zh)
    assert evidence.seen == (ORGANISATION.seen, *known.coverages)


@pytest.mark.parametrize(
    ("counted", "points", "reason", "reason_zh"),
    [
        (None, "0.00", "Its members are not counted yet.", "党员数尚未统计。"),
        (members(), "0.00", "Nobody is related or managed here.", "无党员：组织关系、管理均无在此者。"),
        (
            members(related=4),
            "0.00",
            "Nobody is managed here; members related here who are managed elsewhere: 4.",
            "无在此管理的党员；组织关系在此的4名均在他处管理。",
        ),
        (
            members(managed=1, both=1),
            "40.00",
            "1 of 1 member managed here has its relation here.",
            "管理党员1名，其中组织关系在本组织1名。",
        ),
        # the branch of Longshui: 80 managed, none related
        (
            members(managed=80),
            "0.00",
            "0 of 80 members managed here have their relation here.",
            "管理党员80名，其中组织关系在本组织0名。",
        ),
        (
            members(related=9, managed=6, both=1),
            "6.67",
            "1 of 6 members managed here have their relation here.",
            "管理党员6名，其中组织关系在本组织1名。",
        ),
    ],
)
def test_the_gap_of_relation_and_management(
    counted: Membership | None, points: str, reason: str, reason_zh: str
) -> None:
    evidence = assess(part(GAP), facts(membership=counted))
    assert (str(evidence.points), evidence.reason, evidence.reason_zh) == (points, reason, reason_zh)
    assert evidence.seen == ((COUNTED,) if counted else ())


@pytest.mark.parametrize(
    ("counted", "points", "reason", "reason_zh"),
    [
        (None, "0.00", "Its members are not counted yet.", "党员数尚未统计。"),
        (
            members(),
            "0.00",
            "0 full members: 0 by relation, 0 by management.",
            "正式党员0名（按组织关系0名，按管理0名）。",
        ),
        (
            members(full_related=1),
            "6.67",
            "1 full member: 1 by relation, 0 by management.",
            "正式党员1名（按组织关系1名，按管理0名）。",
        ),
        (
            members(full_related=1, full_managed=2),
            "13.33",
            "2 full members: 1 by relation, 2 by management.",
            "正式党员2名（按组织关系1名，按管理2名）。",
        ),
        (
            members(full_related=3),
            "20.00",
            "3 full members: 3 by relation, 0 by management.",
            "正式党员3名（按组织关系3名，按管理0名）。",
        ),
        (
            members(full_managed=78),
            "20.00",
            "78 full members: 0 by relation, 78 by management.",
            "正式党员78名（按组织关系0名，按管理78名）。",
        ),
    ],
)
def test_size(counted: Membership | None, points: str, reason: str, reason_zh: str) -> None:
    evidence = assess(part(SIZE, "20.00"), facts(membership=counted))
    assert (str(evidence.points), evidence.reason, evidence.reason_zh) == (points, reason, reason_zh)
    assert evidence.seen == ((COUNTED,) if counted else ())


def test_halves_of_a_hundredth_are_rounded_up() -> None:
    assert str(assess(part(COVERAGE, "0.01"), facts(OWN, NO_WORK)).points) == "0.01"
    assert str(assess(part(COVERAGE, "0.01"), facts(OWN, NO_WORK, NO_WORK)).points) == "0.00"


@given(any_facts, st.sampled_from(AssessedPart), st.decimals(0, Decimal("9999.99"), places=2))
def test_points_are_between_nothing_and_the_parts_and_can_be_told(
    known: Facts, which: AssessedPart, most: Decimal
) -> None:
    evidence = assess(part(which, str(most)), known)
    assert 0 <= evidence.points <= evidence.of == most
    assert evidence.points.as_tuple().exponent == -2
    told = ToldEvidence.model_validate(evidence, from_attributes=True)
    assert (told.points, told.of, told.reason_zh) == (evidence.points, most, evidence.reason_zh)


@given(any_facts, st.randoms(use_true_random=False))
def test_the_order_of_the_entities_changes_nothing(known: Facts, shuffle: Random) -> None:
    entities = list(known.entities)
    shuffle.shuffle(entities)
    assert assess(part(COVERAGE), replace(known, entities=tuple(entities))) == assess(part(COVERAGE), known)


def test_the_contract_takes_as_many_facts_as_are_named() -> None:
    evidence = assess(part(COVERAGE), facts(replace(OWN, entities=200)))
    assert len(evidence.seen) == MOST_SEEN
    assert len(ToldEvidence.model_validate(evidence, from_attributes=True).seen) == MOST_SEEN
    too_many = replace(evidence, seen=(*evidence.seen, Seen("ledgers-coverage", "e", 1)))
    with pytest.raises(ValueError, match="too_long"):
        ToldEvidence.model_validate(too_many, from_attributes=True)
