"""The Party-building questions: which edition holds, and which answers are none."""

from dataclasses import fields
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.party_building import EDITIONS, Answers, edition_of, misfits

EDITION = EDITIONS[0]
NAMES = [one.name for one in fields(Answers)]

counts = st.none() | st.integers(0, 5)
answered = st.builds(
    Answers,
    employees=counts,
    full_members=counts,
    probationary_members=counts,
    has_organisation=st.none() | st.booleans(),
    has_secretary=st.none() | st.booleans(),
    wishes_guidance=st.none() | st.booleans(),
)


def test_editions_follow_each_other_and_ask_only_what_can_be_answered() -> None:
    days = [one.valid_from for one in EDITIONS]
    assert days == sorted(set(days))
    for one in EDITIONS:
        assert {question.name for question in one.questions} <= set(NAMES)
        assert all(any("\u4e00" <= sign <= "\u9fff" for sign in question.text_zh) for question in one.questions)
        assert edition_of(one.valid_from) is one
    assert edition_of(days[0] - timedelta(days=1)) is None
    assert edition_of(date.max) is EDITIONS[-1]


@given(answers=answered)
def test_answers_are_taken_exactly_where_they_are_whole_and_agree(answers: Answers) -> None:
    stated = answers.stated()
    whole = all(stated[name] is not None for name in NAMES if name != "has_secretary")
    asked = answers.has_organisation is not True or answers.has_secretary is not None
    agree = ((answers.full_members or 0) + (answers.probationary_members or 0) <= (answers.employees or 0)) and not (
        answers.has_secretary and not answers.has_organisation
    )
    found = misfits(EDITION, answers, "/x")
    assert (found == []) is (whole and asked and agree)
    assert all(one.pointer.startswith("/x/") and one.reason and one.reason_zh for one in found)
