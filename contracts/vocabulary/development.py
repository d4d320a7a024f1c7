"""Words about the development of members 发展党员, by 《中国共产党发展党员工作细则》 (2014)."""

from contracts.vocabulary.word import Word


class DevelopmentStage(Word):
    """Stage to which the steps of the regulation belong."""

    APPLICATION = "APPLICATION", "申请入党"
    ACTIVIST = "ACTIVIST", "入党积极分子的确定和培养教育"
    TARGET = "TARGET", "发展对象的确定和考察"
    ADMISSION = "ADMISSION", "预备党员的接收"
    PROBATION = "PROBATION", "预备党员的教育考察和转正"


class DevelopmentState(Word):
    """How far a person came."""

    APPLICANT = "APPLICANT", "入党申请人"
    ACTIVIST = "ACTIVIST", "入党积极分子"
    TARGET = "TARGET", "发展对象"
    PROBATIONARY = "PROBATIONARY", "预备党员"
    PROLONGED = "PROLONGED", "预备党员（延长预备期）"
    FULL = "FULL", "正式党员"
    FILED = "FILED", "正式党员（材料已归档）"
    ENDED = "ENDED", "已终止"


class DevelopmentAction(Word):
    """A step of the process; those of the regulation are recorded by it."""

    APPLY = "APPLY", "递交入党申请"
    RECORD = "RECORD", "登记步骤"
    NAME_ACTIVIST = "NAME_ACTIVIST", "确定为入党积极分子"
    NAME_TARGET = "NAME_TARGET", "列为发展对象"
    ADMIT = "ADMIT", "接收为预备党员"
    PROLONG = "PROLONG", "延长预备期"
    CONFIRM = "CONFIRM", "转为正式党员"
    FILE = "FILE", "材料归档"
    MOVE = "MOVE", "转接培养关系"
    END = "END", "终止"
