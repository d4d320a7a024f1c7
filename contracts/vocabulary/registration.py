"""Words about registration 登记: Party-building forms, credit commitments, online registration, markets and stalls."""

from typing import Final

from contracts.vocabulary.lines import MEMBER_KEEPERS, CallerRole
from contracts.vocabulary.word import Word

REGISTRARS: Final = frozenset({CallerRole.DISTRICT, CallerRole.BUREAU, CallerRole.STATION, CallerRole.SYSTEM})
"""Who may register, change and deregister: 市场监管局 with its stations, the district, systems that act for them."""

FORM_KEEPERS: Final = REGISTRARS | MEMBER_KEEPERS
"""Who may see and answer Party-building forms: who asks at registration, and 组织部 and 非公工委, for whom they ask."""

INTAKE: Final = REGISTRARS | {CallerRole.TOWNSHIP, CallerRole.ASSOCIATION}
"""Who may take in an applicant's papers: registrars, and the counters 便民服务 of townships and associations."""


class FormOccasion(Word):
    """What a Party-building form was asked with."""

    REGISTRATION = "REGISTRATION", "设立登记"
    CHANGE = "CHANGE", "变更登记"
    DEREGISTRATION = "DEREGISTRATION", "注销登记"


class FormState(Word):
    """State of a Party-building form."""

    OPEN = "OPEN", "待填报"
    ANSWERED = "ANSWERED", "已填报"
    SUPERSEDED = "SUPERSEDED", "已被取代"


class FormAction(Word):
    """A step of a Party-building form."""

    ASK = "ASK", "发起采集"
    ANSWER = "ANSWER", "填报"
    CORRECT = "CORRECT", "更正"
    MOVE_WITH_ENTITY = "MOVE_WITH_ENTITY", "随主体变更属地"
    SUPERSEDE = "SUPERSEDE", "以后次采集取代"


class CommitmentKind(Word):
    """Kind of a credit commitment 信用承诺, by what it is given for."""

    NOTIFICATION = "NOTIFICATION", "告知承诺"
    MISSING_PAPERS = "MISSING_PAPERS", "容缺受理承诺"
    PUBLIC = "PUBLIC", "主动公示承诺"
    INDUSTRY = "INDUSTRY", "行业自律承诺"
    REPAIR = "REPAIR", "信用修复承诺"


class CommitmentState(Word):
    """State of a credit commitment."""

    SIGNED = "SIGNED", "履约中"
    FULFILLED = "FULFILLED", "已履约"
    BROKEN = "BROKEN", "已违诺"
    REPAIRED = "REPAIRED", "已修复"
    ENDED = "ENDED", "已终止"


class CommitmentAction(Word):
    """A step of a credit commitment."""

    SIGN = "SIGN", "签署"
    FULFIL = "FULFIL", "认定履约"
    BREAK = "BREAK", "认定违诺"
    REPAIR = "REPAIR", "信用修复"
    END_WITH_ENTITY = "END_WITH_ENTITY", "因主体注销终止"
    MOVE_WITH_ENTITY = "MOVE_WITH_ENTITY", "随主体变更属地"


class ApplicationState(Word):
    """State of an application to register a household online."""

    APPLIED = "APPLIED", "已申请"
    ACCEPTED = "ACCEPTED", "已受理"
    RETURNED = "RETURNED", "已退回补正"
    REGISTERED = "REGISTERED", "已登记"
    REJECTED = "REJECTED", "不予登记"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class ApplicationAction(Word):
    """A step of an application to register a household online."""

    APPLY = "APPLY", "申请"
    ACCEPT = "ACCEPT", "受理"
    RETURN = "RETURN", "退回补正"
    REAPPLY = "REAPPLY", "补正后再申请"
    REGISTER = "REGISTER", "准予登记"
    REJECT = "REJECT", "不予登记"
    WITHDRAW = "WITHDRAW", "撤回"


class MarketState(Word):
    """State of a specialised market."""

    OPEN = "OPEN", "开业"
    CLOSED = "CLOSED", "关闭"


class StallState(Word):
    """State of a stall."""

    OCCUPIED = "OCCUPIED", "在营"
    VACATED = "VACATED", "退出"
