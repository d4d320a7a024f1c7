"""What can be asked of schemes and ratings."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import strawberry
from sqlalchemy import ColumnElement, Date, literal_column, select

from gateway import tables
from gateway.graphql.assessment.filters import rating_list, scheme_list, valid_on
from gateway.graphql.assessment.types import Rating, Scheme
from gateway.graphql.compilation import Field
from gateway.graphql.json_sql import ONE
from gateway.graphql.pages import Connection
from gateway.graphql.predicates import day
from gateway.graphql.rows import Row
from gateway.graphql.sources import Argument, declared

_TODAY: Final[ColumnElement[date]] = literal_column("(now() AT TIME ZONE 'Asia/Shanghai')::date", Date)


@dataclass(frozen=True, slots=True)
class _ValidScheme:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del row
        on = field.arguments().get("on")
        schemes = field.compilation.relation(tables.Scheme)
        scheme = Row(schemes.c)
        return (
            select(field.object(scheme))
            .select_from(schemes)
            .where(
                valid_on(scheme, _TODAY if on is None else day(on)), *field.compilation.visible(tables.Scheme, scheme)
            )
            .order_by(scheme["valid_from"].desc(), scheme["scheme_id"].desc())
            .limit(ONE)
            .correlate_except(schemes)
            .scalar_subquery()
        )


@strawberry.type
class AssessmentQueries:
    """What can be asked of schemes and ratings."""

    scheme: Scheme | None = declared(
        _ValidScheme(),
        "The scheme that is valid on a day; of several, the one that began last 有效的评分办法",
        arguments=(Argument("on", date | None, "The day; today in Asia/Shanghai where not given 日期，默认今日"),),
    )
    schemes: Connection[Scheme] = scheme_list("Schemes by pages 分页查询评分办法")
    ratings: Connection[Rating] = rating_list("Ratings by pages 分页查询堡垒指数评定")
