"""JSON lines: what programs send, sound and broken."""

import json
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.files.errors import FileFault, IntakeError
from kit.files.json_lines import SAMPLE_LINES
from kit.files.lines import MAX_LINE_BYTES
from kit.files.outcomes import Rejected, RowFault
from services.registration.intake.columns import ENGLISH, READ, Column
from services.registration.intake.outcomes import Accepted, RejectReason
from services.registration.intake.reader import read_file

CODE = "91500107MA5UF4UFXT"
SOUND = json.dumps({"name": "甲", "uscc": CODE}, ensure_ascii=False).encode()
MIB = 1 << 20

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes lines as they are; returns the path."""

    def of(*lines: bytes, end: bytes = b"\n") -> Path:
        path = tmp_path / "register.jsonl"
        path.write_bytes(b"".join(line + end for line in lines))
        return path

    return of


def refusal(path: Path) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        list(read_file(path))
    assert caught.value.path == path
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.message_zh)
    return caught.value


def rejected(path: Path) -> Rejected:
    """Return the only reject of a file whose other lines are sound."""
    (reject,) = (one for one in read_file(path) if isinstance(one, Rejected))
    return reject


@pytest.mark.parametrize("english", [True, False])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_an_object_gives_the_facts_that_the_same_csv_gives(
    tmp_path: Path,
    sound_cells: dict[Column, str],
    english: bool,  # noqa: FBT001 - pytest passes it by name
    bom: bytes,
) -> None:
    text, lines = tmp_path / "a.csv", tmp_path / "a.JSONL"
    text.write_text(f"{Column.listed()}\n{','.join(sound_cells.values())}\n", encoding="utf-8")
    keys = {column: name for name, column in ENGLISH.items()} if english else {}
    line = {keys.get(column, column.value): cell for column, cell in sound_cells.items()}
    lines.write_bytes(bom + json.dumps(line).encode() + b"\r\n")

    (from_text,), (from_lines,) = read_file(text), read_file(lines)

    assert isinstance(from_text, Accepted)
    assert isinstance(from_lines, Accepted)
    assert from_lines.registration == from_text.registration
    assert from_lines.line == 1


def test_every_column_that_is_read_has_an_english_name() -> None:
    assert tuple(ENGLISH.values()) == READ


def test_blanks_around_a_key_make_no_difference(write: Write) -> None:
    (outcome,) = read_file(write(SOUND.replace(b'"uscc"', b'" uscc "')))

    assert isinstance(outcome, Accepted)


def test_null_is_nothing_and_a_number_is_its_text(write: Write) -> None:
    (outcome,) = read_file(
        write(b'{"name": 1234.50, "uscc": "%s", "registered_on": 20030701, "address": null}' % CODE.encode())
    )

    assert isinstance(outcome, Accepted)
    assert outcome.registration.name == "1234.5"
    assert outcome.registration.registered_on == date(2003, 7, 1)
    assert outcome.registration.address is None
    assert outcome.notices == ()


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        (b'{"name": "x", ', RowFault.JSON, None),
        (b"not json", RowFault.JSON, None),
        (SOUND + SOUND, RowFault.JSON, None),
        (b"[" * 100_000, RowFault.JSON, None),
        (b"[]", RowFault.JSON, None),
        (b'"text"', RowFault.JSON, None),
        (b"null", RowFault.JSON, None),
        (b"{}", RejectReason.NAME_MISSING, Column.NAME),
        (b'{"name": "x"}', RejectReason.USCC_MISSING, Column.USCC),
        (b'{"name": ["x"], "uscc": "y"}', RowFault.VALUE, Column.NAME),
        (b'{"name": {"a": 1}, "uscc": "y"}', RowFault.VALUE, Column.NAME),
        (b'{"name": true, "uscc": "y"}', RowFault.VALUE, Column.NAME),
        (b'{"name": "x", "address": NaN}', RowFault.VALUE, Column.ADDRESS),
        (b'{"name": "x", "address": 1e999}', RowFault.VALUE, Column.ADDRESS),
        (b'{"name": "x", "name": "y"}', RowFault.COLUMN_TWICE, Column.NAME),
        ('{"name": "x", "企业名称": "y"}'.encode(), RowFault.COLUMN_TWICE, Column.NAME),
        (b'{"name": "x", "uscc": 915001012079647987}', RejectReason.USCC_NUMBER, Column.USCC),
        (b'{"name": "\\ud800", "uscc": "y"}', RowFault.ENCODING, None),
        (b'{"name": "\xff", "uscc": "y"}', RowFault.ENCODING, None),
        (b'{"name": "' + b"x" * MAX_LINE_BYTES + b'"}', RowFault.LINE_TOO_LONG, None),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_broken_line_costs_that_line_alone(
    write: Write,
    line: bytes,
    reason: RejectReason,
    column: Column | None,
    first: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    path = write(*((line, SOUND, b"", SOUND) if first else (SOUND, b"  ", line, SOUND)))

    outcomes = list(read_file(path))

    reject = rejected(path)
    assert [isinstance(one, Accepted) for one in outcomes].count(True) == 2
    assert (reject.line, reject.reason, reject.column) == (1 if first else 3, reason, column)
    assert [one.position.ordinal for one in outcomes] == [1, 2, 3]
    assert outcomes[-1].position.offset == path.stat().st_size


def test_a_file_of_broken_lines_alone_tells_each(write: Write) -> None:
    outcomes = list(read_file(write(b'{"name": ', b'{"name": "x" "uscc"}')))

    assert [(one.line, one.message_en) for one in outcomes if isinstance(one, Rejected)] == [
        (1, "the line is no JSON from character 9 on. Each line must be one whole object."),
        (2, "the line is no JSON from character 14 on. Each line must be one whole object."),
    ]


@pytest.mark.parametrize(
    ("size", "taken_in"),
    [(MAX_LINE_BYTES - 1, True), (MAX_LINE_BYTES, True), (MAX_LINE_BYTES + 1, False)],
)
def test_a_line_may_have_one_mib_with_its_end(
    write: Write,
    size: int,
    taken_in: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    line = SOUND[:-1] + b', "address": "' + b"x" * (size - len(SOUND) - 16) + b'"}'
    assert len(line) + 1 == size

    (outcome,) = read_file(write(line))

    assert isinstance(outcome, Accepted) is taken_in


def test_an_unknown_key_at_the_start_refuses_the_file_as_an_unknown_column_does(write: Write) -> None:
    error = refusal(write(SOUND, SOUND[:-1] + b', "adress": "x"}'))

    assert error.fault is FileFault.HEADER
    assert "a key in line 2 is unknown: adress. Is it meant to be address?" in error.message_en


def test_an_unknown_key_further_down_costs_its_line(write: Write) -> None:
    path = write(*[SOUND] * SAMPLE_LINES, SOUND[:-1] + b', "\x1b[31mphone": "x"}'.replace(b"\x1b", b"\\u001b"), SOUND)

    reject = rejected(path)

    assert (reject.line, reject.reason, reject.column) == (SAMPLE_LINES + 1, RowFault.UNKNOWN_COLUMN, None)
    assert "a key is unknown: ?[31mphone." in reject.message_en
    assert sum(isinstance(one, Accepted) for one in read_file(path)) == SAMPLE_LINES + 1


def test_the_name_of_a_person_is_read_past(write: Write) -> None:
    lines = [
        json.dumps({"name": "甲", "uscc": code, "法人代表": value}).encode()
        for code, value in ((CODE, {"姓名": "王小明"}), ("坏", "王小明"))
    ]

    taken_in, reject = read_file(write(*lines))

    assert isinstance(taken_in, Accepted)
    assert isinstance(reject, Rejected)
    assert "王小明" not in repr((taken_in, reject))


@pytest.mark.parametrize(
    ("content", "fault", "way_out"),
    [
        (b"", FileFault.EMPTY, "one object a line"),
        (b"\xef\xbb\xbf\r\n \n", FileFault.EMPTY, "one object a line"),
        (b"[" + SOUND + b",\n" + SOUND + b"]", FileFault.NOT_JSON_LINES, "one JSON array"),
        ("企业名称,统一社会信用代码\n甲,乙".encode(), FileFault.NOT_JSON_LINES, "a table of text *.csv"),
        (b"PK\x03\x04\x14\x00", FileFault.NOT_JSON_LINES, "a workbook *.xlsx"),
        (SOUND.decode().encode("utf-16"), FileFault.NOT_JSON_LINES, "in UTF-8"),
        (SOUND.decode().encode("utf-16-le"), FileFault.NOT_JSON_LINES, "in UTF-8"),
    ],
)
def test_a_file_of_another_format_is_refused_with_the_way_out(
    tmp_path: Path, content: bytes, fault: FileFault, way_out: str
) -> None:
    path = tmp_path / "register.jsonl"
    path.write_bytes(content)

    error = refusal(path)

    assert error.fault is fault
    assert way_out in error.message_en


def test_an_over_long_line_at_the_start_is_no_other_format(write: Write) -> None:
    path = write(b"x" * MAX_LINE_BYTES + b'{"phone": 1}', SOUND)

    too_long, sound = read_file(path)

    assert isinstance(too_long, Rejected)
    assert (too_long.line, too_long.reason) == (1, RowFault.LINE_TOO_LONG)
    assert isinstance(sound, Accepted)


def test_an_over_long_line_does_not_end_the_judgement_of_keys(write: Write) -> None:
    error = refusal(write(b"x" * (MAX_LINE_BYTES + 1), b'{"phone": 1}'))

    assert "a key in line 2 is unknown: phone." in error.message_en


@pytest.mark.parametrize("name", ["a.json", "a.ndjson"])
def test_json_of_another_name_is_told_how_to_be_called(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(SOUND)

    error = refusal(tmp_path / name)

    assert error.fault is FileFault.NOT_JSON_LINES
    assert "*.jsonl" in error.message_en


def test_memory_stays_flat_whatever_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "register.jsonl"
    with path.open("wb") as file:
        for number in range(30):
            file.write(SOUND[:-1] + b', "address": "%02d%s"}\n' % (number, b"9" * (MIB // 2)))
        file.write(b"x" * (10 * MIB) + b"\n")

    tracemalloc.start()
    try:
        read = sum(1 for _ in read_file(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert read == 31
    assert peak < 6 * MIB


@given(
    st.binary(max_size=200)
    | st.builds(lambda rest: SOUND + b"\n" + rest, st.binary(max_size=200))
    | st.lists(
        st.dictionaries(st.sampled_from([*ENGLISH, *Column]), st.none() | st.text(max_size=9) | st.floats())
    ).map(lambda lines: b"\n".join(json.dumps(line).encode() for line in lines))
)
def test_any_bytes_give_outcomes_or_the_one_error(content: bytes) -> None:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "register.jsonl"
        path.write_bytes(content)
        try:
            outcomes = list(read_file(path))
        except IntakeError as error:
            assert error.path == path  # noqa: PT017 - either way is right; what's raised is the point
        else:
            assert [outcome.position.ordinal for outcome in outcomes] == list(range(1, len(outcomes) + 1))
            repr(outcomes).encode()
