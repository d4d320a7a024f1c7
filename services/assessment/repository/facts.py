"""What the ledgers told, the newest of each: stored by version, locked by entity, read together for a rating."""

from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter
from typing import Final
from uuid import UUID

from asyncpg import Record

from contracts.events.ledgers.coverage import RecordedCoverage
from contracts.events.ledgers.organisations import MembershipCounted, RecordedOrganisation
from contracts.vocabulary import Bureau, OrganisationCoverage, OrganisationState
from kit.database import Connection
from services.assessment.domain.scoring import MOST_SEEN, CoveredEntities, Facts, Membership, Organisation, Seen

_MAKE_ENTITIES: Final = f"""
    INSERT INTO coverage (entity_id, version, organisation_coverage, work_coverage)
    SELECT entity_id, 0, '{OrganisationCoverage.NONE}', false FROM unnest($1::uuid[]) AS wanted (entity_id)
    ORDER BY entity_id ON CONFLICT DO NOTHING
"""  # noqa: S608 - a word of the vocabulary
_LOCK_ENTITIES: Final = "SELECT FROM coverage WHERE entity_id = ANY($1::uuid[]) ORDER BY entity_id FOR UPDATE"
_COVERING: Final = "SELECT organisation_id, entity_id FROM organisation_entity WHERE entity_id = ANY($1::uuid[])"

_STORE_ORGANISATIONS: Final = """
    INSERT INTO organisation AS stored (organisation_id, version, external, state, division_code, bureau)
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::boolean[], $4::text[], $5::text[], $6::text[])
    ON CONFLICT (organisation_id) DO UPDATE SET
        version = excluded.version, external = excluded.external, state = excluded.state,
        division_code = excluded.division_code, bureau = excluded.bureau
    WHERE stored.version < excluded.version
    RETURNING organisation_id
"""
_ORGANISATION: Final = [
    attrgetter(name) for name in ("organisation_id", "version", "external", "state", "division_code", "bureau")
]
# `NOT IN`, which is hashed, and not `NOT EXISTS`: the planner takes the told rows for a hundred.
_STORE_ENTITIES: Final = """
    WITH told AS MATERIALIZED (
        SELECT * FROM unnest($2::uuid[], $3::uuid[]) AS told (organisation_id, entity_id)
    ), gone AS (
        DELETE FROM organisation_entity WHERE organisation_id = ANY($1::uuid[])
            AND (organisation_id, entity_id) NOT IN (SELECT organisation_id, entity_id FROM told)
    )
    INSERT INTO organisation_entity (organisation_id, entity_id)
    SELECT organisation_id, entity_id FROM told ORDER BY 1, 2 ON CONFLICT DO NOTHING
"""
_STORE_MEMBERSHIPS: Final = """
    INSERT INTO membership AS stored (
        organisation_id, version, related, managed, related_and_managed, full_related, full_managed)
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
    ON CONFLICT (organisation_id) DO UPDATE SET
        version = excluded.version, related = excluded.related, managed = excluded.managed,
        related_and_managed = excluded.related_and_managed, full_related = excluded.full_related,
        full_managed = excluded.full_managed
    WHERE stored.version < excluded.version
    RETURNING organisation_id
"""
_COUNTS: Final = ("related", "managed", "related_and_managed", "full_related", "full_managed")
_MEMBERSHIP: Final = [attrgetter(name) for name in ("organisation_id", "version", *_COUNTS)]
_STORE_COVERAGES: Final = """
    UPDATE coverage SET version = heard.version, organisation_coverage = heard.organisation_coverage,
        work_coverage = heard.work_coverage
    FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::boolean[])
        AS heard (entity_id, version, organisation_coverage, work_coverage)
    WHERE coverage.entity_id = heard.entity_id AND coverage.version < heard.version
    RETURNING coverage.entity_id
"""
_COVERAGE: Final = [attrgetter(name) for name in ("entity_id", "version", "organisation_coverage", "work_coverage")]

