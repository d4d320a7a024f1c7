"""Organisational life, contacts, evidence files."""

from alembic import op

from kit import schema

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    *schema.EVIDENCE_V1,
    "ALTER TABLE organisation ADD COLUMN has_committee boolean, ADD COLUMN groups integer",
    """
    CREATE TABLE gathering (
        gathering_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        organisation_id uuid NOT NULL,
        kind text NOT NULL,
        audience text,
        held_on date NOT NULL,
        place text NOT NULL,
        topics jsonb NOT NULL,
        expected integer NOT NULL,
        present integer NOT NULL,
        term_until date,
        postponed_until date,
        evidence_ids jsonb NOT NULL,
        state text NOT NULL,
        division_code text NOT NULL,
        bureau text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX gathering_organisation ON gathering (organisation_id, held_on)",
    # What was stated in free text may name people, so it is sealed; who stated it is an id at the issuer of tokens.
    """
    CREATE TABLE gathering_history (
        gathering_id uuid NOT NULL,
        version bigint NOT NULL,
        state jsonb NOT NULL,
        stated_by text NOT NULL,
        stated_as text NOT NULL,
        sealed_agenda bytea,
        sealed_on_behalf_of bytea,
        sealed_note bytea,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (gathering_id, version)
    )
    """,
    """
    CREATE TABLE life_rule (
        rule_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        duty text NOT NULL,
        forms jsonb NOT NULL,
        period text NOT NULL,
        times integer NOT NULL,
        committee_from integer,
        term_years integer,
        shift_months integer,
        source text NOT NULL,
        source_zh text NOT NULL,
        valid_from date NOT NULL,
        valid_until date,
        recorded_at timestamptz NOT NULL,
        UNIQUE (duty, valid_from)
    )
    """,
    """
    CREATE TABLE training_plan (
        plan_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        division_code text NOT NULL,
        year integer NOT NULL,
        sessions integer NOT NULL,
        recorded_at timestamptz NOT NULL,
        UNIQUE (division_code, year)
    )
    """,
    """
    CREATE TABLE life_history (
        aggregate text NOT NULL,
        id uuid NOT NULL,
        version bigint NOT NULL,
        state jsonb NOT NULL,
        stated_by text NOT NULL,
        stated_as text NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (aggregate, id, version)
    )
    """,
    """
    CREATE TABLE contact (
        contact_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        masked_name text,
        entity_id uuid,
        role text,
        party_member text,
        since date,
        until date,
        state text NOT NULL,
        division_code text,
        bureau text,
        effective_on date,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX contact_entity ON contact (entity_id)",
    """
    CREATE TABLE contact_history (
        contact_id uuid NOT NULL,
        version bigint NOT NULL,
        state jsonb NOT NULL,
        stated_by text,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (contact_id, version)
    )
    """,
)


def upgrade() -> None:
    """Create the tables, and what an organisation may say of its committee and its groups."""
    for statement in STATEMENTS:
        op.execute(statement)
