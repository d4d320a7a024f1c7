"""Annual reports, what in them differs from the ledgers, and who has not filed."""
