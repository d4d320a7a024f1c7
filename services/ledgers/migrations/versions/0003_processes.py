"""Processes by their machines."""

from alembic import op

from kit import schema

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables of processes."""
    for statement in schema.PROCESSES_V1:
        op.execute(statement)
