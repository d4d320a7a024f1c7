"""Assigned cadres, suggested partners, alliances."""
