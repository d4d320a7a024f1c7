"""Lists by pages (Relay's connections), with keyset cursors: the index finds a page, however deep it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeAlias
from uuid import UUID

from graphql import GraphQLInputObjectType, get_named_type
from sqlalchemy import ColumnElement, Integer, Subquery, Uuid, false, func, or_, select, tuple_
from sqlalchemy.types import TypeEngine

from gateway.graphql.bindings import Bindings, Reading
from gateway.graphql.compilation import Field
from gateway.graphql.cursors import Place, cursor, place
from gateway.graphql.errors import Code, QueryError
from gateway.graphql.inputs import Input, clean
from gateway.graphql.json_sql import ONE
from gateway.graphql.limits import COUNT_COST, DEFAULT_PAGE, MAX_LIST
from gateway.graphql.orders import Order
from gateway.graphql.predicates import predicates
from gateway.graphql.rows import Join, Page, Row
from gateway.graphql.sources import Argument, declared
from gateway.tables import ReadModelTable

_SORT_KEY: Final = "sort_key"
_POSITION: Final = "position"
_FETCHED: Final = "fetched"


Only: TypeAlias = Callable[[Field, Input, Row], ColumnElement[bool]]
"""Holds for the rows that a list is about, by the arguments of its field."""


@dataclass(frozen=True, slots=True)
class _Connection:
    table: type[ReadModelTable]
    row_id: str
    orders: Mapping[Enum, Order]
    on: Join | None
    only: Only | None

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        listing = _Listing(self, field, row)
        ranked = listing.ranked()
        item = Row(ranked.c, listing.page(ranked))
        return select(field.object(item)).correlate_except(ranked).scalar_subquery()


def connection(
    table: type[ReadModelTable],
    *,
    row_id: str,
    orders: Mapping[Any, Order],
    default: Enum,
    filter_type: type,
    description: str,
    on: Join | None = None,
    only: Only | None = None,
    more: Sequence[Argument] = (),
) -> Any:
    """Declare a list of rows by pages.

    Args:
        table: The rows' table.
        row_id: Its primary key, a uuid or a text without a colon.
        orders: An order for each word of the sort enum.
        default: The word of the sort enum that holds where none is given.
        filter_type: The Strawberry input whose fields are declared by `filtered_by`.
        description: In English, with the Chinese term.
        on: Joins a row of the parent (first) with rows of the table (second); None lists the whole table.
        only: Leaves out rows, by the arguments.
        more: Further arguments, for `only`.
    """
    arguments = (
        *more,
        Argument(
            "first",
            int | None,
            f"Size of the page from the front; {DEFAULT_PAGE} by default, at most {MAX_LIST} 每页条数",
        ),
        Argument("after", str | None, "Only what follows this cursor 起始游标（不含）"),
        Argument("last", int | None, "Size of the page from the back 从末尾取的条数"),
        Argument("before", str | None, "Only what precedes this cursor 截止游标（不含）"),
        Argument("filter", filter_type | None, "What to list 筛选条件"),
        Argument("sort", type(default), "The order; always total, unknown values last 排序", default),
    )
    return declared(_Connection(table, row_id, orders, on, only), description, arguments=arguments)


class _Listing:
    """One connection of a query: which rows, in which direction, from where."""

    def __init__(self, source: _Connection, field: Field, parent: Row) -> None:
        self._source = source
        self._field = field
        self._parent = parent
        self._arguments = field.arguments()
        self._after = self._arguments.get("after")
        self._before = self._arguments.get("before")
        sort = self._arguments.word("sort", type(next(iter(source.orders))))
        self._order = source.orders[sort]
        self._id_type: TypeEngine[Any] = source.table.__table__.c[source.row_id].type  # type: ignore[attr-defined] # SQLModel sets it
        self._read_id: Callable[[str], object] = UUID if isinstance(self._id_type, Uuid) else clean
        self._order_name = f"{source.table.__tablename__}.{sort.name}"
        first, last = self._arguments.get("first"), self._arguments.get("last")
        if first is not None and last is not None:
            raise QueryError(Code.INPUT, "Give first or last, not both.", "first 与 last 只能给出一个。")
        self._backward = last is not None
        self._size = _page_size(first or last)
        self._limit = field.compilation.bind(Integer(), self._size)

    def ranked(self) -> Subquery:
        """Return the rows of the page and one more, each with its position, counted from where the page begins."""
        compilation = self._field.compilation
        rows = compilation.relation(self._source.table)
        key, row_id = self._order.key(Row(rows.c)), rows.c[self._source.row_id]
        conditions = self._conditions(Row(rows.c))
        if self._after is not None:
            conditions.append(self._beyond(self._after, key, row_id, forward=True))
        if self._before is not None:
            conditions.append(self._beyond(self._before, key, row_id, forward=False))
        window = (
            select(rows, key.label(_SORT_KEY))
            .where(*conditions)
            .order_by(*self._directed(key, row_id, backward=self._backward))
            .limit(self._limit + ONE)
            .correlate_except(rows)
            .subquery(compilation.name())
        )
        order = self._directed(window.c[_SORT_KEY], window.c[self._source.row_id], backward=self._backward)
        return select(
            window,
            func.row_number().over(order_by=order).label(_POSITION),
            func.count().over().label(_FETCHED),
        ).subquery(compilation.name())

    def page(self, ranked: Subquery) -> Page:
        """Return the SQL of the page of these rows."""
        key, row_id = ranked.c[_SORT_KEY], ranked.c[self._source.row_id]
        position = ranked.c[_POSITION]
        more = func.count(position) > self._limit

        def cursor_of_row() -> ColumnElement[str]:
            return cursor(self._order_name, key, row_id)

        def nearest() -> ColumnElement[str]:
            return func.max(cursor_of_row()).filter(position == func.least(self._limit, ONE))

        def farthest() -> ColumnElement[str]:
            return func.max(cursor_of_row()).filter(position == func.least(self._limit, ranked.c[_FETCHED]))

        def has_next() -> ColumnElement[bool]:
            found = false() if self._backward else more
            return found if self._before is None else or_(found, self._reaches(self._before, forward=True))

        def has_previous() -> ColumnElement[bool]:
            found = more if self._backward else false()
            return found if self._after is None else or_(found, self._reaches(self._after, forward=False))

        return Page(
            size=self._size,
            listed=position <= self._limit,
            order=self._directed(key, row_id, backward=False),
            cursor=cursor_of_row,
            start=farthest if self._backward else nearest,
            end=nearest if self._backward else farthest,
            has_next=has_next,
            has_previous=has_previous,
            total=self._total,
        )

    def _conditions(self, row: Row) -> list[ColumnElement[bool]]:
        filter_type = get_named_type(self._field.definition.args["filter"].type)
        if not isinstance(filter_type, GraphQLInputObjectType):
            raise TypeError(f"{filter_type} is no input type")
        conditions = [
            *predicates(filter_type, self._arguments.get("filter"), row),
            *self._field.compilation.visible(self._source.table, row),
        ]
        if self._source.on is not None:
            conditions.append(self._source.on(self._parent, row))
        if self._source.only is not None:
            conditions.append(self._source.only(self._field, self._arguments, row))
        return conditions

    def _total(self) -> ColumnElement[int]:
        rows = self._field.compilation.relation(self._source.table)
        self._field.costs(lambda _: COUNT_COST)
        counted = select(func.count()).select_from(rows).where(*self._conditions(Row(rows.c)))
        return counted.correlate_except(rows).scalar_subquery()

    def _reaches(self, edge: Input, *, forward: bool) -> ColumnElement[bool]:
        """Whether the list has the row of a cursor, or one beyond it: after it if forward, else before it.

        It asks for the nearest such row and not by EXISTS, for which PostgreSQL drops the order: it then reads the
        table until a row happens to fit.
        """
        rows = self._field.compilation.relation(self._source.table)
        key, row_id = self._order.key(Row(rows.c)), rows.c[self._source.row_id]
        beyond = self._beyond(edge, key, row_id, forward=forward, inclusive=True)
        nearest = (
            select(ONE)
            .select_from(rows)
            .where(beyond, *self._conditions(Row(rows.c)))
            .order_by(*self._directed(key, row_id, backward=not forward))
            .limit(ONE)
        )
        return nearest.correlate_except(rows).scalar_subquery().is_not(None)

    def _beyond(
        self,
        edge: Input,
        key: ColumnElement[Any],
        row_id: ColumnElement[Any],
        *,
        forward: bool,
        inclusive: bool = False,
    ) -> ColumnElement[bool]:
        def at(bindings: Bindings) -> Place:
            return place(self._order_name, edge.read(bindings), self._order.read, self._read_id)

        bind = self._field.compilation.bind
        edge_place = tuple_(
            bind(self._order.type, lambda bindings: at(bindings).key),
            bind(self._id_type, lambda bindings: at(bindings).row_id),
        )
        here = tuple_(key, row_id)
        if forward != self._order.descending:
            return here >= edge_place if inclusive else here > edge_place
        return here <= edge_place if inclusive else here < edge_place

    def _directed(
        self, key: ColumnElement[Any], row_id: ColumnElement[Any], *, backward: bool
    ) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        if self._order.descending != backward:
            return key.desc(), row_id.desc()
        return key.asc(), row_id.asc()


def _page_size(given: Input | None) -> Reading:
    if given is None:
        return lambda _: DEFAULT_PAGE

    def size(bindings: Bindings) -> int:
        value = given.read(bindings)
        if not isinstance(value, int) or not 0 <= value <= MAX_LIST:
            raise QueryError(
                Code.INPUT,
                f"A page has 0 to {MAX_LIST} rows, not {value}.",
                f"每页条数应在 0 到 {MAX_LIST} 之间，收到 {value}。",
            )
        return value

    return size
