"""What the caller may do next with a process: read from its machine, which its owner goes by too."""

from dataclasses import dataclass
from typing import Any

import orjson
import strawberry
from sqlalchemy import Boolean, ColumnElement, Integer, Text, and_, cast, column, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from contracts.processes.machine import Machine
from gateway.graphql.bindings import Bindings
from gateway.graphql.compilation import Field
from gateway.graphql.json_sql import json_list, word_literal
from gateway.graphql.rows import Row
from gateway.graphql.sources import column as declared_column
from gateway.graphql.sources import declared

_POSITION = "position_in_list"
_COSTS = 3
"""Steps that lead from a state, about."""


@strawberry.type(description="A step that the caller may take now 可办理的步骤")
class AllowedAction:
    """A step that the caller may take now."""

    action: str = declared_column("action", "What is done 步骤")
    label_zh: str = declared_column("label_zh", "The same in Chinese 步骤名称")
    needs_note: bool = declared_column("needs_note", "Whether a reason must be given 是否须填写理由")


@dataclass(frozen=True, slots=True)
class _Allowed:
    machine: Machine[Any, Any]

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        compilation = field.compilation
        steps = (
            func.jsonb_array_elements(compilation.bind(JSONB(), self._of_role))
            .table_valued(column("step", JSONB()), with_ordinality=_POSITION)
            .render_derived(name=compilation.name())
        )
        step = steps.c.step
        items = (
            select(
                step.op("->>")("action").label("action"),
                step.op("->>")("labelZh").label("label_zh"),
                cast(step.op("->>")("needsNote"), Boolean).label("needs_note"),
                cast(steps.c[_POSITION], Integer).label(_POSITION),
            )
            .select_from(steps)
            .where(step.op("->>")("state") == cast(row["state"], Text), self._on_a_side(field, row, step))
            .correlate_except(steps)
            .subquery(compilation.name())
        )
        field.costs(lambda _: _COSTS)
        item = field.object(Row(items.c), within=lambda _: _COSTS)
        listed = json_list(item, order_by=[items.c[_POSITION]])
        return select(listed).select_from(items).correlate_except(items).scalar_subquery()

    def _of_role(self, bindings: Bindings) -> str:
        role = bindings.scope.role
        return orjson.dumps(
            [
                {
                    "state": state.value,
                    "action": step.action.value,
                    "labelZh": step.action.zh,
                    "needsNote": step.needs_note,
                    "side": step.side,
                }
                for state in self.machine.states
                for step in self.machine.steps_from(state)
                if role in step.who
            ]
        ).decode()

    def _on_a_side(self, field: Field, row: Row, step: ColumnElement[Any]) -> ColumnElement[bool]:
        sides = sorted({one.side for one in self.machine.steps if one.who})
        return or_(
            *(
                and_(step.op("->>")("side") == word_literal(side), field.compilation.within_scope(row[side]))
                for side in sides
            )
        )


def allowed_actions(machine: Machine[Any, Any]) -> Any:
    """Declare what the caller may do next with a process of a machine; empty for who may do nothing."""
    return declared(_Allowed(machine), "What the caller may do next 当前可办理的步骤")
