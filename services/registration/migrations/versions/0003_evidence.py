"""Evidence files."""

from alembic import op

from kit import schema

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables of evidence files."""
    for statement in schema.EVIDENCE_V1:
        op.execute(statement)
