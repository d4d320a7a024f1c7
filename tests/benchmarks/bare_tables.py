"""Tables and statements of the bare pipeline.

The tables have the columns and indexes of ours; there is no inbox and no history, and the outbox holds what is sent and
nothing else. The read model is the very same: the gateway's migration makes it for both.
"""

from typing import Final

OUTBOX: Final = """
    CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic text NOT NULL, key text NOT NULL,
        payload bytea NOT NULL
    )
"""
REGISTRATION: Final = (
    OUTBOX,
    """
    CREATE TABLE entity (
        id uuid PRIMARY KEY, uscc text NOT NULL UNIQUE, version bigint NOT NULL, content_hash bytea NOT NULL,
        name text NOT NULL, kind text NOT NULL, state text NOT NULL, division_code text NOT NULL, bureau text NOT NULL,
        registered_on date, legal_form text, capital_amount numeric(20, 4), capital_currency text, business_scope text,
        address text, effective_on date NOT NULL, recorded_at timestamptz NOT NULL
    )
    """,
)
LEDGERS: Final = (
    OUTBOX,
    """
    CREATE TABLE entity (
        entity_id uuid PRIMARY KEY, version bigint NOT NULL, registration_version bigint NOT NULL, uscc text NOT NULL,
        name text NOT NULL, kind text NOT NULL, state text NOT NULL, division_code text NOT NULL, bureau text NOT NULL,
        registered_on date, effective_on date NOT NULL, recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX entity_division_code ON entity (division_code, entity_id)",
)

REGISTER: Final = """
    INSERT INTO entity AS stored (
        id, uscc, version, content_hash, name, kind, state, division_code, bureau, registered_on, legal_form,
        capital_amount, capital_currency, business_scope, address, effective_on, recorded_at)
    SELECT id, uscc, 1, content_hash, name, kind, 'ACTIVE', division_code, bureau, registered_on, legal_form,
           capital_amount, capital_currency, business_scope, address, effective_on, $15
    FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[],
                $9::text[], $10::numeric[], $11::text[], $12::text[], $13::text[], $14::date[])
         AS stated (id, uscc, content_hash, name, kind, division_code, bureau, registered_on, legal_form,
                    capital_amount, capital_currency, business_scope, address, effective_on)
    ON CONFLICT (uscc) DO UPDATE SET
        version = stored.version + 1, content_hash = excluded.content_hash, name = excluded.name,
        kind = excluded.kind, division_code = excluded.division_code, bureau = excluded.bureau,
        registered_on = excluded.registered_on, legal_form = excluded.legal_form,
        capital_amount = excluded.capital_amount, capital_currency = excluded.capital_currency,
        business_scope = excluded.business_scope, address = excluded.address,
        effective_on = excluded.effective_on, recorded_at = excluded.recorded_at
    RETURNING id, uscc, version
"""
RECORD: Final = """
    INSERT INTO entity AS stored (
        entity_id, version, registration_version, uscc, name, kind, state, division_code, bureau, registered_on,
        effective_on, recorded_at)
    SELECT entity_id, 1, registration_version, uscc, name, kind, state, division_code, bureau, registered_on,
           effective_on, $11
    FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::date[], $10::date[])
         AS heard (entity_id, registration_version, uscc, name, kind, state, division_code, bureau, registered_on,
                   effective_on)
    ON CONFLICT (entity_id) DO UPDATE SET
        version = stored.version + 1, registration_version = excluded.registration_version, uscc = excluded.uscc,
        name = excluded.name, kind = excluded.kind, state = excluded.state, division_code = excluded.division_code,
        bureau = excluded.bureau, registered_on = excluded.registered_on, effective_on = excluded.effective_on,
        recorded_at = excluded.recorded_at
    WHERE stored.registration_version <= excluded.registration_version
    RETURNING entity_id, version
"""
TELL: Final = """
    INSERT INTO outbox (topic, key, payload) SELECT $1, * FROM unnest($2::text[], $3::bytea[])
"""
TAKE: Final = """
    DELETE FROM outbox WHERE id <= (SELECT max(id) FROM (SELECT id FROM outbox ORDER BY id LIMIT $1) AS oldest)
    RETURNING id, topic, key, payload
"""
COPY_ENTITY: Final = """
    INSERT INTO model_1.entity AS stored
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                         $8::text[], $9::date[], $10::text[], $11::numeric[], $12::text[], $13::text[], $14::text[],
                         $15::date[], $16::timestamptz[])
    ON CONFLICT (entity_id) DO UPDATE SET
        version = excluded.version, uscc = excluded.uscc, name = excluded.name, kind = excluded.kind,
        state = excluded.state, division_code = excluded.division_code, bureau = excluded.bureau,
        registered_on = excluded.registered_on, legal_form = excluded.legal_form,
        capital_amount = excluded.capital_amount, capital_currency = excluded.capital_currency,
        business_scope = excluded.business_scope, address = excluded.address,
        effective_on = excluded.effective_on, recorded_at = excluded.recorded_at
    WHERE stored.version <= excluded.version
"""
COPY_LEDGER: Final = """
    INSERT INTO model_1.entity_ledger AS stored
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
                         $8::text[], $9::text[], $10::date[], $11::date[], $12::timestamptz[])
    ON CONFLICT (entity_id) DO UPDATE SET
        version = excluded.version, registration_version = excluded.registration_version, uscc = excluded.uscc,
        name = excluded.name, kind = excluded.kind, state = excluded.state, division_code = excluded.division_code,
        bureau = excluded.bureau, registered_on = excluded.registered_on, effective_on = excluded.effective_on,
        recorded_at = excluded.recorded_at
    WHERE stored.version <= excluded.version
"""
