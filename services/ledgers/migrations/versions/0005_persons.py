"""ID and telephone numbers, what members are found by, who looked, and whose data were erased."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    "ALTER TABLE person ADD COLUMN sealed_id_number bytea",
    "ALTER TABLE person ADD COLUMN sealed_telephone bytea",
    "ALTER TABLE person ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now()",
    "ALTER TABLE person ALTER COLUMN recorded_at DROP DEFAULT",
    "ALTER TABLE person ADD COLUMN merged_into uuid",
    "CREATE INDEX person_merged_into ON person (merged_into)",
    "ALTER TABLE member ADD COLUMN born_in text",
    "ALTER TABLE member ADD COLUMN merged_into uuid",
    """
    CREATE TABLE person_index (
        person_id uuid NOT NULL,
        kind text NOT NULL,
        digest bytea NOT NULL,
        member_id uuid NOT NULL,
        PRIMARY KEY (person_id, kind)
    )
    """,
    "CREATE UNIQUE INDEX person_index_id_number ON person_index (digest) WHERE kind = 'ID_NUMBER'",
    "CREATE INDEX person_index_digest ON person_index (digest)",
    "CREATE INDEX person_index_member ON person_index (member_id)",
    # No reference to the member: who looked must be known for longer than what was seen.
    """
    CREATE TABLE person_look (
        look_id uuid PRIMARY KEY,
        kind text NOT NULL,
        looked_by text NOT NULL,
        looked_as text NOT NULL,
        division_code text NOT NULL,
        purpose text NOT NULL,
        sealed_reason bytea,
        fields_looked_at text[] NOT NULL,
        member_ids uuid[] NOT NULL,
        correlation_id uuid NOT NULL,
        looked_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX person_look_looked_at ON person_look (looked_at)",
    "CREATE INDEX person_look_members ON person_look USING gin (member_ids)",
    """
    CREATE TABLE erasure (
        member_id uuid PRIMARY KEY,
        division_code text NOT NULL,
        erased_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        done_at timestamptz
    )
    """,
    "CREATE INDEX erasure_division_code ON erasure (division_code, member_id)",
)


def upgrade() -> None:
    """Add what names people in full, and what is noted about looking at it and erasing it."""
    for statement in STATEMENTS:
        op.execute(statement)
