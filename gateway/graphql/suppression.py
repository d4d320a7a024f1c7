"""Counts of members under three 少于三人的计数: shown only to who may see members (domain.md, "What is personal").

A household's only member is its owner, so one or two are never told to others; none is told, and three and more are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, case, literal_column, null, or_

from contracts.vocabulary.members import FEWEST_SHOWN
from gateway.graphql.compilation import Compilation, Field
from gateway.graphql.json_sql import ONE
from gateway.graphql.rows import Expression, Row
from gateway.graphql.sources import declared

SUPPRESSED: Final = (
    "null where it is one or two and you may not see members; none stays 0 无权查看党员信息者，1至2人时不显示"
)
"""What a description says of such a count."""

_MOST_HIDDEN: Final[ColumnElement[int]] = literal_column(str(FEWEST_SHOWN - 1), Integer)


def told(compilation: Compilation, count: ColumnElement[Any], *rest: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a count, or null where the caller may not see it.

    Args:
        compilation: The statement in the making; it knows the caller.
        count: The count.
        rest: Counts that can be told from it and others that are shown, by subtraction; few of one hide it too.
    """
    if compilation.sees_members:
        return count
    return case((or_(*(few.between(ONE, _MOST_HIDDEN) for few in (count, *rest))), null()), else_=count)


@dataclass(frozen=True, slots=True)
class _Members:
    count: Expression
    rest: Sequence[Expression]

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        return told(field.compilation, self.count(row), *(one(row) for one in self.rest))


def member_count(count: Expression, description: str, *, rest: Sequence[Expression] = ()) -> Any:
    """Declare a count of members, null for who may not see members where it, or what can be told by it, is few.

    Args:
        count: The count, of the columns of its type's row.
        description: In English, with the Chinese term; that it may be null is added.
        rest: As for `told`.
    """
    return declared(_Members(count, rest), f"{description}; {SUPPRESSED}")
