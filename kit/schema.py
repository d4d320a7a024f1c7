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
        record_key text,
        record_type text,
        reason text NOT NULL,
        detail text NOT NULL,
        sealed bytea NOT NULL,
        recorded_at timestamptz NOT NULL,
        state text NOT NULL DEFAULT 'SET_ASIDE'
            CHECK (state IN ('SET_ASIDE', 'ASKED_FOR', 'REDRIVEN', 'FAILED_AGAIN')),
        tries integer NOT NULL DEFAULT 0,
        first_reason text,
        first_detail text,
        asked_by text,
        asked_at timestamptz,
        redriven_at timestamptz,
        UNIQUE (consumer, topic, partition, record_offset),
        CHECK (state <> 'ASKED_FOR' OR (asked_by IS NOT NULL AND asked_at IS NOT NULL))
    )
    """,
    """
    CREATE INDEX dead_letter_asked_for ON dead_letter (consumer, topic, partition, record_offset)
        WHERE state = 'ASKED_FOR'
    """,
    "CREATE INDEX dead_letter_recorded_at ON dead_letter (recorded_at, id)",
    "CREATE INDEX dead_letter_record_key ON dead_letter (record_key)",
    """
    CREATE TABLE dead_letter_try (
        dead_letter_id uuid NOT NULL REFERENCES dead_letter,
        number integer NOT NULL,
        outcome text NOT NULL,
        reason text,
        detail text,
        asked_by text NOT NULL,
        asked_at timestamptz NOT NULL,
        tried_at timestamptz NOT NULL,
        PRIMARY KEY (dead_letter_id, number)
    )
    """,
    # No reference to the dead letter: who looked must be known for longer than what was seen.
    """
    CREATE TABLE dead_letter_look (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        dead_letter_id uuid NOT NULL,
        looked_by text NOT NULL,
        purpose text NOT NULL,
        looked_at timestamptz NOT NULL,
        logged_at timestamptz
    )
    """,
    "CREATE INDEX dead_letter_look_unlogged ON dead_letter_look (id) WHERE logged_at IS NULL",
    """
    CREATE TABLE timer (
        process text NOT NULL,
        step text NOT NULL,
        due timestamptz NOT NULL,
        fired_at timestamptz,
        PRIMARY KEY (process, step, due)
    )
    """,
    """
    CREATE TABLE command (
        caller text NOT NULL,
        key text NOT NULL,
        payload_hash bytea NOT NULL,
        status smallint,
        answer bytea,
        received_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (caller, key)
    )
    """,
    "CREATE INDEX command_received_at ON command USING brin (received_at)",
    "CREATE INDEX timer_due ON timer (due) WHERE fired_at IS NULL",
)
"""Outbox, inbox, dead letters, commands, timers."""

LINES_V1: Final = (
    """
    CREATE TABLE division (
        division_code text PRIMARY KEY,
        version bigint NOT NULL,
        name text NOT NULL,
        level text NOT NULL,
        parent_code text,
        state text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE bureau (
        bureau_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        parent_id uuid,
        bureau text NOT NULL,
        division_code text NOT NULL,
        state text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE association (
        association_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        name text NOT NULL,
        parent_id uuid,
        bureau text NOT NULL,
        division_code text NOT NULL,
        state text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE cadre (
        cadre_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        bureau_id uuid,
        association_id uuid,
        bureau text NOT NULL,
        division_code text NOT NULL,
        state text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE mandate (
        mandate_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        subject text NOT NULL,
        cadre_id uuid,
        role text NOT NULL,
        bureau text,
        division_code text NOT NULL,
        valid_from date NOT NULL,
        valid_until date,
        state text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX mandate_subject ON mandate (subject)",
)
"""What a service keeps of divisions, bureaus, associations, cadres and mandates (`kit.lines`)."""

PROCESSES_V1: Final = (
    """
    CREATE TABLE process (
        process_id uuid PRIMARY KEY,
        topic text NOT NULL,
        subject_id text NOT NULL,
        version bigint NOT NULL,
        state text NOT NULL,
        under_way boolean NOT NULL,
        due_at timestamptz,
        correlation_id uuid NOT NULL,
        told jsonb NOT NULL
    )
    """,
    "CREATE INDEX process_subject ON process (subject_id, topic) WHERE under_way",
    # What a step was given may name people, so it is sealed; who took it is an id at the issuer of tokens.
    """
    CREATE TABLE process_step (
        process_id uuid NOT NULL,
        version bigint NOT NULL,
        action text NOT NULL,
        taken_by text,
        taken_as text,
        sealed_note bytea,
        sealed_on_behalf_of bytea,
        told jsonb NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (process_id, version)
    )
    """,
)
"""Processes that go by a machine (`kit.processes`), and every step of them."""

EVIDENCE_V1: Final = (
    """
    CREATE TABLE evidence (
        evidence_id uuid PRIMARY KEY,
        uploaded_by text NOT NULL,
        sha256 bytea NOT NULL,
        media_type text NOT NULL,
        size bigint NOT NULL,
        sealed_name bytea NOT NULL,
        sealed bytea NOT NULL,
        uploaded_at timestamptz NOT NULL,
        UNIQUE (uploaded_by, sha256)
    )
    """,
    # What is sealed can't be compressed.
    "ALTER TABLE evidence ALTER COLUMN sealed SET STORAGE EXTERNAL",
    "CREATE INDEX evidence_uploaded_at ON evidence (uploaded_at)",
    """
    CREATE TABLE evidence_use (
        evidence_id uuid NOT NULL REFERENCES evidence,
        aggregate text NOT NULL,
        aggregate_id text NOT NULL,
        attached_by text NOT NULL,
        attached_at timestamptz NOT NULL,
        PRIMARY KEY (evidence_id, aggregate, aggregate_id)
    )
    """,
    "CREATE INDEX evidence_use_aggregate ON evidence_use (aggregate, aggregate_id)",
    # No reference to the file: who was given it must be known for longer than it is kept.
    """
    CREATE TABLE evidence_look (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        evidence_id uuid NOT NULL,
        aggregate text,
        aggregate_id text,
        looked_by text NOT NULL,
        looked_as text NOT NULL,
        looked_at timestamptz NOT NULL
    )
    """,
)
"""Evidence files (`kit.evidence`), which records carry them, and who was given one."""
