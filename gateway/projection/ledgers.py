"""The topics of the ledgers about organisations, members and coverage, as tables of the read model."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Final

import orjson

from contracts.events.base import EventData
from contracts.events.ledgers.coverage import (
    CoverageChanged,
    CoveragePeriod,
    FoundingRequired,
    FoundingSettled,
    RecordedCoverage,
)
from contracts.events.ledgers.members import MemberErased, MemberEvent, MemberRecorded
from contracts.events.ledgers.organisations import (
    MembershipCounted,
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationFounded,
    RecordedOrganisation,
    secretary_id,
)
from gateway.projection.covering import Covering
from gateway.projection.written_json import json_list
from gateway.tables import ERASED, Coverage, Member, Membership, Organisation
from kit.consumer import Heard
from kit.copying import Column, Copy, CopyingEach
from kit.database import Transaction


def _listed(name: str) -> Callable[[RecordedOrganisation], str | None]:
    """Return what writes a list of an organisation as JSON; what is not known stays so."""

    def listed(organisation: RecordedOrganisation) -> str | None:
        items: Sequence[EventData] | None = getattr(organisation, name)
        return None if items is None else json_list(items)

    return listed


ORGANISATION: Copy[RecordedOrganisation] = Copy(
    table=Organisation.__tablename__,
    columns=(
        Column("organisation_id", "uuid"),
        Column("version", "bigint"),
        Column("code", "text"),
        Column("name", "text"),
        Column("form", "text"),
        Column("external", "boolean"),
        Column("mode", "text"),
        Column("superior_id", "uuid"),
        Column("association_id", "uuid"),
        Column("has_committee", "boolean"),
        Column("groups", "integer"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("state", "text"),
        Column("founded_on", "date"),
        Column("industry", "text"),
        Column("secretary_id", "uuid", secretary_id),
        Column("committee", "jsonb", _listed("committee")),
        Column("last_elected_on", "date"),
        Column("election_due_on", "date"),
        Column("election_put_off_to", "date"),
        Column("full_time_workers", "integer"),
        Column("funds", "jsonb", _listed("funds")),
        Column("venues", "jsonb", _listed("venues")),
        Column("demonstration", "text"),
        Column("standardisation_pilot", "boolean"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(OrganisationFounded, OrganisationChanged, OrganisationDissolved),
)
"""Without the entities it covers, which `Covering` keeps."""

MEMBERSHIP: Copy[MembershipCounted] = Copy(
    table=Membership.__tablename__,
    columns=(
        Column("organisation_id", "uuid"),
        Column("version", "bigint"),
        Column("related", "integer"),
        Column("managed", "integer"),
        Column("related_and_managed", "integer"),
        Column("full_related", "integer"),
        Column("full_managed", "integer"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(MembershipCounted,),
)


def _recorded(name: str, type_: str) -> Column[MemberEvent]:
    """Return a column that is emptied when the member is erased."""
    value = attrgetter(name)
    return Column(name, type_, lambda event: value(event) if isinstance(event, MemberRecorded) else None)


MEMBER: Copy[MemberEvent] = Copy(
    table=Member.__tablename__,
    columns=(
        Column("member_id", "uuid"),
        Column("version", "bigint"),
        _recorded("masked_name", "text"),
        _recorded("born_in", "text"),
        _recorded("standing", "text"),
        Column("state", "text", lambda event: event.state if isinstance(event, MemberRecorded) else ERASED),
        _recorded("leaving_reason", "text"),
        _recorded("merged_into", "uuid"),
        _recorded("workplace_entity_id", "uuid"),
        _recorded("workplace_since", "date"),
        _recorded("relation_organisation_id", "uuid"),
        _recorded("relation_since", "date"),
        _recorded("management_organisation_id", "uuid"),
        _recorded("management_since", "date"),
        _recorded("division_code", "text"),
        _recorded("bureau", "text"),
        _recorded("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(MemberRecorded, MemberErased),
)
"""Erasing empties every column but id, version, state and moment: an older state that comes late has a lower version,
so it can't bring anything back."""


def _periods(coverage: RecordedCoverage) -> str:
    """Return the periods of a coverage as JSON; of one that a ledger of before told, the one that it is in."""
    if coverage.periods is not None:
        return json_list(coverage.periods)
    return json_list(
        [
            CoveragePeriod(
                since=coverage.effective_on,
                full_members=coverage.full_members,
                probationary_members=coverage.probationary_members,
                organisation_coverage=coverage.organisation_coverage,
                organisation_ids=coverage.organisation_ids,
                work_coverage=coverage.work_coverage,
            )
        ]
    )


COVERAGE: Copy[RecordedCoverage] = Copy(
    table=Coverage.__tablename__,
    columns=(
        Column("entity_id", "uuid"),
        Column("version", "bigint"),
        Column("uscc", "text"),
        Column("kind", "text"),
        Column("state", "text"),
        Column("full_members", "integer"),
        Column("probationary_members", "integer"),
        Column("organisation_coverage", "text"),
        Column("organisation_ids", "jsonb", lambda event: orjson.dumps(event.organisation_ids).decode()),
        Column("work_coverage", "boolean"),
        Column("duty", "text"),
        Column("must_found_since", "date"),
        Column("must_found_due", "date"),
        Column("periods", "jsonb", _periods),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(CoverageChanged, FoundingRequired, FoundingSettled),
)

LEDGERS_EVENTS: Final[Sequence[type[EventData]]] = (
    *ORGANISATION.events,
    *MEMBERSHIP.events,
    *MEMBER.events,
    *COVERAGE.events,
)
"""What `LedgersProjection` takes in."""


class LedgersProjection:
    """Copies what the ledgers tell of organisations, members and coverage. What comes twice is as once.

    Args:
        schema: of the build that is written.
    """

    def __init__(self, schema: str) -> None:
        self._copying = CopyingEach((ORGANISATION, MEMBERSHIP, MEMBER, COVERAGE), schema)
        self._covering = Covering(schema)

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[EventData]], /) -> None:
        """Write the newest state of each aggregate in the batch."""
        await self._copying(transaction, heard)
        organisations = [one.event for one in heard if isinstance(one.event, RecordedOrganisation)]
        if organisations:
            await self._covering.write(transaction.connection, organisations)
