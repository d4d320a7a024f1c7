"""Who does the work, organisations, members, coverage."""

from alembic import op

from kit import schema

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    *schema.LINES_V1,
    """
    CREATE TABLE line_history (
        aggregate text NOT NULL,
        id text NOT NULL,
        version bigint NOT NULL,
        state jsonb NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (aggregate, id, version)
    )
    """,
    """
    CREATE TABLE organisation (
        organisation_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        name text NOT NULL,
        form text NOT NULL,
        external boolean NOT NULL,
        mode text,
        superior_id uuid,
        association_id uuid,
        division_code text NOT NULL,
        bureau text NOT NULL,
        state text NOT NULL,
        founded_on date,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX organisation_division_code ON organisation (division_code, organisation_id)",
    "CREATE INDEX organisation_superior ON organisation (superior_id)",
    """
    CREATE TABLE organisation_entity (
        organisation_id uuid NOT NULL,
        entity_id uuid NOT NULL,
        PRIMARY KEY (organisation_id, entity_id)
    )
    """,
    "CREATE INDEX organisation_entity_entity ON organisation_entity (entity_id)",
    """
    CREATE TABLE organisation_history (
        organisation_id uuid NOT NULL,
        version bigint NOT NULL,
        state jsonb NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (organisation_id, version)
    )
    """,
    """
    CREATE TABLE person (
        person_id uuid PRIMARY KEY,
        wrapped_key bytea NOT NULL,
        sealed_name bytea NOT NULL
    )
    """,
    """
    CREATE TABLE member (
        member_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        masked_name text,
        standing text,
        state text NOT NULL,
        workplace_entity_id uuid,
        workplace_since date,
        relation_organisation_id uuid,
        relation_since date,
        management_organisation_id uuid,
        management_since date,
        division_code text NOT NULL,
        bureau text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX member_workplace ON member (workplace_entity_id) WHERE state = 'ACTIVE'",
    "CREATE INDEX member_relation ON member (relation_organisation_id) WHERE state = 'ACTIVE'",
    "CREATE INDEX member_management ON member (management_organisation_id) WHERE state = 'ACTIVE'",
    """
    CREATE TABLE member_history (
        member_id uuid NOT NULL,
        version bigint NOT NULL,
        state jsonb NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (member_id, version)
    )
    """,
    """
    CREATE TABLE membership (
        organisation_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        related integer NOT NULL,
        managed integer NOT NULL,
        related_and_managed integer NOT NULL,
        full_related integer NOT NULL,
        full_managed integer NOT NULL,
        division_code text NOT NULL,
        bureau text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE assignment (
        assignment_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        target text NOT NULL,
        target_id uuid NOT NULL,
        cadre_id uuid NOT NULL,
        role text NOT NULL,
        state text NOT NULL
    )
    """,
    "CREATE INDEX assignment_target ON assignment (target_id) WHERE state = 'ACTIVE'",
    """
    CREATE TABLE coverage (
        entity_id uuid PRIMARY KEY,
        version bigint NOT NULL,
        uscc text NOT NULL,
        kind text NOT NULL,
        state text NOT NULL,
        full_members integer NOT NULL,
        probationary_members integer NOT NULL,
        organisation_coverage text NOT NULL,
        organisation_ids uuid[] NOT NULL,
        work_coverage boolean NOT NULL,
        duty text NOT NULL,
        must_found_since date,
        division_code text NOT NULL,
        bureau text NOT NULL,
        effective_on date NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
