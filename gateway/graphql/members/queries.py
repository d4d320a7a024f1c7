"""What can be asked of members."""

import strawberry

from gateway import tables
from gateway.graphql.members.filters import member_list
from gateway.graphql.members.types import Member
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class MemberQueries:
    """What can be asked of members."""

    member: Member | None = by_key(
        tables.Member,
        [id_key("member_id", Argument("id", strawberry.ID, "Id of the member 党员编号"))],
        newest="recorded_at",
        description="One member by id, for who may see members; null for others 按编号查询一名党员，仅限授权者",
    )
    members: Connection[Member] = member_list(
        "Members by pages, for who may see members; empty for others 分页查询党员，仅限授权者"
    )
