"""Assignments, suggestions, alliances, copies of what they rest on, and the kit's tables."""

from alembic import op

from kit import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in (*schema.V1, *schema.LINES_V1):
        op.execute(statement)
    op.execute(
        """
        CREATE TABLE assignment (
            assignment_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            cadre_id uuid NOT NULL,
            role text NOT NULL,
            target text NOT NULL,
            target_id uuid NOT NULL,
            uscc text,
            state text NOT NULL,
            starts_on date NOT NULL,
            ended_on date,
            division_code text NOT NULL,
            bureau text NOT NULL,
            effective_on date NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX assignment_active ON assignment (cadre_id, role, target_id) WHERE state = 'ACTIVE'")
    op.execute(
        """
        CREATE TABLE suggestion (
            entity_id uuid PRIMARY KEY,
            suggestion_id uuid NOT NULL,
            version bigint NOT NULL,
            coverage_version bigint NOT NULL,
            uscc text NOT NULL,
            partner_organisation_id uuid,
            reasons jsonb NOT NULL,
            state text NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL,
            effective_on date NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX suggestion_open ON suggestion (partner_organisation_id) WHERE state = 'OPEN'")
    op.execute(
        """
        CREATE TABLE alliance (
            alliance_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            name text NOT NULL,
            parties jsonb NOT NULL,
            state text NOT NULL,
            formed_on date NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL,
            effective_on date NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE entity (
            entity_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            uscc text NOT NULL,
            name text NOT NULL,
            kind text NOT NULL,
            state text NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE organisation (
            organisation_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            external boolean NOT NULL,
            entity_ids jsonb NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL,
            state text NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE rating (
            rating_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            organisation_id uuid NOT NULL,
            points numeric(8, 2) NOT NULL,
            band text NOT NULL,
            state text NOT NULL,
            effective_on date NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX rating_organisation_id ON rating (organisation_id)")
