"""Words about what pairing brings to entities: visits, namings, questionnaires."""

from contracts.vocabulary.word import Word


class VisitPurpose(Word):
    """What a cadre visits for."""

    PARTY_BUILDING = "PARTY_BUILDING", "党建指导"
    SURVEY = "SURVEY", "摸底排查"
    SERVICE = "SERVICE", "帮扶服务"
    SUPERVISION = "SUPERVISION", "督查"


class VisitState(Word):
    """State of the record of a visit."""

    RECORDED = "RECORDED", "已登记"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class NamingKind(Word):
    """What an entity is named as."""

    THREE_DISPLAYS = "THREE_DISPLAYS", "“三亮”党员经营户"
    DEMONSTRATION_BUSINESS = "DEMONSTRATION_BUSINESS", "共产党员示范经营户"
    PERFORMANCE_EXCELLENCE = "PERFORMANCE_EXCELLENCE", "导入卓越绩效管理模式企业"


class NamingState(Word):
    """State of a naming."""

    NAMED = "NAMED", "已命名"
    WITHDRAWN = "WITHDRAWN", "已撤销"


class QuestionnaireState(Word):
    """State of a questionnaire."""

    HANDED_OUT = "HANDED_OUT", "已发放"
    COUNTED = "COUNTED", "已回收统计"
