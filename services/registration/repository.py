"""Queries on registration's tables. Batches go by `unnest`, one statement each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from contracts.vocabulary import EntityState
from kit.database import Connection
from services.registration.domain.entity import Registration

_UPSERT: Final = """
    INSERT INTO entity AS stored (
        id, uscc, version, content_hash, name, kind, state, division_code, bureau, registered_on, legal_form,
        capital_amount, capital_currency, business_scope, address, effective_on, recorded_at)
    SELECT id, uscc, 1, content_hash, name, kind, $16, division_code, bureau, registered_on, legal_form,
           capital_amount, capital_currency, business_scope, address, effective_on, $17
    FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[],
                $9::text[], $10::numeric[], $11::text[], $12::text[], $13::text[], $14::date[])
         AS stated (id, uscc, content_hash, name, kind, division_code, bureau, registered_on, legal_form,
                    capital_amount, capital_currency, business_scope, address, effective_on)
    ORDER BY uscc
    ON CONFLICT (uscc) DO UPDATE SET
        version = stored.version + 1, content_hash = excluded.content_hash, name = excluded.name,
        kind = excluded.kind, division_code = excluded.division_code, bureau = excluded.bureau,
        registered_on = excluded.registered_on, legal_form = excluded.legal_form,
        capital_amount = excluded.capital_amount, capital_currency = excluded.capital_currency,
        business_scope = excluded.business_scope, address = excluded.address,
        effective_on = $15, recorded_at = excluded.recorded_at
    WHERE stored.content_hash <> excluded.content_hash
    RETURNING id, uscc, version, state, effective_on
"""


class Stated(NamedTuple):
    """What a source states about an entity, ready to be stored."""

    registration: Registration
    content_hash: bytes
    new_id: UUID
    effective_on: date


class Stored(NamedTuple):
    """An entity that was new or changed: what the database made of it. Version 1 is new."""

    id: UUID
    version: int
    state: EntityState
    effective_on: date


async def upsert(connection: Connection, stated: Sequence[Stated], *, now: datetime, today: date) -> dict[str, Stored]:
    """Store what is new or different; return that by USCC. What is absent from the answer was known just so.

    Every USCC may be there only once. Rows are locked in order of USCC, so two imports at once can't lock each other.
    """
    facts = [one.registration for one in stated]
    rows = await connection.fetch(
        _UPSERT,
        [one.new_id for one in stated],
        [fact.uscc for fact in facts],
        [one.content_hash for one in stated],
        [fact.name for fact in facts],
        [fact.kind.value for fact in facts],
        [fact.division_code for fact in facts],
        [fact.bureau.value for fact in facts],
        [fact.registered_on for fact in facts],
        [fact.legal_form for fact in facts],
        [fact.capital.amount if fact.capital else None for fact in facts],
        [fact.capital.currency if fact.capital else None for fact in facts],
        [fact.business_scope for fact in facts],
        [fact.address for fact in facts],
        [one.effective_on for one in stated],
        today,
        EntityState.ACTIVE.value,
        now,
    )
    return {
        row["uscc"]: Stored(row["id"], row["version"], EntityState(row["state"]), row["effective_on"]) for row in rows
    }


async def count(connection: Connection) -> int:
    """Return how many entities are registered."""
    return int(await connection.fetchval("SELECT count(*) FROM entity"))
