"""Positions in the log of changes, as the graph shows them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError
from sqlalchemy import ColumnElement, select
from strawberry.types.scalar import ScalarDefinition

from gateway.changes.log import CHANGE_LOG
from gateway.graphql.compilation import Field
from gateway.graphql.json_sql import as_text
from gateway.graphql.rows import Row
from gateway.graphql.sources import declared

Position = NewType("Position", int)
"""A place in the log of changes."""

_DIGITS: Final = re.compile(r"[0-9]{1,18}")


def _read_position(value: object) -> Position:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and _DIGITS.fullmatch(text):
        return Position(int(text))
    raise GraphQLError(f"{value!r:.60} is no position: give back one that you were told.")


POSITION_SCALAR: Final[Mapping[object, ScalarDefinition]] = {
    Position: strawberry.scalar(
        name="Position",
        description="A place in the order of changes, as text; each change has a greater one than those before it. "
        "Give it back as `after` 变更位置",
        serialize=str,
        parse_value=_read_position,
    ),
}
"""The scalar of positions."""


@dataclass(frozen=True, slots=True)
class _Newest:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del field, row
        return as_text(select(CHANGE_LOG.c.last).scalar_subquery())


@strawberry.type
class ChangeQueries:
    """What can be asked of the log of changes."""

    change_position: Position = declared(
        _Newest(),
        "Position of the newest change: what else the same query reads has all changes up to it, so subscribe after it "
        "最新变更位置",
    )
