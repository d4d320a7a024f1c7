from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.files.errors import FileFault, IntakeError
from services.registration.intake.columns import Column
from services.registration.intake.outcomes import Accepted
from services.registration.intake.reader import read_file

WriteFile = Callable[..., Path]

LINES = (
    "甲公司,91500107MA5UF4UFXT,1999-01-01,N/A,N/A,100(万),食品,重庆,万州,王牌路291号",
    "",
    '"乙公司",915001012079647987,1999-01-01,N/A,N/A,"3,000(万)","食品\n销售\n",重庆,万州,王牌路',
    "丙公司,坏",
    '丁公司,"915001012079647987',
    ",,,,,,,,,",
    "戊公司,915001012079647980,1999-01-01,N/A,N/A,100(万),食品,重庆,两江新区,王牌路",
    "己公司,9150011270930006XM,1999-01-01,N/A,N/A,面议,食品,重庆,两江新区,王牌路",
    "",
)


def test_lines_are_counted_as_an_editor_counts_them(write_file: WriteFile) -> None:
    assert [outcome.line for outcome in read_file(write_file(*LINES))] == [2, 4, 7, 8, 10, 11]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_the_encoding_and_the_line_ends_make_no_difference(write_file: WriteFile, encoding: str, end: str) -> None:
    def of(path: Path) -> list[object]:
        return [
            (one.line, one.registration, one.notices)
            if isinstance(one, Accepted)
            else (one.line, one.column, one.reason, one.message_en, one.message_zh, one.cells)
            for one in read_file(path)
        ]

    usual = of(write_file(*LINES))

    assert of(write_file(*LINES, encoding=encoding, end=end)) == usual
    assert len(usual) == 6


@pytest.mark.parametrize("name", ["absent.csv", ""])
def test_a_path_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(IntakeError) as caught:
        list(read_file(tmp_path / name))

    assert caught.value.fault is FileFault.UNREADABLE
    assert str(tmp_path / name) in str(caught.value)


@given(
    st.binary(max_size=300)
    | st.builds(
        lambda encoding, rest: Column.listed().encode(encoding) + b"\n" + rest,
        st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
        st.binary(max_size=300) | st.text(st.sampled_from('甲9A,"\n\r\x00\ufffd '), max_size=120).map(str.encode),
    )
)
def test_any_bytes_give_outcomes_or_the_one_error(content: bytes) -> None:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "register.csv"
        path.write_bytes(content)
        try:
            outcomes = list(read_file(path))
        except IntakeError as error:
            assert error.path == path  # noqa: PT017 - either way is right; what's raised is the point
        else:
            assert [outcome.position.ordinal for outcome in outcomes] == list(range(1, len(outcomes) + 1))
