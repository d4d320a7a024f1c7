"""Pydantic models of every event, one module a producing service: the only source of truth for shapes."""
