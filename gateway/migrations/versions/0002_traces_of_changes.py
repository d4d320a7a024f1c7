"""The trace in which a change came, so that what a subscriber is told stands in it too."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE public.change ADD COLUMN traceparent text")
