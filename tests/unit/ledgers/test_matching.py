"""Who or what a row of a file is about: one, somebody new, or a doubt that is told."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ledgers.domain.matching import (
    Directory,
    Doubt,
    KnownOrganisation,
    KnownPerson,
    StatedIdentity,
    compared_organisation_name,
    match_member,
)
from services.ledgers.domain.organisation import code_misfits, compared_code

ONE, OTHER, THIRD = (UUID(int=number) for number in (1, 2, 3))
HERE, ELSEWHERE = "500111101000", "500111102000"
NAMES = st.text("甲乙aA（）() 　·•-1", min_size=1, max_size=8)


def known(
    key: UUID, name: str = "支部", code: str | None = None, division: str = HERE, *, active: bool = True
) -> KnownOrganisation:
    return KnownOrganisation(key, name, code, division, active)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("五金（龙水）支部", "五金(龙水)支部"),
        ("五金 支部", "五金　支部"),
        ("Ａ区支部", "a区支部"),
        ("古•丽支部", "古·丽支部"),
    ],
)
def test_names_that_are_written_otherwise_are_the_same(name: str, other: str) -> None:
    assert name != other
    assert compared_organisation_name(name) == compared_organisation_name(other)


@given(NAMES)
def test_comparing_a_compared_name_changes_nothing(name: str) -> None:
    once = compared_organisation_name(name)

    assert compared_organisation_name(once) == once
    assert not any(sign.isspace() for sign in once)


@given(st.text(min_size=1, max_size=20))
def test_a_code_that_is_accepted_is_in_its_one_form(text: str) -> None:
    code = compared_code(text)

    assert compared_code(code) == code
    if not code_misfits(code):
        assert code.isascii()
        assert code == code.upper()
        assert compared_code(f" {code.lower()} ") == code


@pytest.mark.parametrize("code", ["-1", "支部1", "A 1".replace(" ", "#"), ""])
def test_what_is_no_code_is_told_in_both_languages(code: str) -> None:
    [misfit] = code_misfits(code)

    assert misfit.pointer == "/code"
    assert "组织编码" in misfit.reason_zh


class TestOrganisations:
    def test_the_code_tells_which_one_whatever_its_name(self) -> None:
        directory = Directory([known(ONE, code="A-1"), known(OTHER, "二支部")])

        assert directory.match("A-1", "新支部", ELSEWHERE) == ONE

    def test_without_a_code_the_name_tells_within_the_division(self) -> None:
        directory = Directory([known(ONE), known(OTHER, division=ELSEWHERE)])

        assert directory.match(None, " 支部", HERE) == ONE
        assert directory.match(None, "支部", "500111103000") is None
        assert directory.match(None, "支部", None) is Doubt.SEVERAL

    def test_a_code_is_given_to_one_that_has_none(self) -> None:
        assert Directory([known(ONE)]).match("A-1", "支部", HERE) == ONE

    def test_another_code_is_a_doubt(self) -> None:
        assert Directory([known(ONE, code="A-1")]).match("A-2", "支部", HERE) is Doubt.OTHER_CODE

    def test_two_of_one_name_are_a_doubt(self) -> None:
        directory = Directory([known(ONE, code="A-1"), known(OTHER)])

        assert directory.match(None, "支部", HERE) is Doubt.SEVERAL
        assert directory.match("A-2", "支部", HERE) is Doubt.SEVERAL
        assert directory.match("A-1", "支部", HERE) == ONE

    def test_a_code_with_the_name_of_another_is_a_doubt(self) -> None:
        directory = Directory([known(ONE, code="A-1"), known(OTHER, "二支部")])

        assert directory.match("A-1", "二支部", HERE) is Doubt.NAME_OF_ANOTHER

    def test_a_dissolved_one_is_found_by_its_code_alone(self) -> None:
        directory = Directory([known(ONE, code="A-1", active=False)])

        assert directory.match(None, "支部", HERE) is None
        assert directory.match("A-1", "支部", HERE) == ONE

    def test_a_reference_is_a_code_or_a_name(self) -> None:
        directory = Directory([known(ONE, code="A-1"), known(OTHER, "二支部"), known(THIRD, "A-1")])

        assert directory.meant("二 支部") == OTHER
        assert directory.meant("a-1") is Doubt.SEVERAL
        assert directory.meant("三支部") is None

    def test_what_was_renamed_is_found_by_its_new_name_and_code_alone(self) -> None:
        directory = Directory([known(ONE, code="A-1")])
        directory.put(known(ONE, "新支部", code="A-2"))

        assert directory.match(None, "支部", HERE) is None
        assert directory.meant("A-1") is None
        assert directory.match("A-2", "新支部", HERE) == directory.meant("新支部") == ONE

    @given(st.lists(st.tuples(NAMES, st.sampled_from([HERE, ELSEWHERE])), max_size=6), NAMES)
    def test_one_is_found_where_one_alone_has_the_name(self, there: list[tuple[str, str]], name: str) -> None:
        directory = Directory(
            known(UUID(int=number), one, division=division) for number, (one, division) in enumerate(there, start=1)
        )
        wanted = compared_organisation_name(name)
        named = [
            UUID(int=number)
            for number, (one, division) in enumerate(there, start=1)
            if compared_organisation_name(one) == wanted and division == HERE
        ]

        found = directory.match(None, name, HERE)

        assert found == {0: None, 1: next(iter(named), None)}.get(len(named), Doubt.SEVERAL)


def person(key: UUID, number: str | None = None, born_in: str | None = None, name: str = "王小明") -> KnownPerson:
    return KnownPerson(key, frozenset({name}), number, born_in)


def stated(number: str | None = None, born_in: str | None = None, *, related: bool = True) -> StatedIdentity:
    return StatedIdentity("王小明", number, born_in, related)


class TestMembers:
    def test_who_has_the_number_and_the_name_is_meant(self) -> None:
        assert match_member(stated("1"), person(ONE, "1"), []) == ONE

    def test_a_number_of_another_name_is_a_doubt(self) -> None:
        assert match_member(stated("1"), person(ONE, "1", name="李四"), []) is Doubt.OTHER_NAME

    def test_who_has_name_and_relation_is_meant(self) -> None:
        assert match_member(stated(), None, [person(ONE, "1", "1985-03")]) == ONE
        assert match_member(stated("1", "1985-03"), None, [person(ONE, None, "1985-03")]) == ONE

    def test_nobody_of_the_name_is_somebody_new(self) -> None:
        assert match_member(stated("1"), None, []) is None
        assert match_member(stated(related=False), None, []) is None

    @pytest.mark.parametrize(
        ("wanted", "there", "doubt"),
        [
            (stated(), [person(ONE), person(OTHER)], Doubt.SEVERAL),
            (stated("1"), [person(ONE, "2")], Doubt.OTHER_ID_NUMBER),
            (stated(None, "1985-03"), [person(ONE, None, "1985-04")], Doubt.OTHER_BIRTH_MONTH),
            (stated(related=False), [person(ONE)], Doubt.NO_RELATION),
        ],
    )
    def test_a_doubt_is_told(self, wanted: StatedIdentity, there: list[KnownPerson], doubt: Doubt) -> None:
        assert match_member(wanted, None, there) is doubt

    @given(
        number=st.sampled_from([None, "1", "2"]),
        born_in=st.sampled_from([None, "1985-03", "1985-04"]),
        there=st.lists(
            st.tuples(st.sampled_from([None, "3", "4"]), st.sampled_from([None, "1985-03", "1985-04"])), max_size=3
        ),
        related=st.booleans(),
    )
    def test_nobody_is_meant_whom_a_fact_contradicts_or_who_is_not_alone(
        self, number: str | None, born_in: str | None, there: list[tuple[str | None, str | None]], *, related: bool
    ) -> None:
        alike = [person(UUID(int=place), *facts) for place, facts in enumerate(there, start=1)]

        found = match_member(stated(number, born_in, related=related), None, alike)

        if isinstance(found, UUID):
            [(known_number, known_month)] = there
            assert related
            assert None in {number, known_number}
            assert None in {born_in, known_month} or born_in == known_month
        else:
            assert (found is None) == (not there)
