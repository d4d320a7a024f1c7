"""Words about the fortress index 堡垒指数."""

from contracts.vocabulary.word import Word


class AssessedPart(Word):
    """A part of the fortress index 堡垒指数."""

    COVERAGE = "COVERAGE", "两个覆盖"
    RELATION_GAP = "RELATION_GAP", "组织关系与管理差距"
    SIZE = "SIZE", "党员规模"


class RatingBand(Word):
    """Band of a rating."""

    A = "A", "A级"
    B = "B", "B级"
    C = "C", "C级"
    D = "D", "D级"


class RatingState(Word):
    """State of a rating."""

    CURRENT = "CURRENT", "有效"
    WITHDRAWN = "WITHDRAWN", "已撤回"
