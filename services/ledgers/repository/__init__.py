"""Queries on the ledgers' tables, a module a ledger. Batches go by `unnest`, one statement each."""
