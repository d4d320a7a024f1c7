import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.files.lines import MAX_LINE_BYTES
from kit.files.records import (
    MAX_QUOTED_BYTES,
    MAX_RECORD_LINES,
    Damage,
    Position,
    Record,
    read_records,
)

START = Position(0, 0, 0)


def read(content: bytes, width: int = 2, encoding: str = "utf-8") -> list[Record]:
    return list(read_records(io.BytesIO(content), encoding=encoding, width=width, start=START))


def shown(content: bytes, width: int = 2) -> list[tuple[int, list[str] | Damage]]:
    return [(record.line, record.cells) for record in read(content, width)]


cells = st.text(st.sampled_from('甲乙a" ,\n，'), max_size=6)
tables = st.integers(1, 4).flatmap(
    lambda width: st.tuples(st.just(width), st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8))
)


@given(tables, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "gb18030"]), st.booleans())
def test_agrees_with_the_csv_module_on_well_formed_files(
    table: tuple[int, list[list[str]]],
    end: str,
    encoding: str,
    last_end: bool,  # noqa: FBT001 - Hypothesis draws it
) -> None:
    width, rows = table
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=end).writerows(rows)
    text = buffer.getvalue() if last_end else buffer.getvalue().removesuffix(end)
    oracle = csv.reader(io.StringIO(text, newline=""), strict=True)
    expected = []
    first = 1
    for row in oracle:
        if "".join(row).strip():
            expected.append((first, row))
        first = oracle.line_num + 1

    records = read(text.encode(encoding), width, encoding)

    assert [(record.line, record.cells) for record in records] == expected
    assert [record.position.ordinal for record in records] == list(range(1, len(expected) + 1))


@given(tables, st.data())
def test_reading_goes_on_from_any_position(table: tuple[int, list[list[str]]], data: st.DataObject) -> None:
    width, rows = table
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    content = buffer.getvalue().encode()
    whole = read(content, width)
    stopped_after = data.draw(st.integers(0, len(whole)))
    position = whole[stopped_after - 1].position if stopped_after else START
    file = io.BytesIO(content)
    file.seek(position.offset)

    assert list(read_records(file, encoding="utf-8", width=width, start=position)) == whole[stopped_after:]


@given(st.binary(max_size=200) | st.text(st.sampled_from('甲,"\n\r\x00 '), max_size=60).map(str.encode))
@example(b'"')
@example(b'a,"b\n\xff"\n')
def test_any_bytes_are_read_to_their_end(content: bytes) -> None:
    records = read(content)

    lines = [record.line for record in records]
    assert lines == sorted(set(lines))
    assert [record.position for record in records] == sorted({record.position for record in records})
    assert all(record.position.offset <= len(content) for record in records)
    unread = content[records[-1].position.offset if records else 0 :]
    assert not "".join(unread.decode(errors="replace").replace(",", "").replace('"', "").split())


def test_a_forgotten_quote_costs_its_own_line_alone() -> None:
    assert shown(b'a,1\nb,"2\nc,3\nd,"4"\ne,5\n') == [
        (1, ["a", "1"]),
        (2, Damage.UNCLOSED_QUOTE),
        (3, ["c", "3"]),
        (4, ["d", "4"]),
        (5, ["e", "5"]),
    ]


def test_a_forgotten_quote_at_the_end_of_the_file_costs_its_own_line_alone() -> None:
    assert shown(b'a,"1\nb,2\nc,3') == [(1, Damage.UNCLOSED_QUOTE), (2, ["b", "2"]), (3, ["c", "3"])]


def test_a_quote_that_a_later_line_closes_into_too_many_cells_was_forgotten() -> None:
    assert shown(b'a,"1\nb,2\nc",3,4\n') == [
        (1, Damage.UNCLOSED_QUOTE),
        (2, ["b", "2"]),
        (3, ['c"', "3", "4"]),
    ]


def test_a_cell_of_several_lines_is_one_record_on_its_first_line() -> None:
    assert shown(b'a,"1\r\n2\n\n3"\nb,4\n') == [(1, ["a", "1\r\n2\n\n3"]), (5, ["b", "4"])]


