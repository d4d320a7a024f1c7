"""Assignments, suggestions and alliances, declared on the tables they come from."""

from datetime import date, datetime

import strawberry
from sqlalchemy import ColumnElement, Text, Uuid, and_

from contracts.vocabulary import (
    AllianceSide,
    AllianceState,
    AssignmentRole,
    AssignmentState,
    AssignmentTarget,
    Bureau,
    SuggestionState,
)
from gateway import tables
from gateway.graphql.inner_lists import inner_list
from gateway.graphql.json_sql import word_literal
from gateway.graphql.references import LazyAssociation, LazyCadre, LazyDivision, LazyEntity, LazyOrganisation
from gateway.graphql.rows import Row, joined, same_entity
from gateway.graphql.sources import column, to_one


def _its_entity(assignment: Row, entity: Row) -> ColumnElement[bool]:
    to_entity = assignment["target"] == word_literal(AssignmentTarget.ENTITY)
    return and_(entity["entity_id"] == assignment["target_id"], to_entity)


def _its_organisation(assignment: Row, organisation: Row) -> ColumnElement[bool]:
    to_organisation = assignment["target"] == word_literal(AssignmentTarget.ORGANISATION)
    return and_(organisation["organisation_id"] == assignment["target_id"], to_organisation)


@strawberry.type(description="A cadre assigned to an entity or to an organisation 选派")
class Assignment:
    """A cadre assigned to an entity or to an organisation."""

    id: strawberry.ID = column("assignment_id", "Id of the assignment 选派编号")
    version: int = column("version", "Counts its changes from 1 版本")
    role: AssignmentRole = column("role", "As what they are assigned 选派身份")
    target: AssignmentTarget = column("target", "What they are assigned to 选派对象")
    target_id: strawberry.ID = column("target_id", "Id of the entity or the organisation 选派对象编号")
    state: AssignmentState = column("state", "ENDED from `endedOn` on 状态")
    starts_on: date = column("starts_on", "First day, Asia/Shanghai 起始日期")
    ended_on: date | None = column("ended_on", "Day from which it holds no more, where known 结束日期")
    division_code: str = column("division_code", "Division, 12 digits; 000000000000 while unassigned 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which pairing recorded it, UTC 记录时间")
    cadre: LazyCadre | None = to_one(
        tables.Cadre, joined("cadre_id", "cadre_id"), "The cadre, where already heard of 干部"
    )
    entity: LazyEntity | None = to_one(tables.Entity, _its_entity, "The entity, if it is to one 市场主体")
    organisation: LazyOrganisation | None = to_one(
        tables.Organisation, _its_organisation, "The organisation, if it is to one 党组织"
    )


@strawberry.type(description="A reason 理由")
class Reason:
    """A reason: a word for programs, and a sentence in each language."""

    reason: str = column("reason", "A word for programs 理由代码")
    text: str = column("text", "A sentence in English 说明（英文）")
    text_zh: str = column("text_zh", "The same in Chinese 说明")


@strawberry.type(description="A partner suggested for an entity that must found an organisation 结对推荐")
class Suggestion:
    """A partner suggested for an entity that must found an organisation."""

    id: strawberry.ID = column("suggestion_id", "Id of the suggestion 推荐编号")
    version: int = column("version", "Counts its changes from 1 版本")
    uscc: str = column("uscc", "Unified social credit code of the entity 统一社会信用代码")
    reasons: list[Reason] = inner_list(
        "reasons",
        {"reason": Text(), "text": Text(), "text_zh": Text()},
        5,
        "Why this one, or why none 推荐理由",
    )
    state: SuggestionState = column("state", "SETTLED once the entity need not found one any more 状态")
    division_code: str = column("division_code", "Division, 12 digits; 000000000000 while unassigned 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which pairing recorded it, UTC 记录时间")
    entity: LazyEntity | None = to_one(
        tables.Entity, same_entity, "The entity that must found one, where already heard of 市场主体"
    )
    partner: LazyOrganisation | None = to_one(
        tables.Organisation,
        joined("partner_organisation_id", "organisation_id"),
        "The organisation that should help; null while none is fit 推荐结对党组织",
    )


@strawberry.type(description="A party of an alliance; one of its four relations is there 联合体成员单位")
class AllianceParty:
    """A party of an alliance."""

    side: AllianceSide = column("side", "The side on which it stands 所属一方")
    entity: LazyEntity | None = to_one(tables.Entity, same_entity, "An entity 市场主体")
    organisation: LazyOrganisation | None = to_one(
        tables.Organisation, joined("organisation_id", "organisation_id"), "An organisation 党组织"
    )
    association: LazyAssociation | None = to_one(
        tables.Association, joined("association_id", "association_id"), "An association 协会"
    )
    division: LazyDivision | None = to_one(
        tables.Division, joined("division_code", "division_code"), "A subdistrict 街道"
    )


@strawberry.type(description="An alliance of masses, enterprises and subdistrict “群众+企业+街道”党建联合体")
class Alliance:
    """An alliance of masses, enterprises and subdistrict."""

    id: strawberry.ID = column("alliance_id", "Id of the alliance 联合体编号")
    version: int = column("version", "Counts its changes from 1 版本")
    name: str = column("name", "Name 名称")
    parties: list[AllianceParty] = inner_list(
        "parties",
        {
            "side": Text(),
            "entity_id": Uuid(),
            "organisation_id": Uuid(),
            "association_id": Uuid(),
            "division_code": Text(),
        },
        20,
        "Who takes part 成员单位",
    )
    state: AllianceState = column("state", "DISSOLVED once it is no more 状态")
    formed_on: date = column("formed_on", "Day of its forming 成立日期")
    division_code: str = column("division_code", "Division, 12 digits; 000000000000 while unassigned 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which pairing recorded it, UTC 记录时间")
