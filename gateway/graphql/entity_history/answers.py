"""What the ledgers answer about the history of an entity, as it comes over HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from contracts.vocabulary import Bureau, EntityKind, EntityState, OrganisationCoverage


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)


class VersionAnswer(_Wire):
    """A state of an entity."""

    registration_version: int
    uscc: str
    name: str
    kind: EntityKind
    state: EntityState
    division_code: str
    bureau: Bureau
    registered_on: date | None = None
    effective_on: date
    until: date | None = None
    superseded: bool
    recorded_at: datetime
    changed: Sequence[str]


class CoveredAnswer(_Wire):
    """By what an entity was covered on a day."""

    since: date
    until: date | None = None
    full_members: int | None = None
    probationary_members: int | None = None
    organisation_coverage: OrganisationCoverage
    organisation_ids: Sequence[UUID]
    work_coverage: bool


class HistoryAnswer(_Wire):
    """What held on a day as it was known at a moment, and the states known then."""

    entity_id: UUID
    effective_on: date
    recorded_at: datetime
    held: VersionAnswer | None = None
    covered: CoveredAnswer | None = None
    versions: Sequence[VersionAnswer]
    next: int | None = None
