"""Alembic's entry for pairing."""

from kit.migration_environment import run
from services.pairing.tables import PairingTable

run(PairingTable.metadata)
