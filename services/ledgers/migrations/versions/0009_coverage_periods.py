"""Since when and until when entities were covered by what, every state of their coverage, and days of assignments."""

from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS = (
    "ALTER TABLE coverage ADD COLUMN periods jsonb NOT NULL DEFAULT '[]'",
    "ALTER TABLE coverage ALTER COLUMN periods DROP DEFAULT",
    """
    CREATE TABLE coverage_history (
        entity_id uuid NOT NULL,
        version bigint NOT NULL,
        state jsonb NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (entity_id, version)
    )
    """,
    "ALTER TABLE assignment ADD COLUMN starts_on date, ADD COLUMN ended_on date",
    # Those that have ended count for the days before.
    "DROP INDEX assignment_target",
    "CREATE INDEX assignment_target ON assignment (target_id)",
    # Who ever worked at an entity.
    "CREATE INDEX member_history_workplace ON member_history ((state ->> 'workplace_entity_id'))",
)


def upgrade() -> None:
    """Add the columns, the table and the indexes."""
    for statement in STATEMENTS:
        op.execute(statement)
