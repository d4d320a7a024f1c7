"""The code of an organisation, and which rows of files were taken in."""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    "ALTER TABLE organisation ADD COLUMN code text",
    "CREATE UNIQUE INDEX organisation_code ON organisation (code)",
    # The digest is keyed: that of a short file with an ID number in it could be guessed.
    """
    CREATE TABLE imported_row (
        digest bytea NOT NULL,
        ordinal bigint NOT NULL,
        line bigint NOT NULL,
        aggregate text NOT NULL,
        aggregate_id uuid NOT NULL,
        outcome text NOT NULL,
        imported_by text NOT NULL,
        imported_at timestamptz NOT NULL,
        PRIMARY KEY (digest, ordinal)
    )
    """,
    "CREATE INDEX imported_row_aggregate ON imported_row (aggregate_id)",
    "CREATE INDEX entity_uscc ON entity (uscc)",
)


def upgrade() -> None:
    """Add the column and the table."""
    for statement in STATEMENTS:
        op.execute(statement)
