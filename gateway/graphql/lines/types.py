"""Divisions, bureaus, associations and cadres, declared on the tables they come from."""

from datetime import date, datetime

import strawberry

from contracts.vocabulary import Bureau, BureauKind, CadreState, DivisionLevel, UnitState
from gateway import tables
from gateway.graphql.division_levels import under
from gateway.graphql.entities.filters import entity_list
from gateway.graphql.lines.filters import association_list, bureau_list, cadre_list, division_list
from gateway.graphql.organisations.filters import organisation_list
from gateway.graphql.outreach.filters import questionnaire_list, visit_list
from gateway.graphql.pages import Connection
from gateway.graphql.pairing.filters import assignment_list
from gateway.graphql.references import (
    LazyAssignment,
    LazyAssociation,
    LazyBureauUnit,
    LazyCadre,
    LazyDivision,
    LazyEntity,
    LazyOrganisation,
    LazyQuestionnaire,
    LazyVisit,
)
from gateway.graphql.rows import joined
from gateway.graphql.sources import column, to_one


@strawberry.type(description="A division: district, township or grid 行政区划")
class Division:
    """A division."""

    code: strawberry.ID = column("division_code", "12 digits; names it everywhere 行政区划代码")
    version: int = column("version", "Counts its changes from 1 版本")
    name: str = column("name", "Name 名称")
    level: DivisionLevel = column("level", "District, township or grid 层级")
    state: UnitState = column("state", "CLOSED once it was abolished 状态")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 入账时间")
    parent: LazyDivision | None = to_one(
        tables.Division, joined("parent_code", "division_code"), "The division above it, where it has one 上级区划"
    )
    divisions: Connection[LazyDivision] = division_list(
        "The divisions right below it: townships of a district, grids of a township 下级区划",
        joined("division_code", "parent_code"),
    )
    entities: Connection[LazyEntity] = entity_list(
        "The entities in it and in all below it; their number is `totalCount` 辖区内市场主体", under
    )


@strawberry.type(description="A bureau of the district, or a station of one 部门（含市场监管所）")
class BureauUnit:
    """A bureau of the district, or a station of one."""

    id: strawberry.ID = column("bureau_id", "Id of the bureau 部门编号")
    version: int = column("version", "Counts its changes from 1 版本")
    name: str = column("name", "Name 名称")
    kind: BureauKind = column("kind", "A bureau, or a station of one 类别")
    bureau: Bureau = column("bureau", "Bureau line that it belongs to 条线")
    division_code: str = column("division_code", "Division that it works in, 12 digits 行政区划代码")
    state: UnitState = column("state", "CLOSED once it is no more 状态")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 入账时间")
    division: LazyDivision | None = to_one(
        tables.Division, joined("division_code", "division_code"), "The division that it works in 行政区划"
    )
    parent: LazyBureauUnit | None = to_one(
        tables.BureauUnit, joined("parent_id", "bureau_id"), "The bureau that a station belongs to 所属部门"
    )
    stations: Connection[LazyBureauUnit] = bureau_list("Its stations 下属市场监管所", joined("bureau_id", "parent_id"))
    cadres: Connection[LazyCadre] = cadre_list("The cadres who work at it 干部", joined("bureau_id", "bureau_id"))


@strawberry.type(description="An association, or a sub-association of one 协会（含分会）")
class Association:
    """An association, or a sub-association of one."""

    id: strawberry.ID = column("association_id", "Id of the association 协会编号")
    version: int = column("version", "Counts its changes from 1 版本")
    name: str = column("name", "Name 名称")
    bureau: Bureau = column("bureau", "Bureau line beside which it stands 条线")
    division_code: str = column("division_code", "Division that it works in, 12 digits 行政区划代码")
    state: UnitState = column("state", "CLOSED once it is no more 状态")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 入账时间")
    division: LazyDivision | None = to_one(
        tables.Division, joined("division_code", "division_code"), "The division that it works in 行政区划"
    )
    parent: LazyAssociation | None = to_one(
        tables.Association,
        joined("parent_id", "association_id"),
        "The association that a sub-association belongs to 上级协会",
    )
    sub_associations: Connection[LazyAssociation] = association_list(
        "Its sub-associations 分会", joined("association_id", "parent_id")
    )
    organisations: Connection[LazyOrganisation] = organisation_list(
        "Its branches 协会党组织", joined("association_id", "association_id")
    )
    cadres: Connection[LazyCadre] = cadre_list(
        "The cadres who work at it 干部", joined("association_id", "association_id")
    )
    questionnaires: Connection[LazyQuestionnaire] = questionnaire_list(
        "Questionnaires that it handed out 问卷", joined("association_id", "association_id")
    )


@strawberry.type(description="A cadre: an id and a unit, never a name 干部")
class Cadre:
    """A cadre: who they are stays in the ledgers."""

    id: strawberry.ID = column("cadre_id", "Id of the cadre 干部编号")
    version: int = column("version", "Counts its changes from 1 版本")
    bureau: Bureau = column("bureau", "Bureau line of their unit 条线")
    division_code: str = column("division_code", "Division that they work in, 12 digits 行政区划代码")
    state: CadreState = column("state", "LEFT once they work there no more 状态")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 入账时间")
    bureau_unit: BureauUnit | None = to_one(
        tables.BureauUnit, joined("bureau_id", "bureau_id"), "The bureau or station that they work at 所在部门"
    )
    association: Association | None = to_one(
        tables.Association, joined("association_id", "association_id"), "The association that they work at 所在协会"
    )
    visits: Connection[LazyVisit] = visit_list("Their visits 走访记录", joined("cadre_id", "cadre_id"))
    assignments: Connection[LazyAssignment] = assignment_list(
        "What they are and were assigned to 选派情况", joined("cadre_id", "cadre_id")
    )
