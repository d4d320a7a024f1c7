"""Why members left, quotas of development, posts and honours."""

from alembic import op

revision = "0004"
down_revision = "0003"

_STATEMENTS = (
    "ALTER TABLE member ADD COLUMN leaving_reason text",
    """
    CREATE TABLE quota (
        quota_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        organisation_id uuid NOT NULL,
        year integer NOT NULL,
        places integer NOT NULL,
        taken integer NOT NULL,
        division_code text NOT NULL,
        bureau text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT quota_organisation_year UNIQUE (organisation_id, year),
        CHECK (taken BETWEEN 0 AND places)
    )
    """,
    """
    CREATE TABLE post (
        post_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        member_id uuid,
        kind text NOT NULL,
        organisation_id uuid,
        entity_id uuid,
        since date NOT NULL,
        until date,
        state text NOT NULL,
        division_code text NOT NULL,
        bureau text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX post_member ON post (member_id) WHERE member_id IS NOT NULL",
    """
    CREATE TABLE honour (
        honour_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        member_id uuid,
        kind text NOT NULL,
        level text NOT NULL,
        year integer NOT NULL,
        awarded_by text NOT NULL,
        state text NOT NULL,
        division_code text NOT NULL,
        bureau text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX honour_member ON honour (member_id) WHERE member_id IS NOT NULL",
)


def upgrade() -> None:
    """Create what the ledgers keep of these."""
    for statement in _STATEMENTS:
        op.execute(statement)
