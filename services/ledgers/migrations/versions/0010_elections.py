"""The election that the profile of an organisation states, beside those that are held as gatherings."""

from alembic import op

revision = "0010"
down_revision = "0009"

STATEMENTS = (
    """
    CREATE TABLE stated_election (
        organisation_id uuid PRIMARY KEY,
        last_on date NOT NULL,
        put_off_to date
    )
    """,
    """
    INSERT INTO stated_election (organisation_id, last_on, put_off_to)
    SELECT organisation_id, last_elected_on, election_put_off_to FROM organisation WHERE last_elected_on IS NOT NULL
    """,
)


def upgrade() -> None:
    """Create the table; what is known so far was stated."""
    for statement in STATEMENTS:
        op.execute(statement)
