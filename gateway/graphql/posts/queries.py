"""What can be asked of posts and honours."""

import strawberry

from gateway import tables
from gateway.graphql.pages import Connection
from gateway.graphql.posts.filters import honour_list, post_list
from gateway.graphql.posts.types import Honour, Post
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class PostQueries:
    """What can be asked of posts and honours."""

    post: Post | None = by_key(
        tables.Post,
        [id_key("post_id", Argument("id", strawberry.ID, "Id of the post 岗位编号"))],
        newest="recorded_at",
        description="One post by id, for who may see members; null for others 按编号查询岗位，仅限授权者",
    )
    posts: Connection[Post] = post_list(
        "Posts by pages, for who may see members; empty for others 分页查询党员岗位，仅限授权者"
    )
    honour: Honour | None = by_key(
        tables.Honour,
        [id_key("honour_id", Argument("id", strawberry.ID, "Id of the honour 荣誉编号"))],
        newest="recorded_at",
        description="One honour by id, for who may see members; null for others 按编号查询荣誉，仅限授权者",
    )
    honours: Connection[Honour] = honour_list(
        "Honours by pages, for who may see members; empty for others 分页查询党员荣誉，仅限授权者"
    )
