"""Visits, namings and questionnaires."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE visit (
            visit_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            cadre_id uuid NOT NULL,
            target text NOT NULL,
            target_id uuid NOT NULL,
            uscc text,
            purpose text NOT NULL,
            visited_on date NOT NULL,
            state text NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL,
            effective_on date NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX visit_once ON visit (cadre_id, visited_on, target_id) WHERE state = 'RECORDED'")
    op.execute(
        """
        CREATE TABLE naming (
            naming_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            kind text NOT NULL,
            entity_id uuid NOT NULL,
            uscc text NOT NULL,
            document text,
            named_on date NOT NULL,
            withdrawn_on date,
            state text NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL,
            effective_on date NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX naming_once ON naming (entity_id, kind) WHERE state = 'NAMED'")
    op.execute(
        """
        CREATE TABLE questionnaire (
            questionnaire_id uuid PRIMARY KEY,
            version bigint NOT NULL,
            association_id uuid NOT NULL,
            subject text NOT NULL,
            handed_out integer NOT NULL,
            handed_out_on date NOT NULL,
            returned integer,
            state text NOT NULL,
            division_code text NOT NULL,
            bureau text NOT NULL,
            effective_on date NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """
    )
