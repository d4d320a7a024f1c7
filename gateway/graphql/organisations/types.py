"""Organisations and their counts of members, declared on the tables they come from."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

import strawberry
from sqlalchemy import ColumnElement, Date, Integer, Numeric, Text, Uuid, and_, func, or_

from contracts.vocabulary import (
    AssignmentTarget,
    Bureau,
    Demonstration,
    FormationMode,
    Industry,
    OrganisationForm,
    OrganisationState,
    PartyPost,
    RatingState,
    VenueKind,
)
from gateway import tables
from gateway.graphql.developments.filters import development_list, quota_list
from gateway.graphql.entities.filters import entity_list
from gateway.graphql.inner_lists import inner_list
from gateway.graphql.json_sql import as_text, word_literal
from gateway.graphql.life.filters import gathering_list
from gateway.graphql.life.types import owed_list
from gateway.graphql.members.filters import member_list
from gateway.graphql.organisations.covering import covered
from gateway.graphql.organisations.emptied import emptied_field
from gateway.graphql.organisations.sizes import COMMITTEE_SOURCES, SIZE_SOURCES, needs_committee, suggested_form
from gateway.graphql.outreach.filters import visit_list, visited
from gateway.graphql.pages import Connection
from gateway.graphql.pairing.filters import assigned_to, assignment_list, suggestion_list
from gateway.graphql.posts.filters import post_list
from gateway.graphql.references import (
    LazyAssignment,
    LazyAssociation,
    LazyDevelopment,
    LazyDivision,
    LazyEntity,
    LazyGathering,
    LazyMember,
    LazyOrganisation,
    LazyOwed,
    LazyPost,
    LazyQuota,
    LazyRating,
    LazyReorganisation,
    LazySuggestion,
    LazyVisit,
)
from gateway.graphql.reorganisations.filters import reorganisation_list
from gateway.graphql.rows import Expression, Row, joined
from gateway.graphql.sources import column, computed, to_one
from gateway.graphql.suppression import member_count


def _rated_now(organisation: Row, rating: Row) -> ColumnElement[bool]:
    return and_(
        rating["organisation_id"] == organisation["organisation_id"],
        rating["state"] == word_literal(RatingState.CURRENT),
    )


def _belongs(organisation: Row, member: Row) -> ColumnElement[bool]:
    key = organisation["organisation_id"]
    return or_(member["relation_organisation_id"] == key, member["management_organisation_id"] == key)


def _reorganises(organisation: Row, reorganisation: Row) -> ColumnElement[bool]:
    key = organisation["organisation_id"]
    return or_(reorganisation["organisation_id"] == key, reorganisation["target_id"] == key)


def _counted(name: str) -> Expression:
    return lambda row: row[name]


def _without(whole: str, counted: str) -> Expression:
    return lambda row: row[whole] - row[counted]


_MANAGED_ALONE: Final = _without("managed", "related_and_managed")
_FEW: Final = 10
"""Items that a list of an organisation counts for."""
_RELATED_ALONE: Final = _without("related", "related_and_managed")
_BOTH: Final = _counted("related_and_managed")


@strawberry.type(description="How many members an organisation has, by relation and by management 党组织党员数")
class Membership:
    """How many members an organisation has. A count that could be told from others by subtraction is hidden as they."""

    version: int = column("version", "Counts the changes of these figures from 1 版本")
    related: int | None = member_count(_counted("related"), "Members whose relation is here 组织关系在本组织人数")
    managed: int | None = member_count(_counted("managed"), "Members who are managed here 由本组织管理人数")
    related_and_managed: int | None = member_count(
        _BOTH, "Members of whom both are here 关系与管理均在本组织人数", rest=(_MANAGED_ALONE, _RELATED_ALONE)
    )
    gap: int | None = member_count(
        _MANAGED_ALONE,
        "Members managed here whose relation is elsewhere 管理在本组织而组织关系在外的人数",
        rest=(_BOTH, _RELATED_ALONE),
    )
    full_related: int | None = member_count(
        _counted("full_related"),
        "Full members among those related 组织关系在本组织的正式党员人数",
        rest=(_without("related", "full_related"),),
    )
    full_managed: int | None = member_count(
        _counted("full_managed"),
        "Full members among those managed 由本组织管理的正式党员人数",
        rest=(_without("managed", "full_managed"),),
    )
    suggested_form: OrganisationForm | None = computed(
        suggested_form,
        "Form that its size suggests, with superior approval: more than 50 related a general branch, more than 100 a "
        f"committee; null where none. {SIZE_SOURCES} 建议设置形式",
    )
    needs_committee: bool = computed(
        needs_committee,
        f"Whether 7 full members or more are related, so that it has a committee. {COMMITTEE_SOURCES} 是否应设委员会",
    )
    effective_on: date = column("effective_on", "Day from which these figures hold, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers counted, UTC 统计时间")
    organisation: LazyOrganisation | None = to_one(
        tables.Organisation,
        joined("organisation_id", "organisation_id"),
        "The organisation, where already heard of 党组织",
    )


@strawberry.type(description="Funds of a year 年度党建经费")
class YearFunds:
    """Funds of a year."""

    year: int = column("year", "The year 年度")
    amount: Decimal = computed(lambda row: as_text(func.trim_scale(row["amount"])), "Yuan 金额（元）")


@strawberry.type(description="A venue 阵地")
class Venue:
    """A venue."""

    kind: VenueKind = column("kind", "What it is 类别")
    area: Decimal = computed(lambda row: as_text(func.trim_scale(row["area"])), "Square metres 面积（平方米）")


@strawberry.type(description="A post that a member holds, for who may see members 党内任职（限授权者）")
class CommitteePost:
    """A post that a member holds."""

    post: PartyPost = column("post", "The post 职务")
    since: date = column("since", "First day of it 任职日期")
    member: LazyMember | None = to_one(
        tables.Member, joined("member_id", "member_id"), "Who holds it, where in the caller's divisions 党员"
    )


@strawberry.type(description="A Party organisation 党组织")
class Organisation:
    """A Party organisation."""

    id: strawberry.ID = column("organisation_id", "Id of the organisation 党组织编号")
    version: int = column("version", "Counts its changes from 1 版本")
    code: str | None = column("code", "Its code in the books of the organisation department, where known 组织编码")
    name: str = column("name", "Name 名称")
    form: OrganisationForm = column("form", "Branch, joint branch, general branch or committee 形式")
    external: bool = column("external", "Whether it is of a village, a community or another district 是否外部党组织")
    mode: FormationMode | None = column("mode", "How it came to cover its entities; an external one has none 组建方式")
    division_code: str = column("division_code", "Division, 12 digits; 000000000000 while unassigned 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    state: OrganisationState = column("state", "DISSOLVED once it is no more 状态")
    founded_on: date | None = column("founded_on", "Day of its founding, where known 成立日期")
    has_committee: bool | None = column(
        "has_committee", "Whether it has a committee; null where it follows from its full members 是否设支委会"
    )
    groups: int | None = column("groups", "How many groups it has, where known 党小组数")
    industry: Industry | None = column("industry", 'Industry of the "6+2", where known 产业')
    last_elected_on: date | None = column("last_elected_on", "Day of the last election, where known 上次换届日期")
    election_due_on: date | None = column(
        "election_due_on", "Day on which the next is due: 3 years later, of a committee 5 换届到期日期"
    )
    election_put_off_to: date | None = column(
        "election_put_off_to", "Day to which it was put off, a year at the most 延期换届至"
    )
    full_time_workers: int | None = column("full_time_workers", "Full-time Party workers 专职党建工作者人数")
    funds: list[YearFunds] = inner_list(
        "funds", {"year": Integer(), "amount": Numeric()}, _FEW, "Funds by years, where known 党建经费"
    )
    venues: list[Venue] = inner_list("venues", {"kind": Text(), "area": Numeric()}, _FEW, "Venues, where known 阵地")
    demonstration: Demonstration | None = column("demonstration", "What it is held up as 示范级别")
    standardisation_pilot: bool | None = column(
        "standardisation_pilot", "Whether it is a pilot of standardisation, where known 标准化建设试点"
    )
    committee: list[CommitteePost] = inner_list(
        "committee",
        {"member_id": Uuid(), "post": Text(), "since": Date()},
        _FEW,
        "Who holds a post, the secretary first, for who may see members; empty for others 班子成员，仅限授权者",
        of_members=True,
    )
    secretary: LazyMember | None = to_one(
        tables.Member,
        joined("secretary_id", "member_id"),
        "The secretary, for who may see members; null for others 书记，仅限授权者",
    )
    entities_gone: bool = emptied_field(
        "Whether it covers entities and all of them are deregistered, so that its dissolution is to be decided "
        "所覆盖主体是否已全部注销"
    )
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 入账时间")
    division: LazyDivision | None = to_one(
        tables.Division, joined("division_code", "division_code"), "Its division, where known 行政区划"
    )
    superior: LazyOrganisation | None = to_one(
        tables.Organisation, joined("superior_id", "organisation_id"), "The organisation above it 上级党组织"
    )
    association: LazyAssociation | None = to_one(
        tables.Association,
        joined("association_id", "association_id"),
        "The association whose branch it is 所属协会",
    )
    membership: Membership | None = to_one(
        tables.Membership,
        joined("organisation_id", "organisation_id"),
        "How many members it has, once they are counted 党员数",
    )
    rating: LazyRating | None = to_one(
        tables.Rating,
        _rated_now,
        "Its current rating; by several schemes, the one that holds since the latest day 当前堡垒指数",
        newest=("effective_on", "rating_id"),
    )
    entities: Connection[LazyEntity] = entity_list("The entities that it covers 所覆盖主体", covered)
    members: Connection[LazyMember] = member_list(
        "Members whose relation or management is here, for who may see members; empty for others "
        "组织关系或管理在本组织的党员，仅限授权者",
        _belongs,
    )
    quotas: Connection[LazyQuota] = quota_list(
        "Its quota of each year, with what is taken and left 年度发展党员名额及使用",
        joined("organisation_id", "organisation_id"),
    )
    developments: Connection[LazyDevelopment] = development_list(
        "Persons who are and were developed here, for who may see members; empty for others "
        "在本组织培养发展的人员，仅限授权者",
        joined("organisation_id", "organisation_id"),
    )
    posts: Connection[LazyPost] = post_list(
        "Posts of members here, for who may see members; empty for others 本组织党员岗位，仅限授权者",
        joined("organisation_id", "organisation_id"),
    )
    reorganisations: Connection[LazyReorganisation] = reorganisation_list(
        "Reorganisations of it, or into it 本组织的设置调整", _reorganises
    )
    assignments: Connection[LazyAssignment] = assignment_list(
        "Cadres who are and were assigned to it 选派到本组织的干部",
        assigned_to(AssignmentTarget.ORGANISATION, "organisation_id"),
    )
    visits: Connection[LazyVisit] = visit_list(
        "Visits of cadres to it 走访记录", visited(AssignmentTarget.ORGANISATION, "organisation_id")
    )
    suggestions: Connection[LazySuggestion] = suggestion_list(
        "Suggestions in which it is the partner 以本组织为结对对象的推荐",
        joined("organisation_id", "partner_organisation_id"),
    )
    gatherings: Connection[LazyGathering] = gathering_list(
        "What it held, by pages 组织生活", joined("organisation_id", "organisation_id")
    )
    life: list[LazyOwed] = owed_list(
        "What it owes to organisational life on a day: the period under way and the one before it, and its election "
        "组织生活应开展事项"
    )