_ORGANISATIONS: Final = """
    SELECT organisation.*, membership.version AS counted, related, managed, related_and_managed, full_related,
           full_managed
    FROM organisation LEFT JOIN membership USING (organisation_id)
    WHERE organisation_id = ANY($1::uuid[])
"""
_ENTITIES: Final = """
    SELECT organisation_id, organisation_coverage, work_coverage, version > 0 AS known, count(*) AS entities
    FROM organisation_entity JOIN coverage USING (entity_id)
    WHERE organisation_id = ANY($1::uuid[])
    GROUP BY organisation_id, organisation_coverage, work_coverage, known
"""
_COVERAGES: Final = """
    SELECT organisation_id, entity_id, version
    FROM unnest($1::uuid[]) AS wanted (organisation_id) CROSS JOIN LATERAL (
        SELECT entity_id, version FROM organisation_entity JOIN coverage USING (entity_id)
        WHERE organisation_entity.organisation_id = wanted.organisation_id AND version > 0
        ORDER BY version DESC, entity_id LIMIT $2
    ) AS newest
    ORDER BY version DESC, entity_id
"""


async def lock_entities(connection: Connection, entities: Sequence[UUID]) -> None:
    """Lock entities until the transaction ends, in order of id; those that nothing is known of yet, too."""
    if entities:
        await connection.execute(_MAKE_ENTITIES, entities)
        await connection.execute(_LOCK_ENTITIES, entities)


async def organisations_of(connection: Connection, entities: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Return the organisations that cover entities: organisation id, entity id."""
    if not entities:
        return []
    return [(row["organisation_id"], row["entity_id"]) for row in await connection.fetch(_COVERING, entities)]


async def store_organisations(connection: Connection, heard: Sequence[RecordedOrganisation]) -> set[UUID]:
    """Store organisations with their entities; return the ids of those that were newer than what was there.

    An organisation may be there only once. Its entities and its rating are locked.
    """
    if not heard:
        return set()
    rows = await connection.fetch(_STORE_ORGANISATIONS, *(list(map(value, heard)) for value in _ORGANISATION))
    stored = {row["organisation_id"] for row in rows}
    pairs = [
        (one.organisation_id, entity) for one in heard if one.organisation_id in stored for entity in one.entity_ids
    ]
    if stored:
        await connection.execute(
            _STORE_ENTITIES, list(stored), [organisation for organisation, _ in pairs], [entity for _, entity in pairs]
        )
    return stored


async def store_memberships(connection: Connection, heard: Sequence[MembershipCounted]) -> set[UUID]:
    """Store counts of members; return the ids of the organisations whose are newer than what was there.

    An organisation may be there only once. Its rating is locked.
    """
    if not heard:
        return set()
    rows = await connection.fetch(_STORE_MEMBERSHIPS, *(list(map(value, heard)) for value in _MEMBERSHIP))
    return {row["organisation_id"] for row in rows}


async def store_coverages(connection: Connection, heard: Sequence[RecordedCoverage]) -> set[UUID]:
    """Store coverages of entities that are locked; return the ids of those newer than what was there.

    An entity may be there only once.
    """
    if not heard:
        return set()
    rows = await connection.fetch(_STORE_COVERAGES, *(list(map(value, heard)) for value in _COVERAGE))
    return {row["entity_id"] for row in rows}


async def load_facts(connection: Connection, organisations: Sequence[UUID]) -> dict[UUID, Facts]:
    """Return the facts on organisations whose ratings are locked, by id. One that wasn't told yet is not among them."""
    known = await connection.fetch(_ORGANISATIONS, organisations)
    ids = [row["organisation_id"] for row in known]
    entities: dict[UUID, list[CoveredEntities]] = defaultdict(list)
    for row in await connection.fetch(_ENTITIES, ids):
        coverage = OrganisationCoverage(row["organisation_coverage"])
        entities[row["organisation_id"]].append(
            CoveredEntities(coverage, row["work_coverage"], row["known"], row["entities"])
        )
    seen: dict[UUID, list[Seen]] = defaultdict(list)
    for row in await connection.fetch(_COVERAGES, ids, MOST_SEEN - 1):
        seen[row["organisation_id"]].append(Seen(RecordedCoverage.topic, str(row["entity_id"]), row["version"]))
    return {
        one: Facts(_organisation(row), _membership(row), tuple(entities[one]), tuple(seen[one]))
        for row in known
        for one in (row["organisation_id"],)
    }


def _organisation(row: Record) -> Organisation:
    return Organisation(
        external=row["external"],
        state=OrganisationState(row["state"]),
        division_code=row["division_code"],
        bureau=Bureau(row["bureau"]),
        seen=Seen(RecordedOrganisation.topic, str(row["organisation_id"]), row["version"]),
    )


def _membership(row: Record) -> Membership | None:
    if row["counted"] is None:
        return None
    seen = Seen(MembershipCounted.topic, str(row["organisation_id"]), row["counted"])
    return Membership(**{name: row[name] for name in _COUNTS}, seen=seen)
