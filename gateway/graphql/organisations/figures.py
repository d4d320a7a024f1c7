"""Figures of organisations by groups: how many, of what age their secretaries are, and which industries have none."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import Alias, ColumnElement, Integer, and_, exists, func, literal_column, not_, select, values
from sqlalchemy import column as sql_column
from sqlalchemy.types import Text

from contracts.vocabulary import Bureau, Industry, OrganisationForm, OrganisationState
from gateway import tables
from gateway.graphql.compilation import Compilation, Field
from gateway.graphql.counts import Dimension, Measured, counts
from gateway.graphql.division_levels import LEVEL_ARGUMENT, division_at_level
from gateway.graphql.inputs import Input
from gateway.graphql.json_sql import json_list, word_literal
from gateway.graphql.limits import COUNT_COST
from gateway.graphql.members.ages import AS_OF, age, as_of
from gateway.graphql.organisations.filters import OrganisationFilter
from gateway.graphql.rows import Row
from gateway.graphql.sources import column, declared

OLD, OLDER = 55, 60
"""Ages of a secretary from which on succession is a risk, as the district looks at it."""


@strawberry.enum(description="What organisations can be counted by 统计维度")
class OrganisationDimension(Enum):
    """What organisations can be counted by."""

    FORM = strawberry.enum_value("FORM", description="形式")
    INDUSTRY = strawberry.enum_value("INDUSTRY", description="产业")
    DIVISION = strawberry.enum_value("DIVISION", description="行政区划")
    BUREAU = strawberry.enum_value("BUREAU", description="条线")


_DIMENSIONS: Final[Mapping[OrganisationDimension, Dimension]] = {
    OrganisationDimension.FORM: Dimension("form", lambda row, _: row["form"]),
    OrganisationDimension.INDUSTRY: Dimension("industry", lambda row, _: row["industry"]),
    OrganisationDimension.DIVISION: Dimension("division_code", division_at_level),
    OrganisationDimension.BUREAU: Dimension("bureau", lambda row, _: row["bureau"]),
}


def _measure(compilation: Compilation, rows: Alias, arguments: Input) -> Measured:
    """Count our own active organisations, and their secretaries by age as far as the caller sees members."""
    members = compilation.relation(tables.Member)
    organisation, secretary = Row(rows.c), Row(members.c)
    years = age(secretary["born_in"], as_of(arguments))
    joined = and_(
        secretary["member_id"] == organisation["secretary_id"], *compilation.visible(tables.Member, secretary)
    )
    return Measured(
        rows.outerjoin(members, joined),
        {
            "count": func.count(),
            "secretaries": func.count(organisation["secretary_id"]),
            "ages_known": func.count(years),
            "old": func.count().filter(years >= _number(OLD)),
            "older": func.count().filter(years >= _number(OLDER)),
        },
        (organisation["state"] == word_literal(OrganisationState.ACTIVE), not_(organisation["external"])),
    )


def _number(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)


@dataclass(frozen=True, slots=True)
class _OfMembers:
    """A figure about members, null for who may not see them."""

    name: str

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        return row[self.name] if field.compilation.sees_members else literal_column("null", Integer)


def _of_members(name: str, description: str) -> Any:
    return declared(_OfMembers(name), f"{description}; null for who may not see members 仅限授权者")


@strawberry.type(description="Figures of our own active organisations of one group 党组织统计")
class OrganisationCount:
    """Figures of our own active organisations of one group; what was not grouped by is null."""

    form: OrganisationForm | None = column("form", "Form, where grouped by it 形式")
    industry: Industry | None = column("industry", "Industry, where grouped by it and known 产业")
    division_code: str | None = column("division_code", "Division, 12 digits, where grouped by it 行政区划代码")
    bureau: Bureau | None = column("bureau", "Bureau line, where grouped by it 条线")
    count: int = column("count", "Organisations 党组织数")
    secretaries: int = column("secretaries", "Those whose secretary is known 已登记书记数")
    ages_known: int | None = _of_members("ages_known", "Secretaries whose month of birth is known 已知年龄书记数")
    aged_55_and_over: int | None = _of_members("old", f"Secretaries of {OLD} and over 55岁及以上书记数")
    aged_60_and_over: int | None = _of_members("older", f"Secretaries of {OLDER} and over 60岁及以上书记数")


def organisation_counts(description: str) -> Any:
    """Declare the figures, over our own active organisations."""
    return counts(
        tables.Organisation,
        dimensions=_DIMENSIONS,
        filter_type=OrganisationFilter,
        more=(LEVEL_ARGUMENT, AS_OF),
        description=description,
        measure=_measure,
    )


@dataclass(frozen=True, slots=True)
class _Unorganised:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        del row
        field.costs(lambda _: COUNT_COST)
        compilation = field.compilation
        named = [one for one in Industry if one is not Industry.OTHER]
        words = (
            values(
                sql_column("place", Integer), sql_column("industry", Text), name=compilation.name(), literal_binds=True
            )
            .data([(place, one.value) for place, one in enumerate(named)])
            .alias(compilation.name())
        )
        organisations = compilation.relation(tables.Organisation)
        there = Row(organisations.c)
        found = exists(
            select(literal_column("1"))
            .select_from(organisations)
            .where(
                there["industry"] == words.c.industry,
                there["state"] == word_literal(OrganisationState.ACTIVE),
                not_(there["external"]),
                *compilation.visible(tables.Organisation, there),
            )
            .correlate_except(organisations)
        )
        listed = json_list(words.c.industry, where=not_(found), order_by=[words.c.place])
        return select(listed).select_from(words).correlate_except(words).scalar_subquery()


def unorganised_industries(description: str) -> Any:
    """Declare the list of industries that have no organisation which the caller sees."""
    return declared(_Unorganised(), description)