def test_a_cell_may_have_as_many_lines_as_a_record_and_no_more() -> None:
    fitting = b'a,"' + b"\n" * (MAX_RECORD_LINES - 1) + b'"\nb,2\n'
    longer = b'a,"x' + b"\ny,z" * MAX_RECORD_LINES + b'"\n'

    assert shown(fitting) == [(1, ["a", "\n" * (MAX_RECORD_LINES - 1)]), (MAX_RECORD_LINES + 1, ["b", "2"])]
    assert shown(longer)[0] == (1, Damage.UNCLOSED_QUOTE)
    assert len(shown(longer)) == MAX_RECORD_LINES + 1


def test_a_quoted_record_of_several_lines_has_the_same_limit_in_all() -> None:
    part = b"x" * (MAX_QUOTED_BYTES // 2)

    fitting, longer = (b'a,"' + part + b"\n" + part[size:] + b'"\n' for size in (6, 5))

    assert [line for line, _ in shown(fitting)] == [1]
    assert shown(longer)[0] == (1, Damage.UNCLOSED_QUOTE)


@pytest.mark.parametrize("line", [b'a,"b"c', b'"a" ,b', b'a\rb,"c"'])
def test_text_beside_a_quoted_cell_costs_its_line(line: bytes) -> None:
    assert shown(line + b"\nb,2\n") == [(1, Damage.QUOTES), (2, ["b", "2"])]


def test_a_quote_within_an_unquoted_cell_stands_for_itself() -> None:
    assert shown('a"b,5"\n"乙",2\n'.encode()) == [(1, ['a"b', '5"']), (2, ["乙", "2"])]


def test_undecodable_bytes_cost_their_record() -> None:
    assert shown(b'a,1\n\xff,2\nb,"3\n\xff"\nc,4\n') == [
        (1, ["a", "1"]),
        (2, Damage.ENCODING),
        (3, Damage.ENCODING),
        (5, ["c", "4"]),
    ]


def test_lines_of_blanks_and_commas_are_no_records() -> None:
    assert shown(b'\n  \n,\na,1\n"",""\n\t,\r\n,2\n') == [(4, ["a", "1"]), (7, ["", "2"])]


@pytest.mark.parametrize("lost_at", [1, 2, 3])
def test_an_over_long_line_costs_itself_alone(lost_at: int) -> None:
    lines = [b"a,1\n", b"b,2\n", b"c,3\n"]
    lines[lost_at - 1] = b"x" * (3 * MAX_LINE_BYTES) + b"\n"

    damaged = [line for line, found in shown(b"".join(lines)) if found is Damage.LINE_TOO_LONG]

    assert damaged == [lost_at]
    assert len(shown(b"".join(lines))) == 3
    assert read(b"".join(lines))[-1].position == Position(sum(map(len, lines)), 3, 3)


def test_a_line_of_exactly_the_limit_is_read() -> None:
    fitting = b"a," + b"x" * (MAX_LINE_BYTES - 3) + b"\n"

    assert [type(found) for _, found in shown(fitting + b"b,2\n")] == [list, list]
    assert shown(b"x" + fitting + b"b,2\n") == [(1, Damage.LINE_TOO_LONG), (2, ["b", "2"])]


def test_an_over_long_line_after_a_forgotten_quote_costs_itself_alone() -> None:
    content = b'a,"1\nb,2\n' + b"x" * (2 * MAX_LINE_BYTES) + b"\nc,3\n"

    assert shown(content) == [
        (1, Damage.UNCLOSED_QUOTE),
        (2, ["b", "2"]),
        (3, Damage.LINE_TOO_LONG),
        (4, ["c", "3"]),
    ]


def test_a_quoted_record_has_the_limit_of_the_csv_module() -> None:
    fitting = b'"' + b"x" * (MAX_QUOTED_BYTES - 5) + b'",1\n'

    assert [type(found) for _, found in shown(fitting[:-1])] == [list]
    assert shown(b'"x' + fitting[1:] + b"b,2\n") == [(1, Damage.LINE_TOO_LONG), (2, ["b", "2"])]
