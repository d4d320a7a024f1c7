"""The two coverages of entities, and their figures."""
