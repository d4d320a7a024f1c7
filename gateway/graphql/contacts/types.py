"""Contacts of entities, declared on their table. Its every row is hidden from who may not see members."""

from datetime import date, datetime

import strawberry

from contracts.vocabulary import Bureau, ContactRole, ContactState, PartyMembership
from gateway import tables
from gateway.graphql.references import LazyEntity
from gateway.graphql.rows import joined
from gateway.graphql.sources import column, to_one


@strawberry.type(description="A contact of an entity, for who may see members 市场主体联系人（限授权者查看）")
class Contact:
    """A contact of an entity."""

    id: strawberry.ID = column("contact_id", "Id of the contact 联系人编号")
    version: int = column("version", "Counts the contact's changes from 1 版本")
    masked_name: str = column("masked_name", "The first character of the name and stars 姓名（脱敏）")
    role: ContactRole = column("role", "Investor or person in charge 身份")
    party_member: PartyMembership = column("party_member", "Whether they are a Party member 是否党员")
    since: date | None = column("since", "First day, where known 起始日期")
    until: date | None = column("until", "Last day, once it ended 结束日期")
    state: ContactState = column("state", "ENDED once they are it no more 状态")
    division_code: str = column("division_code", "Division of the entity 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line of the entity 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which the ledgers recorded it, UTC 入账时间")
    entity: LazyEntity | None = to_one(
        tables.Entity, joined("entity_id", "entity_id"), "The entity, where already heard of 市场主体"
    )
