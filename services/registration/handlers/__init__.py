"""The use cases of registration: load, decide, store, tell."""
