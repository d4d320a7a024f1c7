"""What registration keeps of facts that the ledgers own: counts and organisations of an entity, nothing of a member."""

from typing import Final

from pydantic import TypeAdapter

from contracts.events.ledgers.coverage import CoverageChanged, FoundingRequired, FoundingSettled, RecordedCoverage
from kit.copying import Column, Copy

_JSON: Final = TypeAdapter(object)


def _organisation_ids(event: RecordedCoverage) -> str:
    return _JSON.dump_json(event.organisation_ids).decode()


COVERAGE: Final[Copy[RecordedCoverage]] = Copy(
    table="coverage",
    columns=(
        Column("entity_id", "uuid"),
        Column("version", "bigint"),
        Column("full_members", "bigint"),
        Column("probationary_members", "bigint"),
        Column("organisation_coverage", "text"),
        Column("organisation_ids", "jsonb", _organisation_ids),
    ),
    events=(CoverageChanged, FoundingRequired, FoundingSettled),
)
"""How the topic of coverages becomes that table."""
