"""Words about floating members 流动党员."""

from contracts.vocabulary.word import Word


class FloatingState(Word):
    """State of a member's being out."""

    REPORTED = "REPORTED", "已报告外出"
    RECEIVED = "RECEIVED", "流入地已接收"
    RETURNED = "RETURNED", "已返回"
    ENDED = "ENDED", "已终止"


class FloatingAction(Word):
    """A step of a member's being out."""

    REPORT = "REPORT", "报告外出"
    RECEIVE = "RECEIVE", "流入地接收"
    RETURN = "RETURN", "返回"
    END = "END", "终止"
    REDIRECT = "REDIRECT", "随党组织调整变更"


class FloatingReason(Word):
    """Why a member is out."""

    WORK = "WORK", "外出务工"
    BUSINESS = "BUSINESS", "外出经商"
    STUDY = "STUDY", "外出学习"
    FAMILY = "FAMILY", "照顾家庭"
    OTHER = "OTHER", "其他"
