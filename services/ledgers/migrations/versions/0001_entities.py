"""The entity ledger with its history, and the kit's tables."""

from alembic import op

from kit import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in schema.V1:
        op.execute(statement)
    op.execute(
        """
        CREATE TABLE entity (
            entity_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            registration_version bigint NOT NULL,
            uscc text NOT NULL,
            name text NOT NULL,
            kind text NOT NULL,
            state text NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL,
            registered_on date,
            effective_on date NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX entity_division_code ON entity (division_code, entity_id)")
    op.execute(
        """
        CREATE TABLE entity_history (
            entity_id uuid NOT NULL,
            registration_version bigint NOT NULL,
            uscc text NOT NULL,
            name text NOT NULL,
            kind text NOT NULL,
            state text NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL,
            registered_on date,
            effective_on date NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (entity_id, registration_version)
        )
        """
    )
