"""Statements of the bare pipeline, on the tables of ours: the services' migrations make them for both."""

from typing import Final

OUTBOX: Final = (
    "event_id",
    "topic",
    "key",
    "type",
    "time",
    "correlation_id",
    "causation_id",
    "traceparent",
    "payload",
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
    SELECT entity_id, 1, registration_version, uscc, name, kind, state, division_code, bureau, registered_on,
           effective_on, $11
    FROM heard
    ON CONFLICT (entity_id) DO UPDATE SET
        version = stored.version + 1, registration_version = excluded.registration_version, uscc = excluded.uscc,
        name = excluded.name, kind = excluded.kind, state = excluded.state, division_code = excluded.division_code,
        bureau = excluded.bureau, registered_on = excluded.registered_on, effective_on = excluded.effective_on,
        recorded_at = excluded.recorded_at
    WHERE stored.registration_version <= excluded.registration_version
    RETURNING entity_id, version
"""
TAKE_IN: Final = """
    INSERT INTO inbox (consumer, source, event_id) SELECT 'bare', '/lianhe/registration', unnest($1::uuid[])
    ON CONFLICT DO NOTHING RETURNING event_id
"""
TAKE: Final = """
    DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT $1)
    RETURNING id, event_id, topic, key, type, time, correlation_id, causation_id, payload
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
