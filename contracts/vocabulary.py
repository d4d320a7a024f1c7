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


class DivisionLevel(_Word):
    """Level of a division 行政区划, told by the digits of its code."""

    DISTRICT = "DISTRICT", "区县"
    TOWNSHIP = "TOWNSHIP", "镇街"
    GRID = "GRID", "网格"


class UnitState(_Word):
    """State of a division, a bureau or an association."""

    ACTIVE = "ACTIVE", "在用"
    CLOSED = "CLOSED", "撤销"


class BureauKind(_Word):
    """What a bureau 部门 is: one of the district's, or a station of one in a township."""

    BUREAU = "BUREAU", "局"
    STATION = "STATION", "所"


class CadreState(_Word):
    """Whether a cadre 干部 is at work."""

    ACTIVE = "ACTIVE", "在岗"
    LEFT = "LEFT", "离任"


class MandateState(_Word):
    """State of a mandate 授权: one that is in force ends with its last day, or when it is revoked."""

    IN_FORCE = "IN_FORCE", "有效"
    REVOKED = "REVOKED", "已撤销"


class OrganisationForm(_Word):
    """Form of a Party organisation 党组织."""

    BRANCH = "BRANCH", "党支部"
    JOINT_BRANCH = "JOINT_BRANCH", "联合党支部"
    GENERAL_BRANCH = "GENERAL_BRANCH", "党总支"
    COMMITTEE = "COMMITTEE", "党委"


class FormationMode(_Word):
    """How an organisation came to cover its entities 组建方式 (study, section on founding by kinds)."""

    SINGLE = "SINGLE", "单独组建"
    JOINT = "JOINT", "联合组建"
    CATCH_ALL = "CATCH_ALL", "兜底组建"
    BUSINESS_DISTRICT = "BUSINESS_DISTRICT", "商圈组建"


class OrganisationState(_Word):
    """State of an organisation."""

    ACTIVE = "ACTIVE", "正常"
    DISSOLVED = "DISSOLVED", "撤销"


class MemberStanding(_Word):
    """Standing of a member 党员."""

    FULL = "FULL", "正式党员"
    PROBATIONARY = "PROBATIONARY", "预备党员"


class MemberState(_Word):
    """Whether a member counts."""

    ACTIVE = "ACTIVE", "在册"
    LEFT = "LEFT", "已出册"


class OrganisationCoverage(_Word):
    """Organisation coverage 组织覆盖 of an entity: two figures, own and covered by any."""

    NONE = "NONE", "未覆盖"
    COVERED = "COVERED", "联合覆盖"
    OWN = "OWN", "单独组建"


class CoverageDuty(_Word):
    """What an entity still owes to the two coverages 两个覆盖 (domain rule 2)."""

    MUST_FOUND = "MUST_FOUND", "应建未建"
    SHOULD_JOIN = "SHOULD_JOIN", "应联合组建"
    WORK_COVERAGE = "WORK_COVERAGE", "应实现工作覆盖"
    MET = "MET", "已覆盖"
    OUTSIDE = "OUTSIDE", "不计入"


class AssignmentRole(_Word):
    """What a cadre is assigned as."""

    INSTRUCTOR = "INSTRUCTOR", "党建工作指导员"
    FIRST_SECRETARY = "FIRST_SECRETARY", "第一书记"
    CONTACT_CADRE = "CONTACT_CADRE", "联系干部"


class AssignmentTarget(_Word):
    """What a cadre is assigned to."""

    ENTITY = "ENTITY", "市场主体"
    ORGANISATION = "ORGANISATION", "党组织"


class AssignmentState(_Word):
    """State of an assignment."""

    ACTIVE = "ACTIVE", "在任"
    ENDED = "ENDED", "已结束"


class SuggestionState(_Word):
    """State of a suggestion of a partner."""

    OPEN = "OPEN", "待采纳"
    SETTLED = "SETTLED", "已了结"


class AllianceSide(_Word):
    """A side of the alliance 群众+企业+街道."""

    MASSES = "MASSES", "群众"
    ENTERPRISE = "ENTERPRISE", "企业"
    SUBDISTRICT = "SUBDISTRICT", "街道"


class AllianceState(_Word):
    """State of an alliance."""

    FORMED = "FORMED", "已组建"
    DISSOLVED = "DISSOLVED", "已解散"


class AssessedPart(_Word):
    """A part of the fortress index 堡垒指数."""

    COVERAGE = "COVERAGE", "两个覆盖"
    RELATION_GAP = "RELATION_GAP", "组织关系与管理差距"
    SIZE = "SIZE", "党员规模"


class RatingBand(_Word):
    """Band of a rating."""

    A = "A", "A级"
    B = "B", "B级"
    C = "C", "C级"
    D = "D", "D级"


class RatingState(_Word):
    """State of a rating."""

    CURRENT = "CURRENT", "有效"
    WITHDRAWN = "WITHDRAWN", "已撤回"


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
