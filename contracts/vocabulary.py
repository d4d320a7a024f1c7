"""The closed word lists of the domain, each word with its Chinese term.

One word stands for one thing in code, topic, schema, SQL and graph. Sources: the study of district X (2024), and
GB 32100-2015 for the registering authority. Only the standard library is imported, so that every service's
`domain` may use this module.
"""

from enum import StrEnum
from typing import Final


class _Word(StrEnum):
    """A word of a closed list: its value crosses the border, its label is shown to a Chinese reader."""

    zh: str

    def __new__(cls, value: str, zh: str = "") -> "_Word":  # noqa: PYI034 - Self is not allowed for an enum's __new__
        """Make the word from its value on the wire and its Chinese label."""
        word = str.__new__(cls, value)
        word._value_ = value
        word.zh = zh
        return word


class EntityKind(_Word):
    """Kind of a market entity 市场主体. Only the first three count in the figures of 小个专."""

    MICRO_SMALL_ENTERPRISE = "MICRO_SMALL_ENTERPRISE", "小微企业"
    INDIVIDUAL_HOUSEHOLD = "INDIVIDUAL_HOUSEHOLD", "个体工商户"
    SPECIALISED_MARKET = "SPECIALISED_MARKET", "专业市场"
    OTHER = "OTHER", "其他"
    UNKNOWN = "UNKNOWN", "未定"


class EntityState(_Word):
    """State of an entity's registration."""

    ACTIVE = "ACTIVE", "存续"
    DEREGISTERED = "DEREGISTERED", "注销"


class Bureau(_Word):
    """The bureau line 条 of an entity: who registered it, by the USCC's first character (GB 32100-2015)."""

    MARKET_REGULATION = "MARKET_REGULATION", "市场监督管理"
    CIVIL_AFFAIRS = "CIVIL_AFFAIRS", "民政"
    INSTITUTIONS = "INSTITUTIONS", "机构编制"
    TRADE_UNION = "TRADE_UNION", "工会"
    JUDICIAL = "JUDICIAL", "司法行政"
    AGRICULTURE = "AGRICULTURE", "农业"
    OTHER = "OTHER", "其他"


class CallerRole(_Word):
    """What somebody who asks acts as; what each may do stands with the command."""

    DISTRICT = "DISTRICT", "区级管理员"
    ORGANISATION_DEPARTMENT = "ORGANISATION_DEPARTMENT", "组织部"
    NON_PUBLIC_COMMITTEE = "NON_PUBLIC_COMMITTEE", "非公工委"
    BUREAU = "BUREAU", "部门"
    STATION = "STATION", "市场监管所"
    TOWNSHIP = "TOWNSHIP", "镇街"
    ASSOCIATION = "ASSOCIATION", "协会"
    SYSTEM = "SYSTEM", "业务系统"
    READER = "READER", "只读用户"


UNASSIGNED_DIVISION: Final = "000000000000"
"""Division code of a row whose division is not known: 未分配. Such a row is owned by the district."""

DIVISION_WIDTH: Final = 12
"""Digits of a division code: county level 6 (GB/T 2260), township 3, grid 3, so that a range of codes is a subtree."""

_DIVISION_LEVELS: Final = (9, 6, 4, 2)
"""Digits that name a township, a county, a city, a province (GB/T 2260, GB/T 10114); a grid has all 12."""


def divisions_under(code: str) -> tuple[str, str]:
    """Return the first and the last code of a division and everything under it.

    Args:
        code: of up to 12 digits. Zeros at the end of a whole code name no level of their own: `500111000000` is the
            county 500111, with its townships and grids.
    """
    prefix = code.ljust(DIVISION_WIDTH, "0")
    for width in _DIVISION_LEVELS:
        if prefix[width:].strip("0"):
            break
        prefix = prefix[:width]
    return prefix.ljust(DIVISION_WIDTH, "0"), prefix.ljust(DIVISION_WIDTH, "9")
