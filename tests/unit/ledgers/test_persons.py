"""What names a person: which numbers are ones, and what is one name written in several ways."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from contracts.vocabulary import PersonField
from services.ledgers.domain.persons import (
    PersonFacts,
    born_in,
    compared_id_number,
    compared_name,
    compared_telephone,
    is_id_number,
    unfit,
)
from tests.id_numbers import id_number

TODAY = date(2024, 2, 28)
DAYS = st.dates(date(1900, 1, 1), TODAY)


# The library also asks whether the area was a county in the year of birth; this one always was.
COUNTY = "110101"


@given(born=DAYS, order=st.integers(0, 999))
def test_a_number_with_its_check_digit_is_one_and_tells_the_month(born: date, order: int) -> None:
    number = id_number(f"{born:%Y%m%d}", order, area=COUNTY)
    assert is_id_number(number)
    assert born_in(number) == f"{born:%Y-%m}"


@given(born=DAYS, order=st.integers(0, 999), place=st.integers(0, 17), digit=st.sampled_from("0123456789X"))
def test_another_character_anywhere_makes_it_none(born: date, order: int, place: int, digit: str) -> None:
    number = id_number(f"{born:%Y%m%d}", order, area="500111")
    changed = number[:place] + digit + number[place + 1 :]
    assert is_id_number(changed) == (changed == number)


@given(born=DAYS, order=st.integers(0, 999), check=st.sampled_from("0123456789X"))
def test_it_says_what_the_library_says(born: date, order: int, check: str) -> None:
    right = id_number(f"{born:%Y%m%d}", order, area=COUNTY)
    assert ric.is_valid(right)
    number = right[:-1] + check
    assert is_id_number(number) == ric.is_valid(number)


@pytest.mark.parametrize("wrong", ["", "500111198502303", "50011119850230301X", id_number("19850230"), "一" * 18])
def test_what_is_none(wrong: str) -> None:
    assert not is_id_number(wrong)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("王 小明", "王小明"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("ＬＩ Ｍｉｎｇ", "liming"),
    ],
)
def test_a_name_written_in_several_ways_is_compared_as_one(written: str, compared: str) -> None:
    assert compared_name(written) == compared_name(compared) == compared


def test_numbers_written_in_several_ways_are_compared_as_one() -> None:
    assert compared_id_number(" 500111 19850308 ００１x ") == "50011119850308001X"
    assert {compared_telephone(one) for one in ("138 0000 0000", "+86-13800000000", "１３８00000000")} == {
        "13800000000"
    }
    assert compared_telephone("(023) 4372-1234") == "02343721234"


@pytest.mark.parametrize(
    ("number", "telephone", "month", "pointers"),
    [
        (id_number("19850308"), "13800000000", "1985-03", []),
        (None, "02343721234", None, []),
        (None, None, "1985-03", []),
        (id_number("19850308"), None, "1985-04", ["/bornIn"]),
        ("123", "12345", None, ["/idNumber", "/telephone"]),
        (id_number("20250101"), None, None, ["/idNumber"]),
        (None, None, "2024-03", ["/bornIn"]),
        (None, None, "1899-12", ["/bornIn"]),
    ],
)
def test_what_does_not_fit_is_named_by_its_place_and_never_repeated(
    number: str | None, telephone: str | None, month: str | None, pointers: list[str]
) -> None:
    found = unfit(number, telephone, month, TODAY)
    assert [one.pointer for one in found] == pointers
    for one in found:
        for value in (number, telephone):
            assert value is None or value not in one.reason + one.reason_zh


def test_what_is_missing_is_taken_from_the_other_record() -> None:
    mine, other = PersonFacts("王小明", None, "13800000000"), PersonFacts("王晓明", "X", "13900000000")
    assert mine.completed_by(other) == PersonFacts("王小明", "X", "13800000000")
    assert mine.indexed() == {PersonField.NAME: "王小明", PersonField.TELEPHONE: "13800000000"}
