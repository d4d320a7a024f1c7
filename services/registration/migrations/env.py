"""Alembic's entry for registration."""

from kit.migration_environment import run
from services.registration.tables import RegistrationTable

run(RegistrationTable.metadata)
