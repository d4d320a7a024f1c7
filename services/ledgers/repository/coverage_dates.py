"""Queries on the dated facts that the coverage of entities follows from: what held, and not only what holds now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from contracts.vocabulary import FormationMode, MemberStanding, MemberState, OrganisationState
from kit.database import Connection
from services.ledgers.domain.coverage_periods import Assigned, CoverageDates, MemberVersion, OrganisationVersion

_MEMBERS: Final = """
    SELECT member_id, version, effective_on, state ->> 'workplace_entity_id' AS entity_id,
           state ->> 'standing' AS standing, state ->> 'state' AS state, state ? 'merged_into' AS merged
    FROM member_history
    WHERE member_id IN (
        SELECT member_id FROM member_history WHERE state ->> 'workplace_entity_id' = ANY($1::text[]))
"""
_ORGANISATIONS: Final = """
    SELECT organisation_id, version, effective_on, state ->> 'mode' AS mode, state ->> 'state' AS state,
           ARRAY(SELECT covered FROM jsonb_array_elements_text(state -> 'entity_ids') AS covered
                 WHERE covered = ANY($2::text[])) AS covers
    FROM organisation_history WHERE organisation_id = ANY($1::uuid[])
"""
_ASSIGNMENTS: Final = """
    SELECT target_id, starts_on, ended_on FROM assignment
    WHERE target_id = ANY($1::uuid[]) AND role <> 'FULL_TIME_WORKER'
"""
_WORKED_AT: Final = """
    SELECT DISTINCT (state ->> 'workplace_entity_id')::uuid AS entity_id FROM member_history
    WHERE member_id = ANY($1::uuid[]) AND state ? 'workplace_entity_id'
"""
_EVER_COVERED: Final = """
    SELECT DISTINCT covered::uuid AS entity_id
    FROM organisation_history, jsonb_array_elements_text(state -> 'entity_ids') AS covered
    WHERE organisation_id = $1
"""


async def coverage_dates(connection: Connection, covering: Mapping[UUID, Iterable[UUID]]) -> dict[UUID, CoverageDates]:
    """Return the dated facts of some entities, whose coverage is locked.

    Args:
        connection: of the open transaction.
        covering: the entities, each with the organisations that ever covered it.
    """
    entities = list(covering)
    organisations = sorted({one for each in covering.values() for one in each})
    worked = await _members(connection, entities)
    covered = await _organisations(connection, organisations, entities)
    assigned: dict[UUID, list[Assigned]] = {}
    for row in await connection.fetch(_ASSIGNMENTS, [*entities, *organisations]):
        if row["starts_on"] is not None:
            one = Assigned(row["target_id"], row["starts_on"], row["ended_on"])
            assigned.setdefault(one.target_id, []).append(one)
    return {
        entity: CoverageDates(
            entity,
            worked.get(entity, []),
            [
                OrganisationVersion(one.organisation_id, one.version, one.effective_on, entity in covers, one.own)
                for organisation in set(by)
                for one, covers in covered.get(organisation, [])
            ],
            [one for target in {entity, *by} for one in assigned.get(target, [])],
        )
        for entity, by in covering.items()
    }


async def worked_at(connection: Connection, members: Sequence[UUID]) -> set[UUID]:
    """Return the entities at which some members ever worked, as far as it is kept."""
    return {row["entity_id"] for row in await connection.fetch(_WORKED_AT, members)}


async def ever_covered(connection: Connection, organisation_id: UUID) -> set[UUID]:
    """Return the entities that an organisation ever covered."""
    return {row["entity_id"] for row in await connection.fetch(_EVER_COVERED, organisation_id)}


async def _members(connection: Connection, entities: Sequence[UUID]) -> dict[UUID, list[MemberVersion]]:
    """Return, for each entity, every state of the members who ever worked there."""
    names = {str(one): one for one in entities}
    states: dict[UUID, list[tuple[MemberVersion, UUID | None]]] = {}
    merged: set[UUID] = set()
    for row in await connection.fetch(_MEMBERS, list(names)):
        counts = row["state"] == MemberState.ACTIVE
        version = MemberVersion(
            row["member_id"], row["version"], row["effective_on"], counts, row["standing"] == MemberStanding.FULL
        )
        if row["merged"]:  # the record that goes on counts for both, so that a person counts once at every moment
            merged.add(version.member_id)
        states.setdefault(version.member_id, []).append((version, names.get(row["entity_id"] or "")))
    found: dict[UUID, list[MemberVersion]] = {}
    for known in (states[one] for one in states.keys() - merged):
        for entity in {at for _, at in known if at is not None}:
            found.setdefault(entity, []).extend(
                MemberVersion(one.member_id, one.version, one.effective_on, one.here and at == entity, one.full)
                for one, at in known
            )
    return found


async def _organisations(
    connection: Connection, organisations: Sequence[UUID], entities: Sequence[UUID]
) -> dict[UUID, list[tuple[OrganisationVersion, frozenset[UUID]]]]:
    """Return every state of organisations, each with those of the entities that it covers by it."""
    found: dict[UUID, list[tuple[OrganisationVersion, frozenset[UUID]]]] = {}
    for row in await connection.fetch(_ORGANISATIONS, organisations, [str(one) for one in entities]):
        active = row["state"] == OrganisationState.ACTIVE
        version = OrganisationVersion(
            row["organisation_id"],
            row["version"],
            row["effective_on"],
            covers=active,
            own=row["mode"] == FormationMode.SINGLE,
        )
        covers = frozenset(UUID(one) for one in row["covers"]) if active else frozenset()
        found.setdefault(version.organisation_id, []).append((version, covers))
    return found
