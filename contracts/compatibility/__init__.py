"""Compares the contracts with the ones released last, and stops what would break somebody: `docs/contracts.md`."""
