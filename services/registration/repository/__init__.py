"""Queries on registration's tables, a module an aggregate."""
