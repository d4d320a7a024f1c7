"""Posts and honours, declared on the tables they come from. Hidden from who may not see members."""

from datetime import date, datetime

import strawberry

from contracts.vocabulary import Bureau, HonourKind, HonourLevel, HonourState, PostKind, PostState
from gateway import tables
from gateway.graphql.references import LazyEntity, LazyMember, LazyOrganisation
from gateway.graphql.rows import joined
from gateway.graphql.sources import column, to_one


@strawberry.type(description="A post of a member, for who may see members 党员岗位（限授权者）")
class Post:
    """A post that a member holds or held, at an organisation or an entity."""

    id: strawberry.ID = column("post_id", "Id of the post 岗位编号")
    version: int = column("version", "Counts its changes from 1 版本")
    kind: PostKind = column("kind", "What they are charged with 类别")
    state: PostState = column("state", "Whether it is held 状态")
    since: date = column("since", "First day 起始日期")
    until: date | None = column("until", "Last day; null while it is held 截止日期")
    division_code: str = column("division_code", "Division of the place 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 记录时间")
    member: LazyMember | None = to_one(
        tables.Member, joined("member_id", "member_id"), "The member, where in the caller's divisions 党员"
    )
    organisation: LazyOrganisation | None = to_one(
        tables.Organisation, joined("organisation_id", "organisation_id"), "The organisation where it is 所在党组织"
    )
    entity: LazyEntity | None = to_one(
        tables.Entity, joined("entity_id", "entity_id"), "The entity where it is 所在市场主体"
    )


@strawberry.type(description="An honour of a member, for who may see members 党员荣誉（限授权者）")
class Honour:
    """An honour of a member."""

    id: strawberry.ID = column("honour_id", "Id of the honour 荣誉编号")
    version: int = column("version", "Counts its changes from 1 版本")
    kind: HonourKind = column("kind", "What they were honoured as 类别")
    level: HonourLevel = column("level", "Level of who gave it 级别")
    year: int = column("year", "For which year 年度")
    awarded_by: str = column("awarded_by", "The unit that gave it 授予单位")
    state: HonourState = column("state", "Whether it stands 状态")
    division_code: str = column("division_code", "Division of the member then 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 记录时间")
    member: LazyMember | None = to_one(
        tables.Member, joined("member_id", "member_id"), "The member, where in the caller's divisions 党员"
    )
