"""Queries on the ledger of Party organisations."""

import json
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from asyncpg import Record
from pydantic import BaseModel

from contracts.events.ledgers.organisations import (
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationFounded,
    RecordedOrganisation,
    secretary_id,
)
from contracts.vocabulary import Bureau, EntityState, OrganisationState
from kit.copying import Column, Copy, Copying
from kit.database import Connection

_LISTS: Final = ("committee", "funds", "venues")


def _listed(name: str) -> Callable[[RecordedOrganisation], str | None]:
    def listed(organisation: RecordedOrganisation) -> str | None:
        items: Sequence[BaseModel] | None = getattr(organisation, name)
        return None if items is None else "[" + ",".join(one.model_dump_json() for one in items) + "]"

    return listed


COPY: Final[Copy[RecordedOrganisation]] = Copy(
    table="organisation",
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
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
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
    ),
    events=(OrganisationFounded, OrganisationChanged, OrganisationDissolved),
)
_COPYING: Final = Copying(COPY)

_WITH_ENTITIES: Final = """
    SELECT organisation.*, ARRAY(
        SELECT entity_id FROM organisation_entity
        WHERE organisation_entity.organisation_id = organisation.organisation_id ORDER BY entity_id
    ) AS entity_ids
    FROM organisation
"""
_LEAVE: Final = """
    DELETE FROM organisation_entity WHERE organisation_id = $1 AND entity_id <> ALL($2::uuid[])
"""
_JOIN: Final = """
    INSERT INTO organisation_entity (organisation_id, entity_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING
"""
_REMEMBER: Final = """
    INSERT INTO organisation_history (organisation_id, version, state, effective_on, recorded_at)
    VALUES ($1, $2, $3::jsonb, $4, $5)
"""
_OWN: Final = """
    SELECT entity_id FROM organisation_entity JOIN organisation USING (organisation_id)
    WHERE entity_id = ANY($1::uuid[]) AND mode = 'SINGLE' AND state = 'ACTIVE' AND organisation_id <> $2
"""


class Place(NamedTuple):
    """Where something belongs, and whether it is there: of an entity or an organisation that is referred to."""

    division_code: str
    bureau: Bureau
    active: bool
    external: bool = False


class Holder(NamedTuple):
    """The organisation that has a code."""

    organisation_id: UUID
    division_code: str


async def holder_of_code(connection: Connection, code: str) -> Holder | None:
    """Return the organisation that has a code. Until the transaction ends nobody else can be given it."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('organisation code ' || $1, 0))", code)
    row = await connection.fetchrow("SELECT organisation_id, division_code FROM organisation WHERE code = $1", code)
    return None if row is None else Holder(row["organisation_id"], row["division_code"])


async def hold_entities(connection: Connection, entities: Sequence[UUID]) -> dict[UUID, Place]:
    """Return entities of the ledger by id; nobody changes them until the transaction ends."""
    rows = await connection.fetch(
        "SELECT entity_id, division_code, bureau, state FROM entity WHERE entity_id = ANY($1::uuid[]) "
        "ORDER BY entity_id FOR SHARE",
        entities,
    )
    return {
        row["entity_id"]: Place(row["division_code"], Bureau(row["bureau"]), row["state"] == EntityState.ACTIVE)
        for row in rows
    }


async def hold_organisations(connection: Connection, organisations: Sequence[UUID]) -> dict[UUID, Place]:
    """Return organisations by id; nobody changes them until the transaction ends."""
    rows = await connection.fetch(
        "SELECT organisation_id, division_code, bureau, state, external FROM organisation "
        "WHERE organisation_id = ANY($1::uuid[]) ORDER BY organisation_id FOR SHARE",
        organisations,
    )
    return {
        row["organisation_id"]: Place(
            row["division_code"], Bureau(row["bureau"]), row["state"] == OrganisationState.ACTIVE, row["external"]
        )
        for row in rows
    }


async def lock_organisation(connection: Connection, organisation_id: UUID) -> RecordedOrganisation | None:
    """Return an organisation, locked until the transaction ends."""
    await connection.execute("SELECT FROM organisation WHERE organisation_id = $1 FOR UPDATE", organisation_id)
    return await find_organisation(connection, organisation_id)


async def find_organisation(connection: Connection, organisation_id: UUID) -> RecordedOrganisation | None:
    """Return an organisation."""
    row = await connection.fetchrow(f"{_WITH_ENTITIES} WHERE organisation_id = $1", organisation_id)
    return None if row is None else _organisation(row)


async def with_own(connection: Connection, entities: Sequence[UUID], but: UUID) -> set[UUID]:
    """Return those of some entities for which an organisation was founded alone, one organisation aside."""
    return {row["entity_id"] for row in await connection.fetch(_OWN, entities, but)}


async def write_organisation(connection: Connection, organisation: RecordedOrganisation) -> None:
    """Write the next state of an organisation, and keep it in its history."""
    key = organisation.organisation_id
    await _COPYING.write(connection, [organisation])
    await connection.execute(_LEAVE, key, organisation.entity_ids)
    await connection.execute(_JOIN, key, organisation.entity_ids)
    await connection.execute(
        _REMEMBER,
        key,
        organisation.version,
        organisation.model_dump_json(exclude_none=True),
        organisation.effective_on,
        organisation.recorded_at,
    )


async def has_members(connection: Connection, organisation_id: UUID) -> bool:
    """Tell whether anybody is related to an organisation or managed by it."""
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM member WHERE state = 'ACTIVE' "
            "AND (relation_organisation_id = $1 OR management_organisation_id = $1))",
            organisation_id,
        )
    )


async def hold_members_of(connection: Connection, organisation_id: UUID, members: Sequence[UUID]) -> set[UUID]:
    """Return which members belong to an organisation, by relation or by management; nobody moves them meanwhile."""
    rows = await connection.fetch(
        "SELECT member_id FROM member WHERE member_id = ANY($2::uuid[]) AND state = 'ACTIVE' "
        "AND (relation_organisation_id = $1 OR management_organisation_id = $1) ORDER BY member_id FOR SHARE",
        organisation_id,
        members,
    )
    return {row["member_id"] for row in rows}


async def vacant_posts(connection: Connection, members: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return who of some members has a post in an organisation to which they belong no more, by organisation."""
    rows = await connection.fetch(
        "SELECT organisation_id, array_agg(held.member_id) AS members "
        "FROM unnest($1::uuid[]) AS held (member_id) JOIN organisation "
        "ON committee @> jsonb_build_array(jsonb_build_object('member_id', held.member_id)) WHERE NOT EXISTS ("
        "SELECT FROM member WHERE member.member_id = held.member_id AND member.state = 'ACTIVE' "
        "AND organisation_id IN (relation_organisation_id, management_organisation_id)) "
        "GROUP BY organisation_id ORDER BY organisation_id",
        members,
    )
    return {row["organisation_id"]: row["members"] for row in rows}


