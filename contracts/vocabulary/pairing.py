"""Words about pairing 结对共建: assignments, suggestions, alliances."""

from contracts.vocabulary.word import Word


class AssignmentRole(Word):
    """What a cadre is assigned as. A full-time worker is a contact: only the other three are work coverage 工作覆盖."""

    INSTRUCTOR = "INSTRUCTOR", "党建工作指导员"
    FIRST_SECRETARY = "FIRST_SECRETARY", "第一书记"
    CONTACT_CADRE = "CONTACT_CADRE", "联系干部"
    FULL_TIME_WORKER = "FULL_TIME_WORKER", "专职党建工作者"


class AssignmentTarget(Word):
    """What a cadre is assigned to."""

    ENTITY = "ENTITY", "市场主体"
    ORGANISATION = "ORGANISATION", "党组织"


class AssignmentState(Word):
    """State of an assignment."""

    ACTIVE = "ACTIVE", "在任"
    ENDED = "ENDED", "已结束"


class SuggestionState(Word):
    """State of a suggestion of a partner."""

    OPEN = "OPEN", "待采纳"
    SETTLED = "SETTLED", "已了结"


class AllianceSide(Word):
    """A side of the alliance 群众+企业+街道."""

    MASSES = "MASSES", "群众"
    ENTERPRISE = "ENTERPRISE", "企业"
    SUBDISTRICT = "SUBDISTRICT", "街道"


class AllianceState(Word):
    """State of an alliance."""

    FORMED = "FORMED", "已组建"
    DISSOLVED = "DISSOLVED", "已解散"
