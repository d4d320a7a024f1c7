"""Schemes and ratings of the fortress index."""
