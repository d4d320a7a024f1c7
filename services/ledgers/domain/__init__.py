"""What the ledgers decide: pure, without I/O."""
