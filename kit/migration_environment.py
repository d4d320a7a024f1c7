"""What every service's `migrations/env.py` does: run on the connection that `kit.migrations` opened."""

from alembic import context
from sqlalchemy import Connection, MetaData


def run(metadata: MetaData) -> None:
    """Run the migrations on the given connection, in its transaction.

    Raises:
        TypeError: there is no connection: migrations run through `lianhe migrate`.
    """
    connection = context.config.attributes.get("connection")
    if not isinstance(connection, Connection):
        raise TypeError("no connection: run `lianhe migrate`")
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
