"""The twenty-five steps of development 发展党员二十五步, by 《中国共产党发展党员工作细则》 (2014)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contracts.vocabulary.development import DevelopmentAction, DevelopmentStage


@dataclass(frozen=True, slots=True)
class RegulatedStep:
    """One of the twenty-five steps 发展党员二十五步.

    Attributes:
        number: from 1.
        stage: to which it belongs.
        action: of the process that can't be taken before it is done.
        text: in English.
        text_zh: in Chinese.
        evidence: what proves it, in English.
        evidence_zh: the same in Chinese.
        after: the steps that come before it, and are not dated later.
    """

    number: int
    stage: DevelopmentStage
    action: DevelopmentAction
    text: str
    text_zh: str
    evidence: str
    evidence_zh: str
    after: tuple[int, ...]


_APPLICATION, _ACTIVIST = DevelopmentStage.APPLICATION, DevelopmentStage.ACTIVIST
_TARGET, _ADMISSION, _PROBATION = DevelopmentStage.TARGET, DevelopmentStage.ADMISSION, DevelopmentStage.PROBATION
_ACTION: Final = DevelopmentAction

STEPS: Final[Sequence[RegulatedStep]] = (
    RegulatedStep(
        1, _APPLICATION, _ACTION.APPLY, "Hands in an application", "递交入党申请书", "Application", "入党申请书", ()
    ),
    RegulatedStep(
        2,
        _APPLICATION,
        _ACTION.NAME_ACTIVIST,
        "The organisation talks with the applicant",
        "党组织派人谈话",
        "Record of the talk",
        "谈话记录",
        (1,),
    ),
    RegulatedStep(
        3,
        _ACTIVIST,
        _ACTION.NAME_ACTIVIST,
        "Recommended and decided on as activist",
        "推荐和确定入党积极分子",
        "Recommendation, decision of the branch committee",
        "推荐材料、支部委员会会议记录",
        (2,),
    ),
    RegulatedStep(
        4,
        _ACTIVIST,
        _ACTION.NAME_TARGET,
        "Filed with the superior committee",
        "上级党委备案",
        "Filing of the activist",
        "入党积极分子备案表",
        (3,),
    ),
    RegulatedStep(
        5,
        _ACTIVIST,
        _ACTION.NAME_TARGET,
        "One or two members are named to accompany them",
        "指定培养联系人",
        "Appointment of the members",
        "培养联系人确定记录",
        (3,),
    ),
    RegulatedStep(
        6,
        _ACTIVIST,
        _ACTION.NAME_TARGET,
        "Educated and observed",
        "培养教育考察",
        "Register of education and observation",
        "入党积极分子培养教育考察登记表",
        (5,),
    ),
    RegulatedStep(
        7,
        _TARGET,
        _ACTION.NAME_TARGET,
        "Decided on as development target",
        "确定发展对象",
        "Opinions heard, decision of the branch committee",
        "征求意见材料、支部委员会会议记录",
        (4, 6),
    ),
    RegulatedStep(
        8,
        _TARGET,
        _ACTION.NAME_TARGET,
        "Filed with the superior committee",
        "报上级党委备案",
        "Filing of the target",
        "发展对象备案表",
        (7,),
    ),
    RegulatedStep(
        9,
        _TARGET,
        _ACTION.ADMIT,
        "Two full members are named as introducers",
        "确定入党介绍人",
        "Appointment of the introducers",
        "入党介绍人确定记录",
        (8,),
    ),
    RegulatedStep(
        10,
        _TARGET,
        _ACTION.ADMIT,
        "Political examination",
        "进行政治审查",
        "Report of the examination",
        "政治审查报告",
        (8,),
    ),
    RegulatedStep(
        11,
        _TARGET,
        _ACTION.ADMIT,
        "Short training, three days or 24 hours at the least",
        "开展集中培训",
        "Proof of the training",
        "培训结业材料",
        (8,),
    ),
    RegulatedStep(
        12,
        _ADMISSION,
        _ACTION.ADMIT,
        "Examined by the branch committee",
        "支部委员会审查",
        "Decision of the branch committee",
        "支部委员会审查会议记录",
        (9, 10, 11),
    ),
    RegulatedStep(
        13,
        _ADMISSION,
        _ACTION.ADMIT,
        "Examined before by the superior committee",
        "上级党委预审",
        "Answer of the superior committee",
        "上级党委预审意见",
        (12,),
    ),
    RegulatedStep(
        14,
        _ADMISSION,
        _ACTION.ADMIT,
        "Fills in the application form",
        "填写入党志愿书",
        "Application form",
        "入党志愿书",
        (13,),
    ),
    RegulatedStep(
        15,
        _ADMISSION,
        _ACTION.ADMIT,
        "The branch meeting votes on the admission",
        "支部大会讨论",
        "Resolution of the branch meeting",
        "支部大会决议",
        (14,),
    ),
    RegulatedStep(
        16,
        _ADMISSION,
        _ACTION.ADMIT,
        "The superior committee talks with them",
        "上级党委派人谈话",
        "Record of the talk",
        "谈话记录",
        (15,),
    ),
    RegulatedStep(
        17,
        _ADMISSION,
        _ACTION.ADMIT,
        "Approved by the superior committee",
        "上级党委审批",
        "Approval",
        "上级党委审批意见",
        (16,),
    ),
    RegulatedStep(
        18,
        _ADMISSION,
        _ACTION.CONFIRM,
        "Filed one level further up",
        "再上一级党委组织部门备案",
        "Filing of the probationary member",
        "预备党员备案材料",
        (17,),
    ),
    RegulatedStep(
        19,
        _PROBATION,
        _ACTION.CONFIRM,
        "Assigned to a branch and a group",
        "编入党支部和党小组",
        "Record of the assignment",
        "编入党支部（党小组）记录",
        (17,),
    ),
    RegulatedStep(
        20, _PROBATION, _ACTION.CONFIRM, "Takes the oath", "入党宣誓", "Record of the oath", "入党宣誓记录", (19,)
    ),
    RegulatedStep(
        21,
        _PROBATION,
        _ACTION.CONFIRM,
        "Educated and observed further",
        "继续教育考察",
        "Register of observation",
        "预备党员教育考察登记表",
        (19,),
    ),
    RegulatedStep(
        22,
        _PROBATION,
        _ACTION.CONFIRM,
        "Asks to be made a full member",
        "提出转正申请",
        "Written request",
        "转正申请书",
        (21,),
    ),
    RegulatedStep(
        23,
        _PROBATION,
        _ACTION.CONFIRM,
        "The branch meeting votes on it",
        "支部大会讨论转正",
        "Resolution of the branch meeting",
        "支部大会转正决议",
        (22,),
    ),
    RegulatedStep(
        24,
        _PROBATION,
        _ACTION.CONFIRM,
        "Approved by the superior committee",
        "上级党委审批转正",
        "Approval",
        "上级党委转正审批意见",
        (23,),
    ),
    RegulatedStep(
        25, _PROBATION, _ACTION.FILE, "The papers are filed", "材料归档", "List of the file", "归档材料目录", (24,)
    ),
)
"""The twenty-five steps, in order, as the regulation has them and the field numbers them."""
