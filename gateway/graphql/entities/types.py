"""Market entities and their ledger records, declared on the tables they come from."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

import strawberry
from sqlalchemy import ColumnElement, func, literal_column

from contracts.vocabulary import UNASSIGNED_DIVISION, AssignmentTarget, Bureau, EntityKind, EntityState
from gateway import tables
from gateway.graphql.annual_reports.filters import discrepancy_list, report_list
from gateway.graphql.contacts.filters import contact_list
from gateway.graphql.json_sql import as_text
from gateway.graphql.markets.filters import market_list, stall_list
from gateway.graphql.members.filters import member_list
from gateway.graphql.organisations.covering import covering
from gateway.graphql.organisations.filters import organisation_list
from gateway.graphql.outreach.filters import naming_list, visit_list, visited
from gateway.graphql.pages import Connection
from gateway.graphql.pairing.filters import assigned_to, assignment_list
from gateway.graphql.posts.filters import post_list
from gateway.graphql.references import (
    LazyAnnualReport,
    LazyAssignment,
    LazyContact,
    LazyCoverage,
    LazyCreditCommitment,
    LazyDiscrepancy,
    LazyDivision,
    LazyEntity,
    LazyHouseholdApplication,
    LazyMarket,
    LazyMember,
    LazyNaming,
    LazyOrganisation,
    LazyPartyBuildingForm,
    LazyPost,
    LazyStall,
    LazySuggestion,
    LazyVisit,
)
from gateway.graphql.registration.filters import commitment_list, form_list
from gateway.graphql.rows import Row, joined, same_entity
from gateway.graphql.sources import column, computed, part, to_one

_UNASSIGNED: Final[ColumnElement[str]] = literal_column(f"'{UNASSIGNED_DIVISION}'")


def _assigned(row: Row) -> ColumnElement[bool]:
    return row["division_code"] != _UNASSIGNED


@strawberry.type(description="Registered capital 注册资金")
class Capital:
    """Registered capital."""

    amount: Decimal = computed(
        lambda row: as_text(func.trim_scale(row["capital_amount"])), "In whole units of the currency, exact 金额（元）"
    )
    currency: str = column("capital_currency", "ISO 4217 code 币种")


@strawberry.type(description="An entity's record in the entity ledger 市场主体台账")
class EntityLedger:
    """An entity's record in the entity ledger."""

    id: strawberry.ID = column("entity_id", "Id of the entity 主体编号")
    version: int = column("version", "Counts the changes of this record from 1 台账版本")
    registration_version: int = column(
        "registration_version", "Version of the registration that it reflects 所依据的登记版本"
    )
    uscc: str = column("uscc", "Unified social credit code 统一社会信用代码")
    name: str = column("name", "Name 名称")
    kind: EntityKind = column("kind", "What it counts as 类别")
    state: EntityState = column("state", "State of the registration 状态")
    division_code: str = column("division_code", "Division, 12 digits; 000000000000 while unassigned 行政区划代码")
    assigned: bool = computed(_assigned, "Whether its division is known 是否已分配行政区划")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    registered_on: date | None = column("registered_on", "Day of registration, where known 注册日期")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledger recorded it, UTC 入账时间")
    entity: LazyEntity | None = to_one(
        tables.Entity, same_entity, "The entity as registration tells it, where already heard of 登记信息"
    )


