"""The twenty-five steps of development 二十五步, each with the day on which it was done, where it was."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson
import strawberry
from sqlalchemy import ColumnElement, Date, Integer, Text, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB

from contracts.processes.development_steps import STEPS
from contracts.vocabulary import DevelopmentAction, DevelopmentStage
from gateway.graphql.compilation import Field
from gateway.graphql.json_sql import json_list
from gateway.graphql.rows import Row
from gateway.graphql.sources import column as declared_column
from gateway.graphql.sources import declared

_REGULATION: Final = orjson.dumps(
    [
        {
            "number": step.number,
            "stage": step.stage.value,
            "action": step.action.value,
            "text": step.text,
            "text_zh": step.text_zh,
            "evidence": step.evidence,
            "evidence_zh": step.evidence_zh,
        }
        for step in STEPS
    ]
).decode()
_TEXTS: Final = ("stage", "action", "text", "text_zh", "evidence", "evidence_zh")


@strawberry.type(description="One of the 25 steps of the regulation of 2014, of a person 发展党员二十五步之一")
class DevelopmentStep:
    """One of the twenty-five steps, of a person."""

    number: int = declared_column("number", "Number, from 1 序号")
    stage: DevelopmentStage = declared_column("stage", "Stage to which it belongs 所属阶段")
    action: DevelopmentAction = declared_column(
        "action", "What can't be done before all of its steps are done 对应办理事项"
    )
    text: str = declared_column("text", "What is done, in English 内容（英文）")
    text_zh: str = declared_column("text_zh", "The same in Chinese 内容")
    evidence: str = declared_column("evidence", "What proves it, in English 佐证材料（英文）")
    evidence_zh: str = declared_column("evidence_zh", "The same in Chinese 佐证材料")
    done_on: date | None = declared_column("done_on", "Day on which it was done; null where it is missing 完成日期")


@dataclass(frozen=True, slots=True)
class _Steps:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        compilation = field.compilation
        regulated = (
            func.jsonb_array_elements(compilation.bind(JSONB(), lambda _: _REGULATION))
            .table_valued(column("step", JSONB()))
            .render_derived(name=compilation.name())
        )
        done = (
            func.jsonb_array_elements(row["done_steps"])
            .table_valued(column("done", JSONB()))
            .render_derived(name=compilation.name())
        )
        number = cast(regulated.c.step.op("->>")("number"), Integer)
        done_on = (
            select(cast(done.c.done.op("->>")("done_on"), Date))
            .select_from(done)
            .where(cast(done.c.done.op("->>")("number"), Integer) == number)
            .correlate_except(done)
            .scalar_subquery()
        )
        items = (
            select(
                number.label("number"),
                *(cast(regulated.c.step.op("->>")(name), Text).label(name) for name in _TEXTS),
                done_on.label("done_on"),
            )
            .select_from(regulated)
            .correlate_except(regulated)
            .subquery(compilation.name())
        )
        field.costs(lambda _: len(STEPS))
        item = field.object(Row(items.c), within=lambda _: len(STEPS))
        listed = json_list(item, order_by=[items.c.number])
        return select(listed).select_from(items).correlate_except(items).scalar_subquery()


def regulated_steps() -> Any:
    """Declare the twenty-five steps of a development, in order."""
    return declared(_Steps(), "The 25 steps of the regulation, in order, done or missing 二十五步办理情况")
