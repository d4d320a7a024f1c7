"""Queries on entities. Batches go by `unnest`, one statement each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from asyncpg import Record

from contracts.vocabulary import Bureau, EntityKind, EntityState
from kit.database import Connection
from services.registration.domain.capital import Capital
from services.registration.domain.entity import Registration

# A file may correct what is known of an entity that was deregistered; the day on which it was stays.
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
        kind = coalesce(stored.classified_as, excluded.kind),
        division_code = excluded.division_code, bureau = excluded.bureau,
        registered_on = excluded.registered_on, legal_form = excluded.legal_form,
        capital_amount = excluded.capital_amount, capital_currency = excluded.capital_currency,
        business_scope = excluded.business_scope, address = excluded.address,
        effective_on = CASE stored.state WHEN 'DEREGISTERED' THEN stored.effective_on ELSE $15 END,
        recorded_at = excluded.recorded_at
    WHERE stored.content_hash <> excluded.content_hash
    RETURNING id, uscc, version, state, kind, effective_on
"""


_MOVING: Final = """
    SELECT id FROM unnest($1::text[], $2::text[], $3::text[]) AS stated (uscc, division_code, bureau)
    JOIN entity USING (uscc)
    WHERE (entity.division_code, entity.bureau) <> (stated.division_code, stated.bureau) AND EXISTS (
        SELECT FROM process WHERE subject_id = entity.id::text AND under_way
        AND topic IN ('registration-form', 'registration-commitment')
    )
    ORDER BY id
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
    kind: EntityKind
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
    return {row["uscc"]: _stored(row) for row in rows}


async def moving_accompanied(connection: Connection, places: Mapping[str, tuple[str, Bureau]]) -> list[UUID]:
    """Return the entities, in order of id, that something is under way about and that another place is stated of.

    Args:
        connection: of the open transaction.
        places: division and line as they are stated, by USCC.
    """
    rows = await connection.fetch(
        _MOVING, list(places), [code for code, _ in places.values()], [bureau.value for _, bureau in places.values()]
    )
    return [row["id"] for row in rows]


async def count(connection: Connection) -> int:
    """Return how many entities are registered."""
    return int(await connection.fetchval("SELECT count(*) FROM entity"))


@dataclass(frozen=True, slots=True)
class Known:
    """An entity as it is stored."""

    id: UUID
    version: int
    content_hash: bytes
    state: EntityState
    uscc: str
    name: str
    kind: EntityKind
    division_code: str
    bureau: Bureau
    registered_on: date | None
    legal_form: str | None
    capital: Capital | None
    business_scope: str | None
    address: str | None
    effective_on: date
    recorded_at: datetime
    classified_as: EntityKind | None

    def registration(self) -> Registration:
        """Return its facts."""
        return Registration(
            uscc=self.uscc,
            name=self.name,
            kind=self.kind,
            division_code=self.division_code,
            bureau=self.bureau,
            registered_on=self.registered_on,
            legal_form=self.legal_form,
            capital=self.capital,
            business_scope=self.business_scope,
            address=self.address,
        )


_REPLACE: Final = """
    UPDATE entity SET
        version = version + 1, content_hash = $2, uscc = $3, name = $4, kind = coalesce($17, $5), state = $6,
        division_code = $7, bureau = $8, registered_on = $9, legal_form = $10, capital_amount = $11,
        capital_currency = $12, business_scope = $13, address = $14, effective_on = $15, recorded_at = $16,
        classified_as = $17
    WHERE id = $1
    RETURNING id, version, state, kind, effective_on
"""


async def load(connection: Connection, uscc: str) -> Known | None:
    """Return the entity with a USCC."""
    return _known(await connection.fetchrow("SELECT * FROM entity WHERE uscc = $1", uscc))


async def find(connection: Connection, entity_id: UUID) -> Known | None:
    """Return the entity with an id."""
    return _known(await connection.fetchrow("SELECT * FROM entity WHERE id = $1", entity_id))


async def ids_by_uscc(connection: Connection, usccs: Sequence[str]) -> list[UUID]:
    """Return the ids of the entities that have these USCCs now."""
    return [row["id"] for row in await connection.fetch("SELECT id FROM entity WHERE uscc = ANY($1::text[])", usccs)]


async def lock_by_uscc(connection: Connection, usccs: Sequence[str]) -> dict[str, Known]:
    """Return the entities with these USCCs, by USCC, locked in its order until the transaction ends."""
    rows = await connection.fetch("SELECT * FROM entity WHERE uscc = ANY($1::text[]) ORDER BY uscc FOR UPDATE", usccs)
    return {row["uscc"]: known for row in rows if (known := _known(row)) is not None}


async def lock(connection: Connection, entity_id: UUID) -> Known | None:
    """Return the entity with an id, locked until the transaction ends."""
    return _known(await connection.fetchrow("SELECT * FROM entity WHERE id = $1 FOR UPDATE", entity_id))


_BEHIND: Final = "SELECT * FROM entity WHERE id > $1 ORDER BY id LIMIT $2 FOR UPDATE"


async def lock_behind(connection: Connection, last: UUID, limit: int) -> list[Known]:
    """Return entities behind an id, in order of id, locked until the transaction ends."""
    rows = await connection.fetch(_BEHIND, last, limit)
    return [known for row in rows if (known := _known(row)) is not None]


async def replace(
    connection: Connection,
    entity_id: UUID,
    facts: Registration,
    *,
    content_hash: bytes,
    classified_as: EntityKind | None,
    state: EntityState,
    effective_on: date,
    now: datetime,
) -> Stored:
    """Write an entity's next version. Its row is locked already.

    Args:
        connection: of the open transaction.
        entity_id: which one.
        facts: what is registered; the kind as it follows from them.
        content_hash: of the facts as they were stated.
        classified_as: the kind that goes before the one that follows from the facts.
        state: of the registration.
        effective_on: day from which it holds.
        now: when it is recorded.

    Raises:
        UniqueViolationError: another entity has the USCC.
    """
    row = await connection.fetchrow(
        _REPLACE,
        entity_id,
        content_hash,
        facts.uscc,
        facts.name,
        facts.kind,
        state,
        facts.division_code,
        facts.bureau,
        facts.registered_on,
        facts.legal_form,
        facts.capital.amount if facts.capital else None,
        facts.capital.currency if facts.capital else None,
        facts.business_scope,
        facts.address,
        effective_on,
        now,
        classified_as,
    )
    if row is None:
        raise LookupError(entity_id)
    return _stored(row)


def _stored(row: Record) -> Stored:
    return Stored(row["id"], row["version"], EntityState(row["state"]), EntityKind(row["kind"]), row["effective_on"])


def _known(row: Record | None) -> Known | None:
    if row is None:
        return None
    amount = row["capital_amount"]
    return Known(
        id=row["id"],
        version=row["version"],
        content_hash=row["content_hash"],
        state=EntityState(row["state"]),
        uscc=row["uscc"],
        name=row["name"],
        kind=EntityKind(row["kind"]),
        division_code=row["division_code"],
        bureau=Bureau(row["bureau"]),
        registered_on=row["registered_on"],
        legal_form=row["legal_form"],
        capital=None if amount is None else Capital(amount, row["capital_currency"]),
        business_scope=row["business_scope"],
        address=row["address"],
        effective_on=row["effective_on"],
        recorded_at=row["recorded_at"],
        classified_as=None if row["classified_as"] is None else EntityKind(row["classified_as"]),
    )
