"""Queries on pairing's tables, a module an aggregate. Batches go by `unnest`, one statement each."""
