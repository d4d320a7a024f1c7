"""Queries on what pairing keeps of other services' facts."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from contracts.vocabulary import AssignmentTarget, Bureau, CadreState, DivisionLevel, OrganisationState, RatingBand
from kit.database import Connection
from services.pairing.domain.alliance import KnownParty, Named, Party, PartyKind
from services.pairing.domain.assignment import Target
from services.pairing.domain.partner import Organisation, Rating, district_of
from services.pairing.domain.unit import Unit

_TARGETS: Final[Mapping[AssignmentTarget, str]] = {
    AssignmentTarget.ENTITY: (
        "SELECT entity_id AS id, state, division_code, bureau, uscc FROM entity WHERE entity_id = ANY($1::uuid[])"
    ),
    AssignmentTarget.ORGANISATION: (
        "SELECT organisation_id AS id, state, division_code, bureau, NULL AS uscc FROM organisation "
        "WHERE organisation_id = ANY($1::uuid[])"
    ),
}
_PARTIES: Final[Mapping[PartyKind, str]] = {
    PartyKind.ENTITY: (
        "SELECT entity_id AS id, state, bureau, NULL AS level FROM entity WHERE entity_id = ANY($1::uuid[])"
    ),
    PartyKind.ORGANISATION: (
        "SELECT organisation_id AS id, state, bureau, NULL AS level FROM organisation "
        "WHERE organisation_id = ANY($1::uuid[])"
    ),
    PartyKind.ASSOCIATION: (
        "SELECT association_id AS id, state, bureau, NULL AS level FROM association "
        "WHERE association_id = ANY($1::uuid[])"
    ),
    PartyKind.DIVISION: (
        "SELECT division_code AS id, state, NULL AS bureau, level FROM division WHERE division_code = ANY($1::text[])"
    ),
}
# All their states share the word for what is there: registered, not dissolved, not closed.
_ACTIVE: Final = "ACTIVE"

_OF_DISTRICTS: Final = """
    SELECT organisation.organisation_id, organisation.state, organisation.external, organisation.division_code,
           organisation.bureau, rated.band, rated.points,
           ARRAY(
               SELECT covered::uuid FROM jsonb_array_elements_text(organisation.entity_ids) AS covered
               WHERE covered = ANY($2::text[])
           ) AS covers
    FROM organisation
    LEFT JOIN LATERAL (
        SELECT band, points FROM rating
        WHERE rating.organisation_id = organisation.organisation_id AND rating.state = 'CURRENT'
        ORDER BY effective_on DESC, rating_id DESC LIMIT 1
    ) AS rated ON true
    WHERE left(organisation.division_code, 6) = ANY($1::text[])
"""


async def find_target(connection: Connection, target: AssignmentTarget, target_id: UUID) -> Target | None:
    """Return what a cadre can be assigned to, where it is known."""
    return (await find_targets(connection, target, [target_id])).get(target_id)


async def find_targets(
    connection: Connection, target: AssignmentTarget, target_ids: Sequence[UUID]
) -> dict[UUID, Target]:
    """Return what a cadre can be assigned to or visit, of one kind, by id, where it is known."""
    return {
        row["id"]: Target(
            target=target,
            target_id=row["id"],
            active=row["state"] == _ACTIVE,
            division_code=row["division_code"],
            bureau=Bureau(row["bureau"]),
            uscc=row["uscc"],
        )
        for row in await connection.fetch(_TARGETS[target], target_ids)
    }


async def find_cadre(connection: Connection, cadre_id: UUID) -> CadreState | None:
    """Return whether a cadre is at work, where they are known."""
    state = await connection.fetchval("SELECT state FROM cadre WHERE cadre_id = $1", cadre_id)
    return state and CadreState(state)


async def find_association(connection: Connection, association_id: UUID) -> Unit | None:
    """Return an association, where it is known."""
    row = await connection.fetchrow(
        "SELECT state, division_code, bureau FROM association WHERE association_id = $1", association_id
    )
    if row is None:
        return None
    return Unit(row["state"] == _ACTIVE, row["division_code"], Bureau(row["bureau"]))


async def find_parties(connection: Connection, parties: Sequence[Party]) -> dict[Named, KnownParty]:
    """Return those parties that are known, by what they are and their id."""
    found: dict[Named, KnownParty] = {}
    for kind, query in _PARTIES.items():
        ids = [value for party in parties for named, value in party.ids if named is kind]
        for row in await connection.fetch(query, ids) if ids else ():
            found[kind, row["id"]] = KnownParty(
                active=row["state"] == _ACTIVE,
                bureau=row["bureau"] and Bureau(row["bureau"]),
                level=row["level"] and DivisionLevel(row["level"]),
            )
    return found


async def find_division(connection: Connection, division_code: str) -> KnownParty | None:
    """Return a division, where it is known."""
    row = await connection.fetchrow("SELECT state, level FROM division WHERE division_code = $1", division_code)
    if row is None:
        return None
    return KnownParty(active=row["state"] == _ACTIVE, level=DivisionLevel(row["level"]))


async def organisations_of(
    connection: Connection, districts: Sequence[str], entities: Sequence[UUID]
) -> dict[str, list[Organisation]]:
    """Return all organisations of some districts, by district.

    The rating of one that has several in force, by several schemes, is the newest.

    Args:
        connection: of the open transaction.
        districts: the first 6 digits of division codes.
        entities: those of which is told whether an organisation covers them.
    """
    found: dict[str, list[Organisation]] = {}
    for row in await connection.fetch(_OF_DISTRICTS, districts, [str(one) for one in entities]) if districts else ():
        rating = None if row["band"] is None else Rating(RatingBand(row["band"]), row["points"])
        found.setdefault(district_of(row["division_code"]), []).append(
            Organisation(
                organisation_id=row["organisation_id"],
                state=OrganisationState(row["state"]),
                external=row["external"],
                division_code=row["division_code"],
                bureau=Bureau(row["bureau"]),
                rating=rating,
                covers=frozenset(row["covers"]),
            )
        )
    return found
