"""The closed word lists of the vocabulary as GraphQL enums, each word described by its Chinese term."""

from collections.abc import Mapping
from typing import Final, TypeAlias

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from contracts import vocabulary as v

WordList: TypeAlias = (
    type[v.EntityKind]
    | type[v.EntityState]
    | type[v.Bureau]
    | type[v.DivisionLevel]
    | type[v.UnitState]
    | type[v.BureauKind]
    | type[v.CadreState]
    | type[v.CallerRole]
    | type[v.OrganisationForm]
    | type[v.FormationMode]
    | type[v.OrganisationState]
    | type[v.MemberStanding]
    | type[v.MemberState]
    | type[v.PersonField]
    | type[v.Industry]
    | type[v.PartyPost]
    | type[v.VenueKind]
    | type[v.Demonstration]
    | type[v.ReorganisationKind]
    | type[v.ReorganisationState]
    | type[v.ReorganisationAction]
    | type[v.TransferState]
    | type[v.TransferAction]
    | type[v.LeavingReason]
    | type[v.FloatingState]
    | type[v.FloatingAction]
    | type[v.FloatingReason]
    | type[v.DevelopmentStage]
    | type[v.DevelopmentState]
    | type[v.DevelopmentAction]
    | type[v.PostKind]
    | type[v.PostState]
    | type[v.HonourKind]
    | type[v.HonourLevel]
    | type[v.HonourState]
    | type[v.OrganisationCoverage]
    | type[v.CoverageDuty]
    | type[v.AssignmentRole]
    | type[v.AssignmentTarget]
    | type[v.AssignmentState]
    | type[v.SuggestionState]
    | type[v.AllianceSide]
    | type[v.AllianceState]
    | type[v.VisitPurpose]
    | type[v.VisitState]
    | type[v.NamingKind]
    | type[v.NamingState]
    | type[v.QuestionnaireState]
    | type[v.AssessedPart]
    | type[v.RatingBand]
    | type[v.RatingState]
    | type[v.GatheringKind]
    | type[v.GatheringPlace]
    | type[v.GatheringTopic]
    | type[v.GatheringState]
    | type[v.Audience]
    | type[v.LifeDuty]
    | type[v.LifePeriod]
    | type[v.LifeState]
    | type[v.ContactRole]
    | type[v.ContactState]
    | type[v.PartyMembership]
    | type[v.FormOccasion]
    | type[v.FormState]
    | type[v.FormAction]
    | type[v.CommitmentKind]
    | type[v.CommitmentState]
    | type[v.CommitmentAction]
    | type[v.ApplicationState]
    | type[v.ApplicationAction]
    | type[v.MarketState]
    | type[v.StallState]
    | type[v.AnnualReportState]
    | type[v.ReportingState]
    | type[v.DiscrepancyField]
    | type[v.DiscrepancyState]
    | type[v.DiscrepancyAction]
)
"""A word list that the graph shows."""