async def hold_posts(connection: Connection, members: Sequence[UUID]) -> None:
    """Lock the organisations in which members have posts, in order of id, before anything about the members."""
    await connection.execute(
        "SELECT FROM organisation WHERE organisation_id = ANY(ARRAY("
        "SELECT organisation_id FROM unnest($1::uuid[]) AS held (member_id) JOIN organisation "
        "ON committee @> jsonb_build_array(jsonb_build_object('member_id', held.member_id)))) "
        "ORDER BY organisation_id FOR UPDATE",
        members,
    )


async def lock_organisations(connection: Connection, organisations: Sequence[UUID]) -> dict[UUID, RecordedOrganisation]:
    """Return organisations by id, locked in order of it until the transaction ends."""
    await connection.execute(
        "SELECT FROM organisation WHERE organisation_id = ANY($1::uuid[]) ORDER BY organisation_id FOR UPDATE",
        organisations,
    )
    rows = await connection.fetch(f"{_WITH_ENTITIES} WHERE organisation_id = ANY($1::uuid[])", organisations)
    return {row["organisation_id"]: _organisation(row) for row in rows}


async def below(connection: Connection, organisation_id: UUID) -> list[UUID]:
    """Return the active organisations whose superior is an organisation, in order of id."""
    rows = await connection.fetch(
        "SELECT organisation_id FROM organisation WHERE superior_id = $1 AND state = 'ACTIVE' ORDER BY organisation_id",
        organisation_id,
    )
    return [row["organisation_id"] for row in rows]


async def is_under(connection: Connection, organisation_id: UUID, above: UUID) -> bool:
    """Tell whether an organisation stands below another, over any number of steps."""
    found = await connection.fetchval(
        "WITH RECURSIVE upwards AS ("
        "SELECT superior_id FROM organisation WHERE organisation_id = $1 "
        "UNION SELECT organisation.superior_id FROM upwards JOIN organisation "
        "ON organisation.organisation_id = upwards.superior_id"
        ") SELECT EXISTS (SELECT FROM upwards WHERE superior_id = $2)",
        organisation_id,
        above,
    )
    return bool(found)


async def count_organisations(connection: Connection) -> int:
    """Return how many organisations there are."""
    return int(await connection.fetchval("SELECT count(*) FROM organisation"))


_BEHIND: Final = f"{_WITH_ENTITIES} WHERE organisation_id > $1 ORDER BY organisation_id LIMIT $2 FOR UPDATE"


async def lock_organisations_behind(connection: Connection, last: UUID, limit: int) -> list[RecordedOrganisation]:
    """Return organisations behind an id, in order of it, locked until the transaction ends."""
    return [_organisation(row) for row in await connection.fetch(_BEHIND, last, limit)]


def _organisation(row: Record) -> RecordedOrganisation:
    model: type[RecordedOrganisation] = OrganisationChanged
    if row["state"] == OrganisationState.DISSOLVED:
        model = OrganisationDissolved
    elif row["version"] == 1:
        model = OrganisationFounded
    listed = {name: None if row[name] is None else json.loads(row[name]) for name in _LISTS}
    return model.model_validate({**row, **listed})
