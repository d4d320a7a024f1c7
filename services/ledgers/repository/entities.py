"""Queries on the entity ledger. Batches go by `unnest`, one statement each."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from contracts.events.registration import RegisteredEntity
from kit.database import Connection
from services.ledgers.tables import Entity

_RECORD: Final = """
    WITH heard AS (
        SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                             $8::text[], $9::date[], $10::date[])
            AS heard (entity_id, registration_version, uscc, name, kind, state, division_code, bureau, registered_on,
                      effective_on)
    ), kept AS (
        INSERT INTO entity_history (
            entity_id, registration_version, uscc, name, kind, state, division_code, bureau, registered_on,
            effective_on, recorded_at)
        SELECT *, $11::timestamptz FROM heard
        ON CONFLICT DO NOTHING
    )
    INSERT INTO entity AS stored (
        entity_id, version, registration_version, uscc, name, kind, state, division_code, bureau, registered_on,
        effective_on, recorded_at)
    SELECT DISTINCT ON (entity_id)
        entity_id, 1, registration_version, uscc, name, kind, state, division_code, bureau, registered_on,
        effective_on, $11::timestamptz
    FROM heard ORDER BY entity_id, registration_version DESC
    ON CONFLICT (entity_id) DO UPDATE SET
        version = stored.version + 1, registration_version = excluded.registration_version, uscc = excluded.uscc,
        name = excluded.name, kind = excluded.kind, state = excluded.state, division_code = excluded.division_code,
        bureau = excluded.bureau, registered_on = excluded.registered_on, effective_on = excluded.effective_on,
        recorded_at = excluded.recorded_at
    WHERE stored.registration_version < excluded.registration_version OR (
        stored.registration_version = excluded.registration_version AND
        (stored.uscc, stored.name, stored.kind, stored.state, stored.division_code, stored.bureau, stored.registered_on,
         stored.effective_on)
        IS DISTINCT FROM
        (excluded.uscc, excluded.name, excluded.kind, excluded.state, excluded.division_code, excluded.bureau,
         excluded.registered_on, excluded.effective_on))
    RETURNING entity_id, version, registration_version
"""


_HEARD: Final = [
    attrgetter(name)
    for name in (
        "entity_id",
        "version",
        "uscc",
        "name",
        "kind",
        "state",
        "division_code",
        "bureau",
        "registered_on",
        "effective_on",
    )
]


async def record_entities(
    connection: Connection, heard: Sequence[RegisteredEntity], *, now: datetime
) -> dict[tuple[UUID, int], int]:
    """Keep every state heard, and make the newest of each entity its state now, unless a newer one is there.

    A version of an entity may be there only once. Rows are locked in order of entity id. A state of a version that is
    there changes nothing where it is the same, for registration may tell everything anew.

    Returns:
        The ledger's version of each state that is the state now, by (entity id, version at registration).
    """
    rows = await connection.fetch(
        _RECORD,
        *(list(map(value, heard)) for value in _HEARD),
        now,
    )
    return {(row["entity_id"], row["registration_version"]): row["version"] for row in rows}


async def count_entities(connection: Connection) -> int:
    """Return how many entities are in the ledger."""
    return int(await connection.fetchval("SELECT count(*) FROM entity"))


_BEHIND: Final = "SELECT * FROM entity WHERE entity_id > $1 ORDER BY entity_id LIMIT $2 FOR UPDATE"


async def lock_entities_behind(connection: Connection, last: UUID, limit: int) -> list[Entity]:
    """Return records behind an entity id, in order of id, locked until the transaction ends."""
    return [Entity(**row) for row in await connection.fetch(_BEHIND, last, limit)]
