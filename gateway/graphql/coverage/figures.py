"""The figures of the two coverages, over the three denominators of domain rule 1."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import strawberry
from sqlalchemy import Alias, ColumnElement, Integer, and_, func, literal_column, or_, true

from contracts.vocabulary import Bureau, EntityKind, EntityState, OrganisationCoverage
from gateway import tables
from gateway.graphql.compilation import Compilation, Field
from gateway.graphql.counts import Dimension, Measured, counts
from gateway.graphql.division_levels import LEVEL_ARGUMENT, division_at_level
from gateway.graphql.inputs import Input
from gateway.graphql.json_sql import word_literal
from gateway.graphql.predicates import among, filtered_by, in_division
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Row, same_entity
from gateway.graphql.sources import column, declared
from gateway.graphql.suppression import SUPPRESSED, told

COUNTED_KINDS: Final = (
    EntityKind.MICRO_SMALL_ENTERPRISE,
    EntityKind.INDIVIDUAL_HOUSEHOLD,
    EntityKind.SPECIALISED_MARKET,
)
"""The kinds that the figures of 小个专 are about."""
MUST_FOUND_FROM: Final = 3
"""Full members from which on an entity founds its own organisation (domain rule 2)."""

_FIGURES: Final = ("entities", "own_organisation", "any_organisation", "work")
FIGURES: Final = tuple(f"{of}_{what}" for of in ("all", "member", "three") for what in _FIGURES)
"""Every figure over every denominator, as `figures_of` names them."""


@strawberry.input(description="Which entities the figures are about 统计范围")
class CoverageFigureFilter:
    """Which entities the figures are about; by no name or code, so that they are never about one that is meant."""

    kind: list[EntityKind] | None = filtered_by(among("kind"), "Any of these of the three kinds 类别")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )


@strawberry.enum(description="What the figures of coverage can be grouped by 统计维度")
class CoverageDimension(Enum):
    """What the figures can be grouped by."""

    KIND = strawberry.enum_value("KIND", description="类别")
    DIVISION = strawberry.enum_value("DIVISION", description="行政区划")
    BUREAU = strawberry.enum_value("BUREAU", description="条线")


DIMENSIONS: Final[Mapping[CoverageDimension, Dimension]] = {
    CoverageDimension.KIND: Dimension("kind", lambda row, _: row["kind"]),
    CoverageDimension.DIVISION: Dimension("division_code", division_at_level),
    CoverageDimension.BUREAU: Dimension("bureau", lambda row, _: row["bureau"]),
}


def figures_of(there: Row) -> dict[str, ColumnElement[int]]:
    """Return the figures over each denominator, of rows with their coverage; null columns where there is none."""
    covered = there["organisation_coverage"]
    full, probationary = there["full_members"], there["probationary_members"]
    denominators = {
        "all": true(),
        "member": or_(full >= _number(1), probationary >= _number(1)),
        "three": full >= _number(MUST_FOUND_FROM),
    }
    numerators = {
        "entities": true(),
        "own_organisation": covered == word_literal(OrganisationCoverage.OWN),
        "any_organisation": covered != word_literal(OrganisationCoverage.NONE),
        "work": there["work_coverage"],
    }
    return {
        f"{of}_{what}": func.count().filter(and_(among_these, counted))
        for of, among_these in denominators.items()
        for what, counted in numerators.items()
    }


def of_counted_kinds(entity: Row) -> ColumnElement[bool]:
    """Return whether an entity is of one of the kinds that the figures are about."""
    return or_(*(entity["kind"] == word_literal(kind) for kind in COUNTED_KINDS))


def _measure(compilation: Compilation, rows: Alias, _arguments: Input) -> Measured:
    """Count entities and those covered; an entity without a coverage has no member and is not covered."""
    coverage = compilation.relation(tables.Coverage)
    entity, there = Row(rows.c), Row(coverage.c)
    return Measured(
        rows.outerjoin(coverage, and_(same_entity(entity, there), *compilation.visible(tables.Coverage, there))),
        figures_of(there),
        (entity["state"] == word_literal(EntityState.ACTIVE), of_counted_kinds(entity)),
    )


def _number(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)


@dataclass(frozen=True, slots=True)
class Over:
    """The figures over one denominator."""

    denominator: str
    of_members: bool

    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        """Return the figures of the row's group."""
        figures = {name: row[f"{self.denominator}_{name}"] for name in _FIGURES}
        if self.of_members:
            figures = {name: told(field.compilation, figure) for name, figure in figures.items()}
        return field.object(Row(figures))


@strawberry.type(description="How many entities there are of one denominator, and how many of them are covered 覆盖数")
class CoverageFigure:
    """How many entities there are of one denominator, and how many of them are covered."""

    entities: int | None = column("entities", "Entities 主体数")
    own_organisation: int | None = column("own_organisation", "With an organisation of their own 单独组建数")
    any_organisation: int | None = column("any_organisation", "Covered by any organisation 组织覆盖数")
    work: int | None = column("work", "With a cadre assigned 工作覆盖数")


@strawberry.type(description="Figures of the two coverages of one group 两个覆盖统计")
class CoverageFigures:
    """Figures of the two coverages of one group; what was not grouped by is null."""

    kind: EntityKind | None = column("kind", "Kind, where grouped by it 类别")
    division_code: str | None = column("division_code", "Division, 12 digits, where grouped by it 行政区划代码")
    bureau: Bureau | None = column("bureau", "Bureau line, where grouped by it 条线")
    all: CoverageFigure = declared(Over("all", of_members=False), "Over all entities 全部主体")
    with_member: CoverageFigure = declared(
        Over("member", of_members=True), f"Over those where a member works, each figure {SUPPRESSED} 有党员的主体"
    )
    with_three_full_members: CoverageFigure = declared(
        Over("three", of_members=False), "Over those where three full members or more work 有三名以上正式党员的主体"
    )


def coverage_figures(description: str) -> Any:
    """Declare the figures, over active entities of the three kinds."""
    return counts(
        tables.Entity,
        dimensions=DIMENSIONS,
        filter_type=CoverageFigureFilter,
        more=(LEVEL_ARGUMENT,),
        description=description,
        measure=_measure,
    )
