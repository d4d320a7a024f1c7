import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from services.registration.domain.uscc import ALPHABET, UsccFault, normalise_uscc, uscc_fault

characters = st.sampled_from(ALPHABET)
digits = st.sampled_from("0123456789")


@st.composite
def codes(draw: st.DrawFn) -> str:
    """Codes whose shape is right and whose check digit is right about every other time."""
    body = "".join(draw(digits if place < 8 else characters, label=f"place {place + 1}") for place in range(17))
    return body + draw(st.one_of(st.just(oracle.calc_check_digit(body)), characters))


@given(codes())
def test_agrees_with_the_library_on_codes_of_the_right_shape(code: str) -> None:
    assert (uscc_fault(code) is None) == oracle.is_valid(code)


@given(st.text(max_size=20))
def test_a_code_that_the_library_takes_is_taken(text: str) -> None:
    if oracle.is_valid(text):
        assert uscc_fault(normalise_uscc(text)) is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91500107MA5UF4UFXT", None),
        ("9150011270930006XM", None),
        ("", UsccFault.LENGTH),
        ("91500107MA5UF4UFX", UsccFault.LENGTH),
        ("91500107MA5UF4UFXT1", UsccFault.LENGTH),
        ("91500107MA5UF4UFXO", UsccFault.CHARACTERS),
        ("915001A7MA5UF4UFXT", UsccFault.CHARACTERS),
        ("91500107ma5uf4ufxt", UsccFault.CHARACTERS),
        ("91500107MA5UF4UFXU", UsccFault.CHECK_DIGIT),
        ("91500107MA5UF4FUXT", UsccFault.CHECK_DIGIT),
    ],
)
def test_names_the_fault(code: str, fault: UsccFault | None) -> None:
    assert uscc_fault(code) == fault


def test_takes_a_letter_for_the_authority_as_the_standard_allows() -> None:
    body = "N2500107MF0000001"
    code = body + oracle.calc_check_digit(body)

    assert uscc_fault(code) is None
    assert not oracle.is_valid(code)  # why the rule stands here and isn't the library's


@pytest.mark.parametrize(
    "written",
    ["91500107MA5UF4UFxT", "９１５００１０７ＭＡ５ＵＦ４ＵＦＸＴ", "91500107 MA5UF4UFXT", "91 500107-MA5UF4UFX-T"],
)
def test_normalises_what_people_write(written: str) -> None:
    assert normalise_uscc(written) == "91500107MA5UF4UFXT"


def test_leaves_a_text_that_is_far_too_long_alone() -> None:
    assert normalise_uscc("ﷺ" * 65) == "ﷺ" * 65
