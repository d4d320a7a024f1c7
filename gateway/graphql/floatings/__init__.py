"""Floating members, for who may see members."""
