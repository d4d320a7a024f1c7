"""The use cases of the ledgers: load, decide, store, tell."""
