"""Tables that every service has beside its own. Frozen by version: a migration names the version it creates."""

from typing import Final

V1: Final = (
    # The fillfactor and the vacuum settings are those of a queue: rows are written once and soon deleted.
    """
    CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        type text NOT NULL,
        time timestamptz NOT NULL,
        correlation_id uuid NOT NULL,
        causation_id uuid,
        traceparent text,
        payload bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0)
    """,
    """
    CREATE FUNCTION outbox_told() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN PERFORM pg_notify('outbox', ''); RETURN NULL; END $$
    """,
    "CREATE TRIGGER outbox_told AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_told()",
    """
    CREATE TABLE inbox (
        consumer text NOT NULL,
        source text NOT NULL,
        event_id uuid NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (event_id, consumer, source)
    )
    """,
    "CREATE INDEX inbox_received_at ON inbox USING brin (received_at)",
    """
    CREATE TABLE dead_letter (
        id uuid PRIMARY KEY,
        consumer text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        record_offset bigint NOT NULL,
        record_type text,
        reason text NOT NULL,
        detail text NOT NULL,
        sealed bytea NOT NULL,
        recorded_at timestamptz NOT NULL,
        UNIQUE (consumer, topic, partition, record_offset)
    )
    """,
    """
    CREATE TABLE timer (
        process text NOT NULL,
        step text NOT NULL,
        due timestamptz NOT NULL,
        fired_at timestamptz,
        PRIMARY KEY (process, step, due)
    )
    """,
    "CREATE INDEX timer_due ON timer (due) WHERE fired_at IS NULL",
)
"""Outbox, inbox, dead letters, timers."""
