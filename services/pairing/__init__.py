"""Pairing 结对: who is assigned where, which organisation should help whom, and which alliances there are."""
