"""The coverage of entities, declared on the table it comes from."""

from datetime import date, datetime
from typing import Final

import strawberry
from sqlalchemy.dialects.postgresql import JSONB

from contracts.vocabulary import Bureau, CoverageDuty, EntityKind, EntityState, OrganisationCoverage
from gateway import tables
from gateway.graphql.coverage.over_time import PERIOD
from gateway.graphql.inner_lists import inner_list
from gateway.graphql.organisations.covering import named
from gateway.graphql.organisations.filters import organisation_list
from gateway.graphql.pages import Connection
from gateway.graphql.references import LazyEntity, LazyOrganisation
from gateway.graphql.rows import same_entity
from gateway.graphql.sources import column, to_one
from gateway.graphql.suppression import member_count


@strawberry.type(description="Days on which the coverage of an entity was the same 覆盖期间")
class CoveragePeriod:
    """Days on which the coverage of an entity was the same."""

    since: date = column("since", "First day, Asia/Shanghai 起始日期")
    until: date | None = column("until", "Last day; null while it is so 截止日期")
    full_members: int | None = member_count(
        lambda row: row["full_members"], "Full members who worked there 从业正式党员人数"
    )
    probationary_members: int | None = member_count(
        lambda row: row["probationary_members"], "Probationary members who worked there 从业预备党员人数"
    )
    organisation_coverage: OrganisationCoverage = column("organisation_coverage", "None, covered or own 组织覆盖")
    organisation_ids: list[strawberry.ID] = column(
        "organisation_ids", "Ids of the organisations that covered it 覆盖党组织编号"
    )
    work_coverage: bool = column("work_coverage", "Whether a cadre was assigned 工作覆盖")


_FEW: Final = 10
"""Periods that the list of a coverage counts for."""


@strawberry.type(description="The two coverages of an entity, and what it still owes to them 两个覆盖")
class Coverage:
    """The two coverages of an entity; only one with a member, an organisation or a cadre ever has them."""

    id: strawberry.ID = column("entity_id", "Id of the entity 主体编号")
    version: int = column("version", "Counts the changes of the coverage from 1 版本")
    uscc: str = column("uscc", "Unified social credit code 统一社会信用代码")
    kind: EntityKind = column("kind", "What the entity counts as 类别")
    state: EntityState = column("state", "State of the entity's registration 登记状态")
    full_members: int | None = member_count(
        lambda row: row["full_members"], "Full members who work there 从业正式党员人数"
    )
    probationary_members: int | None = member_count(
        lambda row: row["probationary_members"], "Probationary members who work there 从业预备党员人数"
    )
    organisation_coverage: OrganisationCoverage = column("organisation_coverage", "None, covered or own 组织覆盖")
    work_coverage: bool = column("work_coverage", "Whether a cadre is assigned 工作覆盖")
    duty: CoverageDuty = column("duty", "What is still owed 待办")
    must_found_since: date | None = column(
        "must_found_since", "Day from which it must found an organisation, while it must 应建未建起始日期"
    )
    must_found_due: date | None = column(
        "must_found_due",
        "Day on which it should have one: 180 days later, our own assumption, as the study names no term 应建期限",
    )
    division_code: str = column("division_code", "Division, 12 digits; 000000000000 while unassigned 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers decided it, UTC 认定时间")
    entity: LazyEntity | None = to_one(tables.Entity, same_entity, "The entity, where already heard of 市场主体")
    periods: list[CoveragePeriod] = inner_list(
        "periods",
        {**PERIOD, "organisation_ids": JSONB()},
        _FEW,
        "Since when and until when it was covered by what, in order; days without member, organisation and cadre have "
        "none 覆盖期间",
    )
    organisations: Connection[LazyOrganisation] = organisation_list("The organisations that cover it 覆盖党组织", named)
