"""Words about who does the work: divisions, bureaus, associations, cadres, mandates, and who asks."""

from typing import Final

from contracts.vocabulary.word import Word


class Bureau(Word):
    """The bureau line 条 of an entity: who registered it, by the USCC's first character (GB 32100-2015)."""

    MARKET_REGULATION = "MARKET_REGULATION", "市场监督管理"
    CIVIL_AFFAIRS = "CIVIL_AFFAIRS", "民政"
    INSTITUTIONS = "INSTITUTIONS", "机构编制"
    TRADE_UNION = "TRADE_UNION", "工会"
    JUDICIAL = "JUDICIAL", "司法行政"
    AGRICULTURE = "AGRICULTURE", "农业"
    OTHER = "OTHER", "其他"


class DivisionLevel(Word):
    """Level of a division 行政区划, told by the digits of its code."""

    DISTRICT = "DISTRICT", "区县"
    TOWNSHIP = "TOWNSHIP", "镇街"
    GRID = "GRID", "网格"


class UnitState(Word):
    """State of a division, a bureau or an association."""

    ACTIVE = "ACTIVE", "在用"
    CLOSED = "CLOSED", "撤销"


class BureauKind(Word):
    """What a bureau 部门 is: one of the district's, or a station of one in a township."""

    BUREAU = "BUREAU", "局"
    STATION = "STATION", "所"


class CadreState(Word):
    """Whether a cadre 干部 is at work."""

    ACTIVE = "ACTIVE", "在岗"
    LEFT = "LEFT", "离任"


class MandateState(Word):
    """State of a mandate 授权: one that is in force ends with its last day, or when it is revoked."""

    IN_FORCE = "IN_FORCE", "有效"
    REVOKED = "REVOKED", "已撤销"


class CallerRole(Word):
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


MEMBER_KEEPERS: Final = frozenset(
    {CallerRole.ORGANISATION_DEPARTMENT, CallerRole.NON_PUBLIC_COMMITTEE, CallerRole.SYSTEM}
)
"""Who may see and keep members: membership is sensitive personal information, for 组织部 and 非公工委 alone."""
