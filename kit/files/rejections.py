"""The rejects of records that can't be read, each with its message. None holds a cell's text, which may be a name."""

from typing import Final

from kit.files.lines import MAX_LINE_BYTES
from kit.files.outcomes import Rejected, RowFault
from kit.files.records import MAX_QUOTED_BYTES, MAX_RECORD_LINES, Damage, Record

_DAMAGE: Final = {
    Damage.ENCODING: (
        RowFault.ENCODING,
        "the row holds bytes that the file's encoding doesn't know. Export it again as UTF-8.",
        "本行含有文件编码无法识别的字节。请以UTF-8编码重新导出。",
    ),
    Damage.LINE_TOO_LONG: (
        RowFault.LINE_TOO_LONG,
        f"the line is longer than {MAX_LINE_BYTES:,} bytes ({MAX_QUOTED_BYTES:,} with quotes). Are line ends lost?",
        f"本行超过{MAX_LINE_BYTES:,}字节（含引号时{MAX_QUOTED_BYTES:,}字节）。请检查是否丢失换行。",
    ),
    Damage.UNCLOSED_QUOTE: (
        RowFault.UNCLOSED_QUOTE,
        f"a double quote is opened and not closed within {MAX_RECORD_LINES} lines. Close it; double it if it is text.",
        f"双引号开启后{MAX_RECORD_LINES}行内未闭合。请补上引号；引号若为内容，请写成两个。",
    ),
    Damage.QUOTES: (
        RowFault.QUOTES,
        "text or a bare CR stands beside a quoted cell. Double the quotes that are text.",
        "引号单元格之外有多余文字或单独的CR。引号若为内容，请写成两个。",
    ),
}


def damaged(record: Record, damage: Damage) -> Rejected:
    """Reject bytes that are no record."""
    reason, message_en, message_zh = _DAMAGE[damage]
    return Rejected(record.position, record.line, None, reason, message_en, message_zh)


def columns(record: Record, *, expected: int, got: int) -> Rejected:
    """Reject a record with a wrong number of cells."""
    return Rejected(
        record.position,
        record.line,
        None,
        RowFault.COLUMNS,
        f"the row has {got} cells, the header {expected}. Put a cell that holds a comma in double quotes.",
        f"本行有{got}个单元格，表头为{expected}个。含逗号的单元格须加双引号。",
    )


def nameless(record: Record) -> Rejected:
    """Reject a row of a sheet with a value where the header names no column."""
    return _whole(
        record,
        RowFault.COLUMNS,
        "the row has a value in a column that the header doesn't name. Name the column, or move the value.",
        "本行在表头没有列名的列中有内容。请补上列名或移走该内容。",
    )


def json_line_too_long(record: Record) -> Rejected:
    """Reject a line of JSON over its limit."""
    return _whole(
        record,
        RowFault.LINE_TOO_LONG,
        f"the line is longer than {MAX_LINE_BYTES:,} bytes. Are line ends lost?",
        f"本行超过{MAX_LINE_BYTES:,}字节。请检查是否丢失换行。",
    )


def json_broken(record: Record, *, character: int) -> Rejected:
    """Reject a line that is no JSON from a character on, counted from 1."""
    return _whole(
        record,
        RowFault.JSON,
        f"the line is no JSON from character {character} on. Each line must be one whole object.",
        f"本行自第{character}个字符起不是有效的JSON。每行须为一个完整的对象。",
    )


def json_no_object(record: Record, column: str) -> Rejected:
    """Reject a line of JSON that is a list, a text or a number."""
    return _whole(
        record,
        RowFault.JSON,
        f"the line is no object. Write it as {{“{column}”: …}}, with the columns as keys.",
        f"本行不是对象。请写成以列名为键的对象，如{{“{column}”: …}}。",
    )


def json_surrogate(record: Record) -> Rejected:
    """Reject an object with a text that has half a character."""
    return _whole(
        record,
        RowFault.ENCODING,
        "a text has half a character (an escape from \\ud800 to \\udfff without its pair). Export the line again.",
        "文字中有半个字符（\\ud800至\\udfff的转义不成对）。请重新导出本行。",
    )


def json_value(record: Record, column: str) -> Rejected:
    """Reject an object with a value that is no cell."""
    return Rejected(
        record.position,
        record.line,
        column,
        RowFault.VALUE,
        f"the value of {column} is neither text nor number nor null. Write it as text.",
        f"{column}的值不是文字、数字或null。请写成文字。",
    )


def unknown_column(record: Record, message_en: str, message_zh: str) -> Rejected:
    """Reject an object with a key that is no column."""
    return _whole(record, RowFault.UNKNOWN_COLUMN, f"a key {message_en}", f"键{message_zh}")


def column_twice(record: Record, column: str) -> Rejected:
    """Reject an object of which two keys are one column."""
    return Rejected(
        record.position,
        record.line,
        column,
        RowFault.COLUMN_TWICE,
        f"two keys of the object are the column {column}. Keep one of them.",
        f"对象中有两个键都表示{column}。请只保留一个。",
    )


def _whole(record: Record, reason: RowFault, message_en: str, message_zh: str) -> Rejected:
    return Rejected(record.position, record.line, None, reason, message_en, message_zh)
