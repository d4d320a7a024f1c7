"""A row of a statement in the making, and the page it stands on where it is an item of a list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from sqlalchemy import ColumnElement, table

from gateway.graphql.bindings import Reading


@dataclass(frozen=True, slots=True)
class Page:
    """The SQL of one page of a list; what is not asked for is not made.

    Attributes:
        size: How many rows the page may have.
        listed: Holds for the rows of the page, and not for the one that was read to see whether there is more.
        order: The order of the page.
        cursor: A row's cursor.
        start: Cursor of the first row, over all rows.
        end: Cursor of the last row, over all rows.
        has_next: Whether rows follow the page.
        has_previous: Whether rows precede the page.
        total: How many rows there are without cursors.
    """

    size: Reading
    listed: ColumnElement[bool]
    order: Sequence[ColumnElement[Any]]
    cursor: Callable[[], ColumnElement[str]]
    start: Callable[[], ColumnElement[str]]
    end: Callable[[], ColumnElement[str]]
    has_next: Callable[[], ColumnElement[bool]]
    has_previous: Callable[[], ColumnElement[bool]]
    total: Callable[[], ColumnElement[int]]


class Columns(Protocol):
    """The columns of a relation, or of a part of one, by name."""

    def __getitem__(self, name: str, /) -> Any:
        """Return a column; typed as Any, as SQLAlchemy's own collections are."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """The columns of one row, by name."""

    columns: Columns
    of_page: Page | None = None

    def __getitem__(self, name: str) -> ColumnElement[Any]:
        column: ColumnElement[Any] = self.columns[name]
        return column

    @property
    def page(self) -> Page:
        """The page it stands on.

        Raises:
            TypeError: it stands on none, so a field of a page was declared on a type that is no part of a list.
        """
        if self.of_page is None:
            raise TypeError("a field of a page was declared outside of one")
        return self.of_page


Join: TypeAlias = Callable[[Row, Row], ColumnElement[bool]]
"""Joins a row (first) with rows of another table (second)."""


def joined(column: str, other_column: str) -> Join:
    """Join where a column of the row equals one of the other row; what is null joins nothing."""
    return lambda row, other: other[other_column] == row[column]


same_entity: Final[Join] = joined("entity_id", "entity_id")
"""Join two rows about the same entity."""

ROOT: Final = Row(table("nothing").c)
"""What the fields of the query type are selected from: nothing."""

Expression: TypeAlias = Callable[[Row], ColumnElement[Any]]
"""Makes an expression of the columns of a row."""
