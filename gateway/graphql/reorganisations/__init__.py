"""Reorganisations of organisations: founding, renaming, merging, dissolving."""
