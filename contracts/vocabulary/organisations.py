"""Words about Party organisations 党组织 and the coverage 两个覆盖 that follows from them."""

from contracts.vocabulary.word import Word


class OrganisationForm(Word):
    """Form of a Party organisation 党组织."""

    BRANCH = "BRANCH", "党支部"
    JOINT_BRANCH = "JOINT_BRANCH", "联合党支部"
    GENERAL_BRANCH = "GENERAL_BRANCH", "党总支"
    COMMITTEE = "COMMITTEE", "党委"


class FormationMode(Word):
    """How an organisation came to cover its entities 组建方式 (study, section on founding by kinds)."""

    SINGLE = "SINGLE", "单独组建"
    JOINT = "JOINT", "联合组建"
    CATCH_ALL = "CATCH_ALL", "兜底组建"
    BUSINESS_DISTRICT = "BUSINESS_DISTRICT", "商圈组建"


class OrganisationState(Word):
    """State of an organisation."""

    ACTIVE = "ACTIVE", "正常"
    DISSOLVED = "DISSOLVED", "撤销"


class OrganisationCoverage(Word):
    """Organisation coverage 组织覆盖 of an entity: two figures, own and covered by any."""

    NONE = "NONE", "未覆盖"
    COVERED = "COVERED", "联合覆盖"
    OWN = "OWN", "单独组建"


class CoverageDuty(Word):
    """What an entity still owes to the two coverages 两个覆盖 (domain rule 2)."""

    MUST_FOUND = "MUST_FOUND", "应建未建"
    SHOULD_JOIN = "SHOULD_JOIN", "应联合组建"
    WORK_COVERAGE = "WORK_COVERAGE", "应实现工作覆盖"
    MET = "MET", "已覆盖"
    OUTSIDE = "OUTSIDE", "不计入"
