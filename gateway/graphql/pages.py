"""The GraphQL types of a list by pages, for any type of item."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry
from sqlalchemy import ColumnElement

from gateway.graphql.compilation import Field
from gateway.graphql.json_sql import json_list
from gateway.graphql.rows import Row
from gateway.graphql.sources import computed, declared, part

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class _Items:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        page = row.page
        field.costs(page.size)
        return json_list(field.object(row, within=page.size), where=page.listed, order_by=page.order)


@strawberry.type(description="Where a page stands in its list 分页信息")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = computed(lambda row: row.page.has_next(), "Whether rows follow this page 是否有下一页")
    has_previous_page: bool = computed(
        lambda row: row.page.has_previous(), "Whether rows precede this page 是否有上一页"
    )
    start_cursor: str | None = computed(lambda row: row.page.start(), "Cursor of the first row 首条游标")
    end_cursor: str | None = computed(lambda row: row.page.end(), "Cursor of the last row 末条游标")


@strawberry.type(description="A row of a page with its cursor 带游标的条目")
class Edge(Generic[Node]):
    """A row of a page with its cursor."""

    cursor: str = computed(lambda row: row.page.cursor(), "Opaque; holds for this order only 游标，仅适用于同一排序")
    node: Node = part("The row 条目")


@strawberry.type(description="A page of a list 分页列表")
class Connection(Generic[Node]):
    """A page of a list."""

    edges: list[Edge[Node]] = declared(_Items(), "The rows with their cursors 带游标的条目")
    nodes: list[Node] = declared(_Items(), "The rows 条目")
    page_info: PageInfo = part("Where the page stands in the list 分页信息")
    total_count: int = computed(lambda row: row.page.total(), "Rows in the whole list, whatever the page 总数")
