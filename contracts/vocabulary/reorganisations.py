"""Words about founding, renaming, merging and dissolving organisations 党组织设置调整."""

from contracts.vocabulary.word import Word


class ReorganisationKind(Word):
    """What a reorganisation is to bring about."""

    FOUND = "FOUND", "成立"
    RENAME = "RENAME", "更名"
    MERGE = "MERGE", "合并"
    DISSOLVE = "DISSOLVE", "撤销"


class ReorganisationState(Word):
    """State of a reorganisation."""

    PROPOSED = "PROPOSED", "已申请"
    APPROVED = "APPROVED", "已批准"
    RETURNED = "RETURNED", "已退回"
    CARRIED_OUT = "CARRIED_OUT", "已办结"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class ReorganisationAction(Word):
    """A step of a reorganisation."""

    PROPOSE = "PROPOSE", "提出申请"
    AMEND = "AMEND", "补正"
    APPROVE = "APPROVE", "批准"
    RETURN = "RETURN", "退回"
    CARRY_OUT = "CARRY_OUT", "办结"
    WITHDRAW = "WITHDRAW", "撤回"
