"""Alembic's entry for assessment."""

from kit.migration_environment import run
from services.assessment.tables import AssessmentTable

run(AssessmentTable.metadata)
