"""Subscriptions: what changes, told in order of position, read by the same declarations as everything else."""
