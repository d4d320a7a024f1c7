"""What the ledgers tell, as the tests of assessment make it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from contracts.envelope import Envelope
from contracts.events.base import EventData
from contracts.events.ledgers.coverage import CoverageChanged
from contracts.events.ledgers.organisations import (
    MembershipCounted,
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationFounded,
)
from contracts.examples import Example
from contracts.vocabulary import (
    Bureau,
    CoverageDuty,
    EntityKind,
    EntityState,
    OrganisationCoverage,
    OrganisationForm,
    OrganisationState,
)
from kit.ids import new_id

NOW = datetime(2024, 2, 28, 2, 0, tzinfo=UTC)
DAY = date(2024, 2, 28)
WHERE: dict[str, Any] = {"division_code": "500111101000", "bureau": Bureau.MARKET_REGULATION}
WHEN: dict[str, Any] = {"effective_on": DAY, "recorded_at": NOW}


@dataclass(frozen=True, slots=True)
class Told:
    """A record on one of the ledgers' topics."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    offset: int = 0
    partition: int = 0
    timestamp: int = 1_709_085_600_000

    @property
    def envelope(self) -> Envelope:
        """Return what its headers say."""
        return Envelope.decode(self.headers)


def told(event: EventData, *, correlation_id: UUID | None = None) -> Told:
    """Return the record of an event."""
    envelope = Envelope(
        id=new_id(),
        source="/lianhe/ledgers",
        type=event.event_type,
        time=NOW,
        subject=event.key,
        correlation_id=correlation_id,
    )
    body = event.model_dump_json(exclude_none=True).encode()
    return Told(event.topic, event.key.encode(), body, tuple(envelope.encode()))


def example(one: Example, topic: str) -> Told:
    """Return the record of an example of the contract."""
    return Told(topic, one.key, one.raw, one.headers)


def organisation(
    one: UUID, entities: Sequence[UUID] = (), version: int = 1, *, external: bool = False, **changed: Any
) -> OrganisationFounded | OrganisationChanged | OrganisationDissolved:
    """Return an organisation, founded in its first version, or dissolved where its state says so."""
    model: type[OrganisationFounded | OrganisationChanged | OrganisationDissolved]
    model = OrganisationFounded if version == 1 else OrganisationChanged
    if changed.get("state") is OrganisationState.DISSOLVED:
        model = OrganisationDissolved
    values = {
        "organisation_id": one,
        "version": version,
        "name": "龙水五金党支部",
        "form": OrganisationForm.BRANCH,
        "external": external,
        "entity_ids": tuple(entities),
        "state": OrganisationState.ACTIVE,
    }
    return model.model_validate(values | WHERE | WHEN | changed)


def members(one: UUID, version: int = 1, **counted: int) -> MembershipCounted:
    """Return the members of an organisation; what isn't counted is 0."""
    names = ("related", "managed", "related_and_managed", "full_related", "full_managed")
    values = {"organisation_id": one, "version": version, **dict.fromkeys(names, 0), **counted}
    return MembershipCounted.model_validate(values | WHERE | WHEN)


def coverage(
    entity: UUID,
    version: int = 1,
    covered: OrganisationCoverage = OrganisationCoverage.OWN,
    *,
    work: bool = True,
) -> CoverageChanged:
    """Return the coverage of an entity, both complete unless said otherwise."""
    values = {
        "entity_id": entity,
        "uscc": "91500111MADUMMY12D",
        "version": version,
        "kind": EntityKind.MICRO_SMALL_ENTERPRISE,
        "state": EntityState.ACTIVE,
        "full_members": 3,
        "probationary_members": 0,
        "organisation_coverage": covered,
        "organisation_ids": (),
        "work_coverage": work,
        "duty": CoverageDuty.MET,
    }
    return CoverageChanged.model_validate(values | WHERE | WHEN)
