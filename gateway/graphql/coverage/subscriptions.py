"""What can be subscribed to of the two coverages."""

import strawberry

from contracts.events.ledgers.coverage import RecordedCoverage
from gateway import tables
from gateway.graphql.coverage.filters import CoverageFilter
from gateway.graphql.coverage.types import Coverage
from gateway.graphql.sources import part
from gateway.graphql.subscriptions.positions import Position
from gateway.graphql.subscriptions.sources import changed, position


@strawberry.type(description="A change of the two coverages of an entity 两个覆盖变更")
class CoverageChange:
    """A change of the coverage of an entity."""

    position: Position = position()
    coverage: Coverage = part("The coverage as it is now: in this version or a newer one 两个覆盖（最新）")


@strawberry.type
class CoverageSubscriptions:
    """What can be subscribed to of the two coverages."""

    coverage_changed: CoverageChange = changed(
        tables.Coverage,
        "entity_id",
        RecordedCoverage,
        CoverageFilter,
        "Each change of the coverage of an entity that you may see 两个覆盖发生变更",
    )
