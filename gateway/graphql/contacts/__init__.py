"""Contacts of entities, for who may see members."""
