"""Schemes, ratings, the facts that these rest on, and the kit's tables."""

from alembic import op

from kit import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in (*schema.V1, *schema.LINES_V1):
        op.execute(statement)
    op.execute(
        """
        CREATE TABLE scheme (
            scheme_id uuid NOT NULL,
            version bigint NOT NULL,
            name text NOT NULL,
            name_zh text NOT NULL,
            source text NOT NULL,
            parts jsonb NOT NULL,
            bands jsonb NOT NULL,
            valid_from date NOT NULL,
            valid_until date,
            taken_up boolean NOT NULL,
            told_as uuid NOT NULL,
            correlation_id uuid NOT NULL,
            traceparent text,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (scheme_id, version)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE organisation (
            organisation_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            external boolean NOT NULL,
            state text NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE organisation_entity (
            organisation_id uuid NOT NULL,
            entity_id uuid NOT NULL,
            PRIMARY KEY (organisation_id, entity_id)
        )
        """
    )
    op.execute("CREATE INDEX organisation_entity_entity_id ON organisation_entity (entity_id)")
    op.execute(
        """
        CREATE TABLE membership (
            organisation_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            related bigint NOT NULL,
            managed bigint NOT NULL,
            related_and_managed bigint NOT NULL,
            full_related bigint NOT NULL,
            full_managed bigint NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE coverage (
            entity_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            organisation_coverage text NOT NULL,
            work_coverage boolean NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE rating (
            organisation_id uuid PRIMARY KEY,
            rating_id uuid NOT NULL UNIQUE,
            version bigint NOT NULL,
            scheme_id uuid NOT NULL,
            scheme_version bigint,
            points numeric(8, 2),
            band text,
            evidence jsonb,
            state text,
            division_code text,
            bureau text,
            effective_on date,
            recorded_at timestamptz
        )
        """
    )
