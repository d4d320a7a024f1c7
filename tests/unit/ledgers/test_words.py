"""Names that are masked, and what a division's code says of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import DivisionLevel
from services.ledgers.domain.divisions import level_of, parent_of
from services.ledgers.domain.names import masked


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王明", "王*"), ("王小明", "王**"), ("欧阳小明", "欧***"), ("阿卜杜拉·买买提", "阿***"), ("王", "王*")],
)
def test_a_name_is_its_first_character_and_stars(name: str, shown: str) -> None:
    assert masked(name) == shown


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("500111000000", DivisionLevel.DISTRICT, None),
        ("500111101000", DivisionLevel.TOWNSHIP, "500111000000"),
        ("500111101003", DivisionLevel.GRID, "500111101000"),
        ("500111000003", DivisionLevel.GRID, "500111000000"),
    ],
)
def test_a_code_says_its_level_and_what_is_above(code: str, level: DivisionLevel, parent: str | None) -> None:
    assert (level_of(code), parent_of(code)) == (level, parent)


@pytest.mark.parametrize("code", ["000000000000", "500000000000", "500100000000"])
def test_a_province_and_a_city_are_none_of_a_districts(code: str) -> None:
    with pytest.raises(ValueError, match="no district, township or grid"):
        level_of(code)


@given(st.from_regex(r"[1-9][0-9]{3}(0[1-9]|[1-9][0-9])[0-9]{6}", fullmatch=True))
def test_what_is_above_is_a_level_higher_and_ends_at_the_district(code: str) -> None:
    steps = [code]
    while (above := parent_of(steps[-1])) is not None:
        steps.append(above)
    assert level_of(steps[-1]) is DivisionLevel.DISTRICT
    assert len(steps) <= 3
    assert {step[:6] for step in steps} == {code[:6]}
