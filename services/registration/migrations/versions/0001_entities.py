"""Entities, the files they came from, and the kit's tables."""

from alembic import op

from kit import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in (*schema.V1, *schema.LINES_V1):
        op.execute(statement)
    op.execute(
        """
        CREATE TABLE entity (
            id uuid PRIMARY KEY,
            uscc text NOT NULL UNIQUE,
            version bigint NOT NULL,
            content_hash bytea NOT NULL,
            name text NOT NULL,
            kind text NOT NULL,
            state text NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL,
            registered_on date,
            legal_form text,
            capital_amount numeric(20, 4),
            capital_currency text,
            business_scope text,
            address text,
            effective_on date NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE imported_file (
            digest bytea NOT NULL,
            reader smallint NOT NULL,
            name text NOT NULL,
            done bigint NOT NULL,
            new bigint NOT NULL,
            changed bigint NOT NULL,
            unchanged bigint NOT NULL,
            rejected bigint NOT NULL,
            started_at timestamptz NOT NULL,
            finished_at timestamptz,
            PRIMARY KEY (digest, reader)
        )
        """
    )