@strawberry.type(description="A market entity as registration tells it 市场主体")
class Entity:
    """A market entity as registration tells it."""

    id: strawberry.ID = column("entity_id", "Id of the entity, the same everywhere 主体编号")
    version: int = column("version", "Counts the changes of the entity from 1 版本")
    uscc: str = column("uscc", "Unified social credit code 统一社会信用代码")
    name: str = column("name", "Name 企业名称")
    kind: EntityKind = column("kind", "What it counts as 类别")
    state: EntityState = column("state", "State of the registration 登记状态")
    division_code: str = column("division_code", "Division, 12 digits; 000000000000 while unassigned 行政区划代码")
    assigned: bool = computed(_assigned, "Whether its division is known 是否已分配行政区划")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    registered_on: date | None = column("registered_on", "Day of registration, where known 注册日期")
    legal_form: str | None = column("legal_form", "As the source has it 企业类型")
    capital: Capital | None = part(
        "Registered capital, where it could be read 注册资金",
        present=lambda row: row["capital_amount"].is_not(None),
    )
    business_scope: str | None = column("business_scope", "What it may do 经营范围")
    address: str | None = column("address", "Registered address 注册地址")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which registration recorded it, UTC 登记时间")
    ledger: EntityLedger | None = to_one(
        tables.EntityLedger, same_entity, "Its record in the entity ledger, once it is there 台账记录"
    )
    division: LazyDivision | None = to_one(
        tables.Division, joined("division_code", "division_code"), "Its division, where known 行政区划"
    )
    coverage: LazyCoverage | None = to_one(
        tables.Coverage,
        same_entity,
        "Its two coverages; null where it never had a member, an organisation or a cadre 两个覆盖",
    )
    organisations: Connection[LazyOrganisation] = organisation_list(
        "The organisations that cover it 覆盖党组织", covering
    )
    members: Connection[LazyMember] = member_list(
        "Members who work there, for who may see members; empty for others 从业党员，仅限授权者",
        joined("entity_id", "workplace_entity_id"),
    )
    contacts: Connection[LazyContact] = contact_list(
        "Its investors and persons in charge, for who may see members; empty for others 联系人，仅限授权者",
        joined("entity_id", "entity_id"),
    )
    posts: Connection[LazyPost] = post_list(
        "Posts of members here, for who may see members; empty for others 本主体党员岗位，仅限授权者",
        joined("entity_id", "entity_id"),
    )
    assignments: Connection[LazyAssignment] = assignment_list(
        "Cadres who are and were assigned to it 选派到本主体的干部", assigned_to(AssignmentTarget.ENTITY, "entity_id")
    )
    visits: Connection[LazyVisit] = visit_list(
        "Visits of cadres to it 走访记录", visited(AssignmentTarget.ENTITY, "entity_id")
    )
    namings: Connection[LazyNaming] = naming_list("What it is and was named as 命名", same_entity)
    party_building_forms: Connection[LazyPartyBuildingForm] = form_list(
        "What its registration and each change asked 党建信息采集表", same_entity
    )
    credit_commitments: Connection[LazyCreditCommitment] = commitment_list("What it promised 信用承诺", same_entity)
    application: LazyHouseholdApplication | None = to_one(
        tables.HouseholdApplication,
        same_entity,
        "The application that it came of, if it was registered online 网上登记申请",
    )
    annual_reports: Connection[LazyAnnualReport] = report_list("Its annual reports 年报", same_entity)
    discrepancies: Connection[LazyDiscrepancy] = discrepancy_list(
        "Where its annual reports and the ledgers differ or differed 年报差异", same_entity
    )
    markets: Connection[LazyMarket] = market_list(
        "The markets that it operates or operated 开办的专业市场", joined("entity_id", "operator_entity_id")
    )
    stalls: Connection[LazyStall] = stall_list("The stalls that it has and had 摊位", same_entity)
    suggestion: LazySuggestion | None = to_one(
        tables.Suggestion,
        same_entity,
        "The partner suggested for it; of several suggestions the latest 结对推荐",
        newest=("effective_on", "suggestion_id"),
    )


@strawberry.type(description="How many entities there are of one group 分组计数")
class EntityCount:
    """How many entities there are of one group; what was not counted by is null."""

    kind: EntityKind | None = column("kind", "Kind, where counted by it 类别")
    state: EntityState | None = column("state", "State, where counted by it 登记状态")
    division_code: str | None = column("division_code", "Division, 12 digits, where counted by it 行政区划代码")
    bureau: Bureau | None = column("bureau", "Bureau line, where counted by it 条线")
    count: int = column("count", "Entities 数量")
