"""Queries on assessment's tables: schemes, the facts heard, ratings. Batches go by `unnest`, one statement each.

Locks are taken in this order, whoever takes them: the schemes, entities by id, ratings by organisation id.
"""
