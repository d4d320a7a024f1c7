"""Visits, namings, questionnaires."""
