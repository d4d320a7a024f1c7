"""Processes, classification of entities, markets with their stalls, papers of online registration."""

from alembic import op

from kit import schema

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    *schema.PROCESSES_V1,
    "ALTER TABLE entity ADD COLUMN classified_as text",
    """
    CREATE TABLE market (
        market_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        name text NOT NULL,
        operator_entity_id uuid NOT NULL,
        operator_uscc text NOT NULL,
        state text NOT NULL,
        division_code text NOT NULL,
        bureau text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX market_operator ON market (operator_entity_id) WHERE state = 'OPEN'",
    """
    CREATE TABLE stall (
        stall_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        market_id uuid NOT NULL,
        entity_id uuid NOT NULL,
        number text NOT NULL,
        since date NOT NULL,
        until date,
        state text NOT NULL,
        division_code text NOT NULL,
        bureau text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX stall_number ON stall (market_id, number) WHERE state = 'OCCUPIED'",
    "CREATE INDEX stall_entity ON stall (entity_id) WHERE state = 'OCCUPIED'",
    """
    CREATE TABLE household_application (
        process_id uuid PRIMARY KEY,
        name text NOT NULL,
        business_scope text,
        address text,
        sealed_applicant bytea NOT NULL
    )
    """,
    # Who looked at an applicant must be known for longer than the application.
    """
    CREATE TABLE applicant_look (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        process_id uuid NOT NULL,
        looked_by text NOT NULL,
        purpose text NOT NULL,
        looked_at timestamptz NOT NULL
    )
    """,
)


def upgrade() -> None:
    """Create the tables, and the column of what an entity was classified as."""
    for statement in STATEMENTS:
        op.execute(statement)
