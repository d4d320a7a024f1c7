"""The notices of the intake, each with its message. No message holds a cell's text."""

from services.registration.intake.columns import Column
from services.registration.intake.outcomes import Notice, NoticeCode


def date_unreadable() -> Notice:
    """Tell of a registration day that can't be read."""
    return Notice(
        Column.REGISTERED_ON,
        NoticeCode.DATE_UNREADABLE,
        "the day can't be read and is left empty; write it as 2003-07-01.",
        "日期无法识别，按空值入库；请写成2003-07-01。",
    )


def date_in_future() -> Notice:
    """Tell of a registration day after today."""
    return Notice(
        Column.REGISTERED_ON,
        NoticeCode.DATE_IN_FUTURE,
        "the day is in the future and is left empty.",
        "日期晚于今天，按空值入库。",
    )


def capital_unreadable() -> Notice:
    """Tell of a capital that can't be read."""
    return Notice(
        Column.CAPITAL,
        NoticeCode.CAPITAL_UNREADABLE,
        "the amount can't be read and is left empty; write it with its unit, as 50(万人民币元).",
        "金额无法识别，按空值入库；请连同单位书写，如50(万人民币元)。",
    )


def division_unknown() -> Notice:
    """Tell of a district that the table of divisions doesn't have."""
    return Notice(
        Column.DISTRICT,
        NoticeCode.DIVISION_UNKNOWN,
        "the district is not in the table of divisions; the row is unassigned.",
        "地区不在行政区划表中，记为未分配。",
    )


def text_too_long(column: Column, *, limit: int, got: int) -> Notice:
    """Tell of a text over its limit."""
    return Notice(
        column,
        NoticeCode.TEXT_TOO_LONG,
        f"the text has {got} characters, more than {limit}, and is left empty rather than cut.",
        f"文字为{got}字，超过{limit}字，不作截断，按空值入库。",
    )


def mojibake(column: Column) -> Notice:
    """Tell of a text that a wrong encoding broke."""
    return Notice(
        column,
        NoticeCode.MOJIBAKE,
        "the text was broken by a wrong encoding before it came here and is left empty.",
        "文字为乱码，在导入之前已损坏，按空值入库。",
    )
