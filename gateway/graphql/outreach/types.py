"""Visits, namings and questionnaires, declared on the tables they come from."""

from datetime import date, datetime

import strawberry
from sqlalchemy import ColumnElement, and_

from contracts.vocabulary import (
    AssignmentTarget,
    Bureau,
    NamingKind,
    NamingState,
    QuestionnaireState,
    VisitPurpose,
    VisitState,
)
from gateway import tables
from gateway.graphql.json_sql import word_literal
from gateway.graphql.references import LazyAssociation, LazyCadre, LazyEntity, LazyOrganisation
from gateway.graphql.rows import Row, joined, same_entity
from gateway.graphql.sources import column, to_one


def _its_entity(visit: Row, entity: Row) -> ColumnElement[bool]:
    to_entity = visit["target"] == word_literal(AssignmentTarget.ENTITY)
    return and_(entity["entity_id"] == visit["target_id"], to_entity)


def _its_organisation(visit: Row, organisation: Row) -> ColumnElement[bool]:
    to_organisation = visit["target"] == word_literal(AssignmentTarget.ORGANISATION)
    return and_(organisation["organisation_id"] == visit["target_id"], to_organisation)


@strawberry.type(description="A visit of a cadre to an entity or an organisation 走访")
class Visit:
    """A visit of a cadre to an entity or an organisation."""

    id: strawberry.ID = column("visit_id", "Id of the visit 走访编号")
    version: int = column("version", "Counts its changes from 1 版本")
    purpose: VisitPurpose = column("purpose", "What for 走访事由")
    target: AssignmentTarget = column("target", "What was visited 走访对象")
    target_id: strawberry.ID = column("target_id", "Id of the entity or the organisation 走访对象编号")
    visited_on: date = column("visited_on", "Day, Asia/Shanghai 走访日期")
    state: VisitState = column("state", "WITHDRAWN where it was recorded by mistake 状态")
    division_code: str = column("division_code", "Division, 12 digits; 000000000000 while unassigned 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which pairing recorded it, UTC 记录时间")
    cadre: LazyCadre | None = to_one(
        tables.Cadre, joined("cadre_id", "cadre_id"), "The cadre, where already heard of 干部"
    )
    entity: LazyEntity | None = to_one(tables.Entity, _its_entity, "The entity, if it was to one 市场主体")
    organisation: LazyOrganisation | None = to_one(
        tables.Organisation, _its_organisation, "The organisation, if it was to one 党组织"
    )


@strawberry.type(description="What an entity is named as 命名")
class Naming:
    """What an entity is named as."""

    id: strawberry.ID = column("naming_id", "Id of the naming 命名编号")
    version: int = column("version", "Counts its changes from 1 版本")
    kind: NamingKind = column("kind", "As what 命名类别")
    uscc: str = column("uscc", "Unified social credit code of the entity 统一社会信用代码")
    document: str | None = column("document", "The decision, by title 文件")
    named_on: date = column("named_on", "First day, Asia/Shanghai 命名日期")
    withdrawn_on: date | None = column("withdrawn_on", "Day from which it is so no more, where known 撤销日期")
    state: NamingState = column("state", "WITHDRAWN from `withdrawnOn` on 状态")
    division_code: str = column("division_code", "Division, 12 digits; 000000000000 while unassigned 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which pairing recorded it, UTC 记录时间")
    entity: LazyEntity | None = to_one(tables.Entity, same_entity, "The entity, where already heard of 市场主体")


@strawberry.type(description="A questionnaire that an association handed out 问卷")
class Questionnaire:
    """A questionnaire that an association handed out."""

    id: strawberry.ID = column("questionnaire_id", "Id of the questionnaire 问卷编号")
    version: int = column("version", "Counts its changes from 1 版本")
    subject: str = column("subject", "Subject 主题")
    handed_out: int = column("handed_out", "Copies handed out 发放份数")
    handed_out_on: date = column("handed_out_on", "Day of handing out, Asia/Shanghai 发放日期")
    returned: int | None = column("returned", "Copies that came back, once counted 回收份数")
    state: QuestionnaireState = column("state", "COUNTED once the returns are known 状态")
    division_code: str = column("division_code", "Division, 12 digits 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which pairing recorded it, UTC 记录时间")
    association: LazyAssociation | None = to_one(
        tables.Association, joined("association_id", "association_id"), "The association 协会"
    )
