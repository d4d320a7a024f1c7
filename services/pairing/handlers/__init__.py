"""The use cases of pairing: load, decide, store, tell."""
