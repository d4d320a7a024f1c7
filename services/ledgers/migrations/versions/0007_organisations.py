"""What an organisation is made of, and until when one should be founded."""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    """
    ALTER TABLE organisation
        ADD COLUMN industry text,
        ADD COLUMN secretary_id uuid,
        ADD COLUMN committee jsonb,
        ADD COLUMN last_elected_on date,
        ADD COLUMN election_due_on date,
        ADD COLUMN election_put_off_to date,
        ADD COLUMN full_time_workers integer,
        ADD COLUMN funds jsonb,
        ADD COLUMN venues jsonb,
        ADD COLUMN demonstration text,
        ADD COLUMN standardisation_pilot boolean
    """,
    "CREATE INDEX organisation_committee ON organisation USING gin (committee jsonb_path_ops)",
    "ALTER TABLE coverage ADD COLUMN must_found_due date",
    # An organisation takes part in one reorganisation at a time, as what is merged or as what it is merged into.
    """
    CREATE INDEX process_target ON process ((told ->> 'target_id'))
    WHERE under_way AND topic = 'ledgers-reorganisation'
    """,
)


def upgrade() -> None:
    """Add the columns and the index."""
    for statement in STATEMENTS:
        op.execute(statement)
