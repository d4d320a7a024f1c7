"""The ledgers over HTTP: commands, and states with the version that a command expects."""
