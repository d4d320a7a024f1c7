"""Words about organisational life 组织生活: what is held, and what is owed (domain rule 6)."""

from collections.abc import Mapping
from typing import Final

from contracts.vocabulary.word import Word


class GatheringKind(Word):
    """What a gathering is."""

    MEMBERS_MEETING = "MEMBERS_MEETING", "党员大会"
    COMMITTEE_MEETING = "COMMITTEE_MEETING", "支委会"
    GROUP_MEETING = "GROUP_MEETING", "党小组会"
    LECTURE = "LECTURE", "党课"
    ELECTION = "ELECTION", "换届选举"
    TRAINING = "TRAINING", "培训"
    THEME_DAY = "THEME_DAY", "主题党日"


class GatheringPlace(Word):
    """Kind of place at which a gathering is held."""

    ACTIVITY_ROOM = "ACTIVITY_ROOM", "党员活动室"
    WORKPLACE = "WORKPLACE", "经营场所"
    SERVICE_CENTRE = "SERVICE_CENTRE", "党群服务中心"
    EDUCATION_SITE = "EDUCATION_SITE", "教育基地"
    ONLINE = "ONLINE", "线上"
    ELSEWHERE = "ELSEWHERE", "其他场所"


class GatheringTopic(Word):
    """What a gathering is about."""

    STUDY = "STUDY", "理论学习"
    DECISION = "DECISION", "议事决策"
    MEMBER_DEVELOPMENT = "MEMBER_DEVELOPMENT", "发展党员"
    APPRAISAL = "APPRAISAL", "民主评议"
    SELF_CRITICISM = "SELF_CRITICISM", "组织生活会"
    DISCIPLINE = "DISCIPLINE", "党风党纪"
    BUSINESS = "BUSINESS", "经营发展"
    SERVICE = "SERVICE", "志愿服务"
    ELECTION = "ELECTION", "选举"
    OTHER = "OTHER", "其他"


class GatheringState(Word):
    """Whether a gathering counts."""

    RECORDED = "RECORDED", "已记录"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class Audience(Word):
    """For whom a gathering is."""

    SECRETARIES = "SECRETARIES", "党组织书记"
    PERSONS_IN_CHARGE = "PERSONS_IN_CHARGE", "市场负责人"
    MEMBERS = "MEMBERS", "党员"


class LifeDuty(Word):
    """What an organisation owes to organisational life."""

    MEMBERS_MEETING = "MEMBERS_MEETING", "按期召开党员大会"
    COMMITTEE_MEETING = "COMMITTEE_MEETING", "按期召开支委会"
    GROUP_MEETING = "GROUP_MEETING", "按期召开党小组会"
    LECTURE = "LECTURE", "按期上党课"
    MARKET_TRAINING = "MARKET_TRAINING", "市场负责人培训"
    SECRETARY_TRAINING = "SECRETARY_TRAINING", "党组织书记培训"
    BRANCH_ELECTION = "BRANCH_ELECTION", "支部、总支按期换届"
    COMMITTEE_ELECTION = "COMMITTEE_ELECTION", "党委按期换届"


class LifePeriod(Word):
    """Period for which something is owed."""

    MONTH = "MONTH", "每月"
    QUARTER = "QUARTER", "每季度"
    HALF_YEAR = "HALF_YEAR", "每半年"
    YEAR = "YEAR", "每年"
    TERM = "TERM", "每届任期"


class LifeState(Word):
    """How a duty of a period stands on a day."""

    DONE = "DONE", "已完成"
    DUE = "DUE", "待完成"
    OVERDUE = "OVERDUE", "逾期未完成"
    NOT_YET = "NOT_YET", "未到期"


PERIOD_MONTHS: Final[Mapping[LifePeriod, int]] = {
    LifePeriod.MONTH: 1,
    LifePeriod.QUARTER: 3,
    LifePeriod.HALF_YEAR: 6,
    LifePeriod.YEAR: 12,
}
"""Calendar months of each period of the calendar; a term is none, it begins with an election."""

ELECTION_DUTIES: Final = frozenset({LifeDuty.BRANCH_ELECTION, LifeDuty.COMMITTEE_ELECTION})
"""The duties whose period is a term."""

COUNTED_FOR: Final[Mapping[LifeDuty, tuple[GatheringKind, Audience | None]]] = {
    LifeDuty.MEMBERS_MEETING: (GatheringKind.MEMBERS_MEETING, None),
    LifeDuty.COMMITTEE_MEETING: (GatheringKind.COMMITTEE_MEETING, None),
    LifeDuty.GROUP_MEETING: (GatheringKind.GROUP_MEETING, None),
    LifeDuty.LECTURE: (GatheringKind.LECTURE, None),
    LifeDuty.MARKET_TRAINING: (GatheringKind.TRAINING, Audience.PERSONS_IN_CHARGE),
    LifeDuty.SECRETARY_TRAINING: (GatheringKind.TRAINING, Audience.SECRETARIES),
}
"""The gatherings by which each duty of the calendar is done: their kind and, of trainings, for whom."""
