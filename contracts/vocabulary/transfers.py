"""Words about transfers 组织关系转接."""

from contracts.vocabulary.word import Word


class TransferState(Word):
    """State of a transfer of a member's relation from one organisation to another."""

    REQUESTED = "REQUESTED", "已申请"
    RELEASED = "RELEASED", "已转出"
    RETURNED = "RETURNED", "已退回"
    COMPLETED = "COMPLETED", "已接收"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class TransferAction(Word):
    """A step of a transfer."""

    REQUEST = "REQUEST", "申请转出"
    RELEASE = "RELEASE", "同意转出"
    ACCEPT = "ACCEPT", "接收"
    RETURN = "RETURN", "退回"
    WITHDRAW = "WITHDRAW", "撤回"
    LAPSE = "LAPSE", "逾期退回"
    REDIRECT = "REDIRECT", "随党组织调整变更"
