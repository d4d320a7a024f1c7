"""What `lianhe check` recomputes: coverage, memberships, quotas, ratings; by the services' own domain."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

import asyncpg

from cli.comparison import Side
from contracts.vocabulary import (
    Bureau,
    EntityKind,
    EntityState,
    OrganisationCoverage,
    OrganisationState,
)
from services.assessment.domain import scoring
from services.assessment.domain.rating import decide
from services.assessment.domain.scheme import Edition
from services.ledgers.domain.coverage import CoverageFacts, decide_coverage

_COVERAGE_FACTS: Final = """(
    SELECT entity.entity_id, entity.kind, entity.state,
           coalesce(coverage.effective_on, entity.effective_on) AS effective_on,
           (SELECT count(*) FROM member WHERE workplace_entity_id = entity.entity_id AND member.state = 'ACTIVE'
                AND standing = 'FULL') AS full_members,
           (SELECT count(*) FROM member WHERE workplace_entity_id = entity.entity_id AND member.state = 'ACTIVE'
                AND standing = 'PROBATIONARY') AS probationary_members,
           covering.has_own, covering.organisation_ids,
           EXISTS (SELECT FROM assignment WHERE assignment.state = 'ACTIVE' AND role <> 'FULL_TIME_WORKER'
                AND (target_id = entity.entity_id OR target_id = ANY(covering.organisation_ids))) AS assigned
    FROM entity
    LEFT JOIN coverage ON coverage.entity_id = entity.entity_id AND coverage.version > 0
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(mode = 'SINGLE'), false) AS has_own,
               coalesce(array_agg(organisation_id ORDER BY organisation_id), '{}') AS organisation_ids
        FROM organisation_entity JOIN organisation USING (organisation_id)
        WHERE organisation_entity.entity_id = entity.entity_id AND organisation.state = 'ACTIVE'
    ) AS covering
    WHERE coverage.entity_id IS NOT NULL OR covering.organisation_ids <> '{}'
        OR EXISTS (SELECT FROM member WHERE workplace_entity_id = entity.entity_id AND member.state = 'ACTIVE')
        OR EXISTS (SELECT FROM assignment WHERE target_id = entity.entity_id AND assignment.state = 'ACTIVE'
            AND role <> 'FULL_TIME_WORKER')
)"""
_MEMBERSHIP: Final = """(
    SELECT organisation_id, division_code, bureau,
           (SELECT count(*) FROM member WHERE state = 'ACTIVE' AND relation_organisation_id = organisation_id)
               AS related,
           (SELECT count(*) FROM member WHERE state = 'ACTIVE' AND management_organisation_id = organisation_id)
               AS managed,
           (SELECT count(*) FROM member WHERE state = 'ACTIVE' AND relation_organisation_id = organisation_id
                AND management_organisation_id = organisation_id) AS related_and_managed,
           (SELECT count(*) FROM member WHERE state = 'ACTIVE' AND relation_organisation_id = organisation_id
                AND standing = 'FULL') AS full_related,
           (SELECT count(*) FROM member WHERE state = 'ACTIVE' AND management_organisation_id = organisation_id
                AND standing = 'FULL') AS full_managed
    FROM organisation
)"""
_QUOTAS: Final = """(
    SELECT quota_id, (SELECT count(*) FROM process_step
        WHERE action = 'ADMIT' AND told ->> 'quota_year' = quota.year::text
            AND told ->> 'organisation_id' = quota.organisation_id::text)::integer AS taken
    FROM quota
)"""
_RATING_FACTS: Final = """(
    SELECT organisation.organisation_id, organisation.version, organisation.state, organisation.division_code,
           organisation.bureau, membership.version AS counted, related, managed, related_and_managed, full_related,
           full_managed, covered.total, covered.told, covered.complete
    FROM organisation LEFT JOIN membership USING (organisation_id)
    CROSS JOIN LATERAL (
        SELECT count(*) AS total, count(coverage.entity_id) AS told,
               count(*) FILTER (WHERE work_coverage AND organisation_coverage <> 'NONE') AS complete
        FROM organisation_entity LEFT JOIN coverage USING (entity_id)
        WHERE organisation_entity.organisation_id = organisation.organisation_id
    ) AS covered
    WHERE NOT organisation.external
)"""
_COUNTS: Final = ("related", "managed", "related_and_managed", "full_related", "full_managed")
_COVERAGE: Final = (
    "full_members",
    "probationary_members",
    "organisation_coverage",
    "organisation_ids",
    "work_coverage",
    "duty",
)


def coverage_recounted() -> tuple[Side, Side]:
    """Return the coverage of each entity as it follows from members, organisations and assignments, and as it is."""
    facts = (
        "kind",
        "state",
        "effective_on",
        "full_members",
        "probationary_members",
        "has_own",
        "organisation_ids",
        "assigned",
    )
    recounted = Side(
        "ledgers",
        _COVERAGE_FACTS,
        "entity_id",
        {name: name for name in facts},
        label="coverage recounted 重新计算",
        derive=_coverage,
    )
    stored = Side("ledgers", "coverage", "entity_id", {name: name for name in _COVERAGE}, where="version > 0")
    return recounted, stored


def membership_recounted() -> tuple[Side, Side]:
    """Return the members of each organisation as they are counted anew, and as they are told."""
    columns = {name: name for name in (*_COUNTS, "division_code", "bureau")}
    recounted = Side("ledgers", _MEMBERSHIP, "organisation_id", columns, label="membership recounted 重新计算")
    return recounted, Side("ledgers", "membership", "organisation_id", columns, where="version > 0")


def quotas_recounted() -> tuple[Side, Side]:
    """Return how many places of each quota were taken, as admissions are counted anew, and as it is told."""
    columns = {"taken": "taken"}
    recounted = Side("ledgers", _QUOTAS, "quota_id", columns, label="quotas recounted 重新计算")
    return recounted, Side("ledgers", "quota", "quota_id", columns)


def ratings_recomputed(edition: Edition) -> tuple[Side, Side]:
    """Return the rating of each organisation as it follows from the ledgers by an edition, and as it was given."""
    facts = ("version", "state", "division_code", "bureau", "counted", *_COUNTS, "total", "told", "complete")
    recomputed = Side(
        "ledgers",
        _RATING_FACTS,
        "organisation_id",
        {name: name for name in facts},
        label="ratings recomputed 重新评定",
        derive=_rating(edition),
    )
    told = {name: name for name in ("state", "points", "band", "division_code", "bureau")}
    given = Side(
        "assessment",
        "rating",
        "organisation_id",
        told,
        where="version > 0 AND NOT (SELECT external FROM organisation AS rated "
        "WHERE rated.organisation_id = rating.organisation_id)",
    )
    return recomputed, given


def _coverage(row: asyncpg.Record) -> Mapping[str, object]:
    facts = CoverageFacts(
        kind=EntityKind(row["kind"]),
        state=EntityState(row["state"]),
        full_members=row["full_members"],
        probationary_members=row["probationary_members"],
        has_own=row["has_own"],
        organisation_ids=tuple(row["organisation_ids"]),
        assigned=row["assigned"],
    )
    day: date = row["effective_on"]
    decided = decide_coverage(facts, day)
    return {
        "full_members": facts.full_members,
        "probationary_members": facts.probationary_members,
        "organisation_coverage": decided.organisation_coverage.value,
        "organisation_ids": list(facts.organisation_ids),
        "work_coverage": decided.work_coverage,
        "duty": decided.duty.value,
    }


def _rating(edition: Edition) -> "Callable[[asyncpg.Record], Mapping[str, object]]":
    def rating(row: asyncpg.Record) -> Mapping[str, object]:
        decided = decide(None, _facts(row), edition)
        if decided is None:
            raise LookupError(row["id"])
        points: Decimal = decided.points
        # a withdrawn one keeps no points, whatever the edition
        return {
            "state": decided.state.value,
            "points": points,
            "band": decided.band.value,
            "division_code": decided.division_code,
            "bureau": decided.bureau.value,
        }

    return rating


def _facts(row: asyncpg.Record) -> scoring.Facts:
    key: UUID = row["id"]
    seen = scoring.Seen("ledgers-organisation", str(key), row["version"])
    counted = row["counted"]
    membership = None if counted is None else scoring.Membership(**{name: row[name] for name in _COUNTS}, seen=seen)
    covered = (
        (OrganisationCoverage.COVERED, True, True, row["complete"]),
        (OrganisationCoverage.NONE, False, True, row["told"] - row["complete"]),
        (OrganisationCoverage.NONE, False, False, row["total"] - row["told"]),
    )
    return scoring.Facts(
        organisation=scoring.Organisation(
            external=False,
            state=OrganisationState(row["state"]),
            division_code=row["division_code"],
            bureau=Bureau(row["bureau"]),
            seen=seen,
        ),
        membership=membership,
        entities=tuple(scoring.CoveredEntities(*one) for one in covered if one[3]),
        coverages=(),
    )
