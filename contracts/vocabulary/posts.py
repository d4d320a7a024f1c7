"""Words about posts 岗位 and honours 荣誉 of members (domain rules 8 and 13)."""

from contracts.vocabulary.word import Word


class PostKind(Word):
    """What a member is charged with."""

    QUALITY_POST = "QUALITY_POST", "党员质量工作岗"
    QUALITY_SAFETY_SUPERVISOR = "QUALITY_SAFETY_SUPERVISOR", "质量安全监督员"
    QC_CIRCLE = "QC_CIRCLE", "QC小组"
    PROBLEM_TEAM = "PROBLEM_TEAM", "课题攻坚组"
    INNOVATION_TEAM = "INNOVATION_TEAM", "技术创新先锋队"
    VOLUNTEER_TEAM = "VOLUNTEER_TEAM", "志愿服务队"
    OTHER = "OTHER", "其他"


class PostState(Word):
    """Whether a post is held."""

    HELD = "HELD", "在岗"
    ENDED = "ENDED", "已离岗"
    ERASED = "ERASED", "已删除"


class HonourKind(Word):
    """What a member was honoured as."""

    OUTSTANDING_MEMBER = "OUTSTANDING_MEMBER", "优秀共产党员"
    OUTSTANDING_PARTY_WORKER = "OUTSTANDING_PARTY_WORKER", "优秀党务工作者"
    GOOD_SECRETARY = "GOOD_SECRETARY", "好书记"
    GOOD_MEMBER = "GOOD_MEMBER", "好党员"
    MODEL_WORKER = "MODEL_WORKER", "劳动模范"
    OTHER = "OTHER", "其他"


class HonourLevel(Word):
    """Who gives an honour."""

    NATIONAL = "NATIONAL", "国家级"
    MUNICIPAL = "MUNICIPAL", "省市级"
    DISTRICT = "DISTRICT", "区县级"
    TOWNSHIP = "TOWNSHIP", "镇街级"
    ORGANISATION = "ORGANISATION", "基层党组织"


class HonourState(Word):
    """Whether an honour stands."""

    AWARDED = "AWARDED", "有效"
    WITHDRAWN = "WITHDRAWN", "已撤销"
    ERASED = "ERASED", "已删除"
