"""Transfers of members, for who may see members."""
