"""Specialised markets and their stalls."""
