"""The first build of the read model, the pointer to it, the log of changes, and the kit's tables."""

from alembic import op

from gateway import read_model
from gateway.changes import log
from kit import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in schema.V1:
        op.execute(statement)
    op.execute(read_model.POINTER_TABLE)
    for statement in log.TABLES:
        op.execute(statement)
    read_model.create(op.get_bind(), "model_1")
    read_model.switch(op.get_bind(), "model_1")
