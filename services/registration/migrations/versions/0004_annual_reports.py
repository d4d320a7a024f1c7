"""Annual reports with their filings, and what the ledgers know of those who file."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    """
    CREATE TABLE annual_report (
        report_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        entity_id uuid NOT NULL,
        year bigint NOT NULL,
        state text NOT NULL,
        filed_on date NOT NULL,
        due_on date NOT NULL,
        late boolean NOT NULL,
        edition text NOT NULL,
        employees bigint,
        full_members bigint,
        probationary_members bigint,
        has_organisation boolean,
        has_secretary boolean,
        wishes_guidance boolean,
        division_code text NOT NULL,
        bureau text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX annual_report_entity_year ON annual_report (entity_id, year)",
    """
    CREATE TABLE annual_report_filing (
        report_id uuid NOT NULL,
        version bigint NOT NULL,
        filed_by text NOT NULL,
        filed_as text NOT NULL,
        sealed_note bytea,
        sealed_on_behalf_of bytea,
        told jsonb NOT NULL,
        PRIMARY KEY (report_id, version)
    )
    """,
    """
    CREATE TABLE coverage (
        entity_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        full_members bigint NOT NULL,
        probationary_members bigint NOT NULL,
        organisation_coverage text NOT NULL,
        organisation_ids jsonb NOT NULL
    )
    """,
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