WORD_LISTS: Final[Mapping[WordList, str]] = {
    v.EntityKind: "What a market entity counts as 市场主体类别",
    v.EntityState: "State of a registration 登记状态",
    v.Bureau: "The bureau line that registered an entity 条线",
    v.DivisionLevel: "Levels of the divisions 行政区划层级",
    v.UnitState: "State of a division, a bureau or an association 机构状态",
    v.BureauKind: "What a bureau is 部门类别",
    v.CallerRole: "What somebody acts as 身份",
    v.CadreState: "Whether a cadre is at work 干部状态",
    v.OrganisationForm: "Form of a Party organisation 党组织形式",
    v.FormationMode: "How an organisation came to cover its entities 组建方式",
    v.OrganisationState: "State of an organisation 党组织状态",
    v.MemberStanding: "Standing of a member 党员类别",
    v.MemberState: "Whether a member counts 党员状态",
    v.PersonField: "What is kept sealed of a person 个人信息项",
    v.Industry: 'Industry of the district\'s "6+2" 产业',
    v.PartyPost: "Post of a member in an organisation 党内职务",
    v.VenueKind: "What a venue is 阵地类别",
    v.Demonstration: "What an organisation is held up as 示范级别",
    v.ReorganisationKind: "What a reorganisation brings about 设置调整事项",
    v.ReorganisationState: "State of a reorganisation 设置调整状态",
    v.ReorganisationAction: "A step of a reorganisation 设置调整步骤",
    v.TransferState: "State of a transfer 转接状态",
    v.TransferAction: "A step of a transfer 转接步骤",
    v.LeavingReason: "Why a member counts here no more 出册原因",
    v.FloatingState: "State of a member's being out 流动状态",
    v.FloatingAction: "A step of a member's being out 流动办理步骤",
    v.FloatingReason: "Why a member is out 外出原因",
    v.DevelopmentStage: "A stage of the regulation on development 发展党员阶段",
    v.DevelopmentState: "How far a person came 发展进度",
    v.DevelopmentAction: "A step of a development 发展党员办理步骤",
    v.PostKind: "What a member is charged with 岗位类别",
    v.PostState: "Whether a post is held 岗位状态",
    v.HonourKind: "What a member was honoured as 荣誉类别",
    v.HonourLevel: "Level of who gave an honour 荣誉级别",
    v.HonourState: "Whether an honour stands 荣誉状态",
    v.OrganisationCoverage: "Organisation coverage of an entity 组织覆盖",
    v.CoverageDuty: "What an entity still owes to the two coverages 两个覆盖待办",
    v.AssignmentRole: "What a cadre is assigned as 选派身份",
    v.AssignmentTarget: "What a cadre is assigned to 选派对象",
    v.AssignmentState: "State of an assignment 选派状态",
    v.SuggestionState: "State of a suggested partner 推荐状态",
    v.AllianceSide: "A side of an alliance 联合体一方",
    v.AllianceState: "State of an alliance 联合体状态",
    v.VisitPurpose: "What a cadre visits for 走访事由",
    v.VisitState: "State of the record of a visit 走访记录状态",
    v.NamingKind: "What an entity is named as 命名类别",
    v.NamingState: "State of a naming 命名状态",
    v.QuestionnaireState: "State of a questionnaire 问卷状态",
    v.AssessedPart: "A part of the fortress index 堡垒指数构成",
    v.RatingBand: "Band of a rating 等级",
    v.RatingState: "State of a rating 评定状态",
    v.GatheringKind: "What a gathering is 组织生活类别",
    v.GatheringPlace: "Kind of place at which a gathering is held 地点类型",
    v.GatheringTopic: "What a gathering is about 议题类别",
    v.GatheringState: "Whether a gathering counts 组织生活记录状态",
    v.Audience: "For whom a gathering is 参加对象",
    v.LifeDuty: "What an organisation owes to organisational life 组织生活事项",
    v.LifePeriod: "Period for which something is owed 周期",
    v.LifeState: "How a duty of a period stands on a day 应开展事项状态",
    v.ContactRole: "What a contact is to their entity 联系人身份",
    v.ContactState: "Whether somebody is a contact still 联系人状态",
    v.PartyMembership: "Whether somebody is a member of the Party 是否党员",
    v.FormOccasion: "What a Party-building form was asked with 采集时机",
    v.FormState: "State of a Party-building form 采集表状态",
    v.FormAction: "A step of a Party-building form 采集步骤",
    v.CommitmentKind: "Kind of a credit commitment 承诺类型",
    v.CommitmentState: "State of a credit commitment 承诺状态",
    v.CommitmentAction: "A step of a credit commitment 承诺步骤",
    v.ApplicationState: "State of an online registration 网上登记状态",
    v.ApplicationAction: "A step of an online registration 网上登记步骤",
    v.MarketState: "State of a specialised market 市场状态",
    v.StallState: "State of a stall 摊位状态",
    v.AnnualReportState: "State of an annual report 年报状态",
    v.ReportingState: "Where the reporting on a year stands 年报阶段",
    v.DiscrepancyField: "What a report and the ledgers are compared by 比对项",
    v.DiscrepancyState: "State of a discrepancy 差异状态",
    v.DiscrepancyAction: "A step of a discrepancy 差异办理步骤",
}
"""The word lists, each with its description."""


def _described(words: WordList, description: str) -> None:
    strawberry.enum(words, description=description)
    definition: StrawberryEnumDefinition = words.__strawberry_definition__  # type: ignore[union-attr] # set above
    for value in definition.values:
        value.description = words[value.name].zh


for _words, _description in WORD_LISTS.items():
    _described(_words, _description)
