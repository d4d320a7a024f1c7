"""Members, declared on the table they come from. Its every row is hidden from who may not see members."""

from datetime import date, datetime

import strawberry

from contracts.vocabulary import Bureau, LeavingReason, MemberStanding, MemberState
from gateway import tables
from gateway.graphql.developments.filters import development_list
from gateway.graphql.floatings.filters import floating_list
from gateway.graphql.members.ages import age_on
from gateway.graphql.pages import Connection
from gateway.graphql.posts.filters import honour_list, post_list
from gateway.graphql.references import (
    LazyDevelopment,
    LazyEntity,
    LazyFloating,
    LazyHonour,
    LazyMember,
    LazyOrganisation,
    LazyPost,
    LazyTransfer,
)
from gateway.graphql.rows import joined
from gateway.graphql.sources import column, to_one
from gateway.graphql.transfers.filters import transfer_list


@strawberry.type(description="A member, for who may see members 党员（限授权者查看）")
class Member:
    """A member, with three dated facts that may point to three places."""

    id: strawberry.ID = column("member_id", "Id of the member 党员编号")
    version: int = column("version", "Counts the member's changes from 1 版本")
    masked_name: str = column("masked_name", "The first character of the name and stars 姓名（脱敏）")
    born_in: str | None = column("born_in", "Year and month of birth, YYYY-MM, never finer 出生年月")
    age: int | None = age_on(lambda row: row["born_in"], "Age on a day, counted by months 年龄")
    standing: MemberStanding = column("standing", "Full or probationary 类别")
    state: MemberState = column("state", "LEFT once they count here no more 状态")
    leaving_reason: LeavingReason | None = column("leaving_reason", "Why they count here no more 出册原因")
    division_code: str = column("division_code", "Division of the workplace, else of the organisation 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line of the same 条线")
    workplace_since: date | None = column("workplace_since", "First day at the workplace 从业起始日期")
    relation_since: date | None = column("relation_since", "First day of the relation 组织关系起始日期")
    management_since: date | None = column("management_since", "First day of the management 管理起始日期")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 入账时间")
    workplace: LazyEntity | None = to_one(
        tables.Entity, joined("workplace_entity_id", "entity_id"), "The entity where they work 从业主体"
    )
    relation: LazyOrganisation | None = to_one(
        tables.Organisation,
        joined("relation_organisation_id", "organisation_id"),
        "The organisation that holds their relation 组织关系所在党组织",
    )
    management: LazyOrganisation | None = to_one(
        tables.Organisation,
        joined("management_organisation_id", "organisation_id"),
        "The organisation that manages them 管理党组织",
    )
    merged_into: LazyMember | None = to_one(
        tables.Member,
        joined("merged_into", "member_id"),
        "The member who is the same person and goes on; this one has LEFT 并入的党员",
    )
    transfers: Connection[LazyTransfer] = transfer_list(
        "Transfers of the relation, by pages 组织关系转接", joined("member_id", "member_id")
    )
    floatings: Connection[LazyFloating] = floating_list(
        "When they were out, by pages 外出（流动）情况", joined("member_id", "member_id")
    )
    developments: Connection[LazyDevelopment] = development_list(
        "How they became a member, where it was recorded here 发展过程", joined("member_id", "person_id")
    )
    posts: Connection[LazyPost] = post_list("Posts they hold and held 岗位", joined("member_id", "member_id"))
    honours: Connection[LazyHonour] = honour_list("Honours of theirs 荣誉", joined("member_id", "member_id"))
