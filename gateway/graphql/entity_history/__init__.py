"""The history of entities, which their owner keeps: asked of the ledgers with the caller's own token."""
