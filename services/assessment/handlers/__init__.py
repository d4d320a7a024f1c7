"""The use cases of assessment: load, decide, store, tell."""
