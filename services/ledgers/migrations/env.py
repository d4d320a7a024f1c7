"""Alembic's entry for ledgers."""

from kit.migration_environment import run
from services.ledgers.tables import LedgersTable

run(LedgersTable.metadata)
