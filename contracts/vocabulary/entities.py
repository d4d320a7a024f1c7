"""Words about market entities 市场主体."""

from contracts.vocabulary.word import Word


class EntityKind(Word):
    """Kind of a market entity 市场主体. Only the first three count in the figures of 小个专."""

    MICRO_SMALL_ENTERPRISE = "MICRO_SMALL_ENTERPRISE", "小微企业"
    INDIVIDUAL_HOUSEHOLD = "INDIVIDUAL_HOUSEHOLD", "个体工商户"
    SPECIALISED_MARKET = "SPECIALISED_MARKET", "专业市场"
    OTHER = "OTHER", "其他"
    UNKNOWN = "UNKNOWN", "未定"


class EntityState(Word):
    """State of an entity's registration."""

    ACTIVE = "ACTIVE", "存续"
    DEREGISTERED = "DEREGISTERED", "注销"
