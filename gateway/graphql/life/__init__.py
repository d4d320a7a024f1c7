"""Organisational life: gatherings, what is owed on a day, by which rules and plans."""
