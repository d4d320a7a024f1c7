"""Facts that the ledgers tell, a module a ledger 台账."""
